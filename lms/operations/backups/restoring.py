"""A backup tried out, or brought back: filled into a place beside the site's, then compared."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.conf import settings
from django.core.cache import cache
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader
from django.utils.translation import gettext as _
from tqdm import tqdm

from lms.accounts.models import User
from lms.operations.backups import sealing
from lms.operations.backups.archive import DATABASE, MEDIA, Manifest, extract, read_manifest
from lms.operations.backups.digests import Digest, digest_of
from lms.operations.backups.engines import DatabaseEngine, engine
from lms.operations.backups.refusals import BackupRefused, Damaged, in_plain_words
from lms.operations.backups.store import ASIDE, COMING, Store, read_list
from media.pipeline.scratch import scratch_folder


class OpenedBackup:
    """A backup that fits this site, to be filled into places beside the site's."""

    def __init__(self, file: Path, scratch: Path, identity: Path | None) -> None:
        self.file, self.scratch, self.identity = file.absolute(), scratch, identity
        self.manifest = read_manifest(self.file)
        self.store = Store(self.file, self.manifest.recipient)
        self.database = engine()
        self._refuse_unfit(self.database)
        self._refuse_incomplete()

    def _refuse_unfit(self, database: DatabaseEngine) -> None:
        theirs = self.manifest
        if theirs.engine != database.name:
            raise BackupRefused(
                _("这份备份来自 %(theirs)s，这里用的是 %(ours)s。请先改 DATABASE_URL。")
                % {"theirs": theirs.engine, "ours": database.name}
            )
        if database.name == "postgresql" and theirs.engine_version > database.version():
            raise BackupRefused(
                _("这份备份来自 PostgreSQL %(theirs)d，这里是更旧的 %(ours)d。请先升级数据库。")
                % {"theirs": theirs.engine_version, "ours": database.version()}
            )
        if not set(theirs.migrations) <= our_migrations():
            raise BackupRefused(
                _(
                    "这里的程序不认识这份备份的数据库，它是 %(version)s 版做的。"
                    "请用那一版恢复，再换成别的版本。"
                )
                % {"version": theirs.version}
            )

    def _refuse_incomplete(self) -> None:
        objects = self.manifest.objects or {}
        missing = sum(self.store.lacks(name, size) for name, size in objects.items())
        if missing:
            raise Damaged(
                self.file,
                _("旁边的文件夹 %(folder)s 里缺 %(count)d 个文件")
                % {"folder": self.store.folder.name, "count": missing},
            )

    def member(self, start: str) -> Path:
        """The plain content of the one whose name begins so."""
        [name] = [name for name in self.manifest.members if name.startswith(start)]
        stored = self.scratch / name
        extract(self.file, self.manifest, name, stored)
        if not self.manifest.recipient:
            return stored
        plain = self.scratch / name.removesuffix(sealing.SUFFIX)
        with plain.open("xb") as out:
            sealing.get(stored, out, self.manifest.recipient, self.identity)
        stored.unlink()
        return plain

    @contextmanager
    def filled_database(self, purpose: str) -> Iterator[str]:
        """A place with what the backup's database holds, as far as this program has it: one of an
        earlier version is migrated. Afterwards it is gone, unless it was taken."""
        place = self.database.place(self.scratch, purpose)
        try:
            found, rows = self.database.fill(place, self.member(DATABASE)), self.manifest.rows
            if found != rows:
                differ = sorted(name for name in found | rows if found.get(name) != rows.get(name))
                raise Damaged(
                    self.file,
                    _("%(count)d 个表的行数和当初不一样，比如 %(table)s")
                    % {"count": len(differ), "table": differ[0]},
                )
            if set(self.manifest.migrations) != our_migrations():
                self.run_there(place, "manage.py", "migrate", "-v0")
            yield place
        finally:
            self.database.drop(place)

    def fill_media(self, folder: Path, *, there: Path | None = None) -> None:
        """Put into ``folder`` each file that is not, as it was, in ``there`` already."""
        if self.manifest.objects is None:
            return
        try:
            contents = read_list(self.member(MEDIA).read_bytes())
        except (ValueError, TypeError, AttributeError) as error:
            raise Damaged(self.file, _("里面的 %(name)s 和当初不一样") % {"name": MEDIA}) from error
        for name, digest in tqdm(contents.items(), unit="", disable=None):
            if there and is_there(there / name, digest):
                continue
            target = folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if self.store.give(digest.sha256, target, self.identity) != digest:
                kept_as = self.store.path(digest.sha256).relative_to(self.file.parent)
                raise Damaged(
                    self.file,
                    _("文件“%(name)s”和当初不一样（旁边的 %(kept_as)s）")
                    % {"name": name, "kept_as": kept_as},
                )

    def run_there(self, place: str, *program: str) -> None:
        """Run a program of ours with that database, and with `scratch` for all that it writes."""
        done = subprocess.run(
            [sys.executable, *program],
            cwd=settings.BASE_DIR,
            env={
                **os.environ,
                "DATABASE_URL": self.database.url(place),
                "DJANGO_SETTINGS_MODULE": settings.SETTINGS_MODULE,
                "SECRET_KEY": settings.SECRET_KEY,
                "VAR_DIR": str(self.scratch),
                "CACHE_URL": "locmem://",  # not the site's own, nor its broker
                "CELERY_BROKER_URL": "memory://localhost/",
            },
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            [why] = done.stderr.strip().splitlines()[-1:] or [""]
            raise BackupRefused(
                _("数据恢复出来了，可是网站打不开：%(why)s。什么都没有改。") % {"why": why}
            )


def our_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None).disk_migrations}


