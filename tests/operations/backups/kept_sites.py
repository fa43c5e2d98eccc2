"""What a site holds, and what becomes of it."""

from hashlib import sha256
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.journeys.conftest import Site

#: Whoever uses a site.
SOMEBODY = (
    "shell", "-v0", "-c",
    "from lms.accounts.models import User; User.objects.create_user('wang', password='1952年')",
)  # fmt: skip
SECRET = "苇塘村学员名单".encode()


def put(site: Site, name: str, content: bytes) -> Path:
    path = site.folder / "media" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def refused(site: Site, *arguments: str) -> str:
    """What a command said that was not done."""
    with pytest.raises(AssertionError) as caught:
        site.manage(*arguments)
    return str(caught.value)


def media(site: Site) -> dict[str, bytes]:
    root = site.folder / "media"
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in root.rglob("*")
        if path.is_file() and path.relative_to(root).parts[0] != "uploads"
    }


def holds(site: Site) -> tuple[list[tuple], dict[str, str]]:
    """Its pages, and its files by digests, which a failed test can print."""
    files = {name: sha256(content).hexdigest() for name, content in media(site).items()}
    return site.rows("SELECT id, title FROM wagtailcore_page ORDER BY id"), files


def users(site: Site) -> list[tuple]:
    return site.rows("SELECT id, password FROM accounts_user ORDER BY id")


def databases(site: Site) -> set[tuple]:
    """Those of the site; of a server only these, since it has those of other tests too."""
    if url := site.environment["DATABASE_URL"]:
        own = urlsplit(url).path[1:]
        found = site.rows("SELECT datname FROM pg_database")
        return {(name,) for (name,) in found if name.startswith(own)}
    return {(path.name,) for path in site.folder.glob("*.sqlite3*")}


def work_folders(site: Site) -> list[Path]:
    return list((site.folder / "work").glob("*"))


def contents(store: Path) -> set[Path]:
    return set(store.glob("??/*"))


def newest(folder: Path) -> list[Path]:
    return sorted(folder.glob("yinling-2*.tar"))[-1:]
