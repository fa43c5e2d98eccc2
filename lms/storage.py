"""How static files are collected for serving: joined, named by their content, compressed.

The files of lms/static run as they are; with DEBUG they are served so. `collectstatic` puts the
parts of each of `JOINED` into it, because a television asks for eight files sooner than for fifty.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from django.core.files.base import ContentFile
from whitenoise.compress import Compressor
from whitenoise.storage import CompressedManifestStaticFilesStorage

from lms.joining import join_modules, join_sheets

JOINED: Final = (
    "css/learner.css", "css/staff.css", "css/reports.css", "css/workbench.css", "js/learner.js",
    "offline/list.js",
)  # fmt: skip


class JoinedStaticFilesStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True  # hashed names in what modules import, too

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        #: By name, as pages have them: a lesson asks for thirty, nearly all of them the icons'.
        self.urls: dict[str | None, str] = {}

    def url(self, name: str | None, force: bool = False) -> str:
        """As long as the process lives: whoever collects files starts it again."""
        if name not in self.urls:
            self.urls[name] = super().url(name, force)
        return self.urls[name]

    def post_process(
        self, paths: dict[str, Any], dry_run: bool = False, **options: Any
    ) -> Iterator[tuple[str, str, bool]]:
        if not dry_run:
            for name in JOINED:
                self.save_joined(name, paths)
        yield from super().post_process(paths, dry_run=dry_run, **options)

    def save_joined(self, name: str, paths: dict[str, Any]) -> None:
        def read(part: str) -> str:
            storage, path = paths[part]
            with storage.open(path) as file:
                return str(file.read().decode())

        join = join_sheets if name.endswith(".css") else join_modules
        joined = join(name, read)
        self.delete(name)
        self._save(name, ContentFile(joined.encode()))
        paths[name] = (self, name)

    def create_compressor(self, **options: Any) -> Compressor:
        """gzip alone: browsers ask for Brotli over HTTPS only, where nginx serves these files and
        has gzip (deploy/nginx.conf). It would be most of a first start."""
        return Compressor(use_brotli=False, **options)

    def compress_files(self, paths: Iterable[str]) -> Iterator[tuple[str, str]]:
        """Only those that pages name, which is by their content: one that was compressed before is
        the same still. That is most of a second collectstatic's time."""
        hashed = set(self.hashed_files.values())
        fresh = [p for p in paths if p in hashed and not self.exists(f"{p}.gz")]
        yield from super().compress_files(fresh)