def is_there(file: Path, digest: Digest) -> bool:
    return file.is_file() and file.stat().st_size == digest.size and digest_of(file) == digest


def verify(file: Path, *, identity: Path | None = None) -> Manifest:
    """Restore into an empty place, compare, and ask its home page; nothing of that is left."""
    with in_plain_words(), scratch_folder("verify") as scratch:
        backup = OpenedBackup(file, scratch, identity)
        with backup.filled_database("verifying") as place:
            backup.fill_media(scratch / "media")
            if settings.STATIC_ROOT:
                (scratch / "static").symlink_to(settings.STATIC_ROOT)
            backup.run_there(place, "-m", "lms.operations.backups.answering")
    return backup.manifest


def restore(file: Path, *, identity: Path | None = None, over: bool = False) -> str:
    """Put what the backup holds in the place of the site's data, for which ``over`` must be said
    where somebody uses the site. Media files that the backup does not name stay.
    Returns where the former database is now."""
    root = Path(settings.MEDIA_ROOT)
    with in_plain_words(), scratch_folder("restore") as scratch, coming_files(root) as coming:
        if not over:
            refuse_used()
        backup = OpenedBackup(file, scratch, identity)
        with backup.filled_database("restoring") as place:
            backup.fill_media(coming, there=root)
            connections.close_all()
            before = backup.database.take(place)
        put_in_place(coming, root)
    cache.clear()  # it holds pages of the former data
    return before


def refuse_used() -> None:
    has_users = User._meta.db_table in connection.introspection.table_names()
    if has_users and (count := User.objects.count()):
        raise BackupRefused(
            _(
                "这里已经有 %(count)d 个账号。备份会代替现有的全部数据：真要这样，请加上 --over。"
                "什么都没有改。"
            )
            % {"count": count}
        )


@contextmanager
def coming_files(root: Path) -> Iterator[Path]:
    """A folder on the disk of the media, for files that are not in their places yet."""
    coming = root / COMING
    shutil.rmtree(coming, ignore_errors=True)  # left by a run that was killed
    coming.mkdir(parents=True)
    try:
        yield coming
    finally:
        shutil.rmtree(coming, ignore_errors=True)


def put_in_place(coming: Path, root: Path) -> None:
    """A file of the same name and other content goes aside."""
    shutil.rmtree(root / ASIDE, ignore_errors=True)
    try:
        for file in sorted(coming.rglob("*")):
            if file.is_dir():
                continue
            name = file.relative_to(coming)
            if (root / name).exists():
                (root / ASIDE / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).replace(root / ASIDE / name)
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            file.replace(root / name)
    except OSError as error:
        raise BackupRefused(
            _("数据库恢复好了，文件还没有放完：%(why)s。请用 --over 再运行一次。") % {"why": error}
        ) from error
