"""Making a backup while the site runs, and forgetting old ones."""

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.operations.backups import sealing
from lms.operations.backups.archive import (
    DATABASE,
    FORMAT,
    MEDIA,
    SUFFIX,
    Manifest,
    read_manifest,
    write_archive,
)
from lms.operations.backups.digests import digest_of
from lms.operations.backups.engines import engine
from lms.operations.backups.refusals import BackupRefused, in_plain_words
from lms.operations.backups.store import (
    Contents,
    Store,
    add_media,
    forget_contents,
    written_list,
)
from media.pipeline.scratch import scratch_folder

#: Of the nightly ones, which are kept by their number; the rest is the moment that it was begun.
NIGHTLY = "yinling-"
HALF = ".half-"


def back_up(file: Path, *, recipient: str = "", media: bool = True) -> Manifest:
    """Write the site's data to ``file``, and the contents of its media to the store beside it,
    while the site runs. ``recipient`` is a public key of age, "" for none."""
    file = file.absolute()
    if file.suffix != SUFFIX:
        raise BackupRefused(_("备份的文件名要以 .tar 结尾。"))
    if file.exists():
        raise BackupRefused(_("“%(file)s”已经有了。请换一个文件名。") % {"file": file})
    with (
        in_plain_words(),
        alone_in(file.parent) as half,
        scratch_folder(f"backup-{os.getpid()}") as scratch,
    ):
        manifest, members = _collect(scratch, Store(file, recipient), media)
        write_archive(half / file.name, manifest, members)
        (half / file.name).replace(file)
    return manifest


def _collect(scratch: Path, store: Store, media: bool) -> tuple[Manifest, dict[str, Path]]:
    """The members of the archive, in ``scratch``: nothing plain touches the disk of an encrypted
    backup. The database first: a file that comes after it is one too many, which harms nobody."""
    began, database, recipient = timezone.localtime(), engine(), store.recipient
    plain = scratch / DATABASE
    migrations = MigrationRecorder(connection).applied_migrations()
    rows = database.dump(plain)
    members = {DATABASE + database.suffix: plain}
    contents: Contents | None = None
    if media:
        contents = add_media(Path(settings.MEDIA_ROOT), store)
        members[MEDIA] = scratch / MEDIA
        members[MEDIA].write_bytes(written_list(contents))
    if recipient:
        members = {f"{name}{sealing.SUFFIX}": _sealed(m, recipient) for name, m in members.items()}
    manifest = Manifest(
        format=FORMAT,
        version=settings.VERSION,
        made_at=began.isoformat(timespec="seconds"),
        engine=database.name,
        engine_version=database.version(),
        migrations=sorted(".".join(key) for key in migrations),
        rows=rows,
        recipient=recipient,
        members={name: digest_of(member) for name, member in members.items()},
        objects=None if contents is None else dict(sorted(contents.values())),
    )
    return manifest, members


def _sealed(member: Path, recipient: str) -> Path:
    target = member.with_name(member.name + sealing.SUFFIX)
    with member.open("rb") as plain:
        sealing.put(plain, target, recipient)
    member.unlink()
    return target


@contextmanager
def alone_in(folder: Path) -> Iterator[Path]:
    """A folder for what is half made, on the disk of ``folder``; in that nobody else makes or
    forgets backups meanwhile."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    with (folder / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise BackupRefused(_("另一次备份正在往这里写。请等它做完再试。")) from error
        for left in folder.glob(f"{HALF}*"):  # by a run that was killed
            shutil.rmtree(left)
        with TemporaryDirectory(prefix=HALF, dir=folder) as scratch:
            yield Path(scratch)


def nightly_file() -> Path:
    return Path(settings.BACKUP_DIR) / f"{NIGHTLY}{timezone.localtime():%Y-%m-%d-%H%M%S}{SUFFIX}"


def forget_older() -> int:
    """Keep the newest BACKUPS_KEPT of the nightly backups, and of the contents those that some
    backup in the folder names, by whomever it was made; returns how many backups went."""
    folder = Path(settings.BACKUP_DIR)
    with in_plain_words(), alone_in(folder):
        nightly = sorted(folder.glob(f"{NIGHTLY}2*{SUFFIX}"))
        older = nightly[: -settings.BACKUPS_KEPT]
        for file in older:
            file.unlink()
        named: dict[Path, set[str]] = {}
        for file in folder.glob(f"*{SUFFIX}"):
            try:
                manifest = read_manifest(file)
            except BackupRefused as reason:  # whatever it needs may be any of the contents
                raise BackupRefused(
                    _("今天的备份做好了，旧的没有整理。%(reason)s") % {"reason": reason}
                ) from reason
            store = Store(file, manifest.recipient).folder
            named.setdefault(store, set()).update(manifest.objects or {})
        for store in folder.glob("media*"):
            forget_contents(store, keep=named.get(store, set()))
        return len(older)
