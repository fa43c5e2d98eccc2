"""Course packs that somebody uploads as a ZIP: unpacked where nobody else reads, looked at, and
taken in or thrown away."""

import json
import shutil
import uuid
import zipfile
from dataclasses import dataclass
from pathlib import Path
from time import time
from typing import BinaryIO, Final

from django.conf import settings
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.exchange.documents import PackageRefused, printable
from lms.manuals.exchange.packages import BROKEN, refuse_strange, told_entries
from lms.packs.disk import refuse_without_room
from lms.packs.exchange.document import DOCUMENT_NAME, FOLDER
from lms.packs.exchange.parsing import read_document
from lms.packs.manifest import MANIFEST, SIGNATURE, parsed, read_bytes, verify
from lms.packs.paths import is_fit, refuse_clashes
from lms.packs.refusals import PackError
from lms.packs.signing import MOST_BYTES, StrangersPack, check, check_strangers

MOST_ENTRIES: Final = 50_000
MOST_FILE_BYTES: Final = 4 * 2**30
MOST_UNPACKED_BYTES: Final = 64 * 2**30
BLOCK_BYTES: Final = 2**20
#: What was uploaded and never taken in goes after so long.
KEPT_SECONDS: Final = 2 * 24 * 3600
#: Beside the pack, never in it.
OWNER: Final = "owner.json"


@dataclass(frozen=True)
class Brought:
    """An upload that lies unpacked."""

    token: uuid.UUID
    folder: Path
    #: Of the city that signed it, which is trusted here; blank: a stranger's, or nobody's.
    city: str

    @property
    def is_strangers(self) -> bool:
        return not self.city


def brought_folder() -> Path:
    return Path(settings.VAR_DIR) / "brought-packs"


def bring(file: BinaryIO, *, by: User) -> Brought:
    """Unpack an upload. Raises PackError; then nothing of it is left."""
    forget_old()
    token = uuid.uuid4()
    home = brought_folder() / token.hex
    folder = home / "pack"
    try:
        folder.mkdir(parents=True)
        unpack(file, folder)
        read_document(folder)
        city = city_of(folder)
    except BaseException:
        shutil.rmtree(home, ignore_errors=True)
        raise
    (home / OWNER).write_text(json.dumps({"by": by.pk, "city": city}))
    return Brought(token, folder, city)


def find(token: uuid.UUID, *, by: User) -> Brought | None:
    """The upload, for whoever made it; None for anybody else, and once it is gone."""
    home = brought_folder() / token.hex
    try:
        told = json.loads((home / OWNER).read_text())
    except (OSError, ValueError):
        return None
    return Brought(token, home / "pack", told["city"]) if told["by"] == by.pk else None


def forget(brought: Brought) -> None:
    shutil.rmtree(brought.folder.parent, ignore_errors=True)


def forget_old() -> None:
    for home in brought_folder().glob("*"):
        if home.stat().st_mtime < time() - KEPT_SECONDS:
            shutil.rmtree(home, ignore_errors=True)


def unpack(file: BinaryIO, folder: Path) -> None:
    """Into an empty folder. Every name, kind and size is looked at before the first file is
    unpacked, and none gives more than it says. Raises PackError."""
    try:
        with zipfile.ZipFile(file) as archive:
            entries = fit_entries(archive)
            refuse_without_room(folder, sum(entry.file_size for entry in entries.values()))
            for name, entry in entries.items():
                unpack_one(archive, entry, folder / name)
    except PackageRefused as reason:
        raise PackError(str(reason)) from reason
    except BROKEN as error:
        raise PackError(_("这个压缩包坏了，或者不是ZIP。请重新打包，别设密码。")) from error


def fit_entries(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    """By their paths in the pack. Raises PackError, PackageRefused."""
    if len(archive.infolist()) > MOST_ENTRIES:
        raise PackError(_("压缩包里的文件太多了。"))
    told = told_entries(archive)
    if any(name == DOCUMENT_NAME for name, _entry in told):  # of 数据/ alone
        told = [(f"{FOLDER}/{name}", entry) for name, entry in told]
    found: dict[str, zipfile.ZipInfo] = {}
    for name, entry in told:
        if name.endswith("/") and entry.file_size == 0:
            continue
        if not is_fit(name):
            raise PackError(
                _("压缩包里的“%(name)s”不是课程包里的路径，不能收。") % {"name": printable(name)}
            )
        if name in found:
            raise PackError(_("压缩包里有两个“%(name)s”。") % {"name": printable(name)})
        refuse_strange(entry, most=MOST_FILE_BYTES)
        found[name] = entry
    refuse_clashes(found)
    if sum(entry.file_size for entry in found.values()) > MOST_UNPACKED_BYTES:
        raise PackError(_("压缩包里的文件打开以后太大了。"))
    return found


def unpack_one(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    left = entry.file_size
    with archive.open(entry) as content, target.open("xb") as copy:
        while block := content.read(BLOCK_BYTES):
            left -= len(block)
            if left < 0:
                break
            copy.write(block)
    if left:
        raise PackError(_("压缩包里的文件和它说的大小不一样，不能收。"))


def city_of(folder: Path) -> str:
    """Who of the trusted signed it; blank for 数据/ alone and for a stranger's. Raises PackError
    for a pack that is not as its maker left it."""
    if not (folder / MANIFEST).is_file():
        return ""
    content = read_bytes(folder)
    signature = read_bytes(folder, SIGNATURE, most=MOST_BYTES)
    manifest = parsed(content)
    try:
        city = check(content, signature).city
    except StrangersPack:
        check_strangers(content, signature, manifest.keys)
        city = ""
    verify(folder, manifest)
    return city
