"""One backup: a tar with manifest.json first, the database, and the names of the media files, whose
contents lie in the store beside it."""

import io
import json
import os
import tarfile
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from lms.operations.backups.digests import Digest, copied
from lms.operations.backups.refusals import BackupRefused, Damaged

FORMAT = 1
MANIFEST = "manifest.json"
#: The member that says of each media file its name below MEDIA_ROOT, its SHA-256 and its size.
MEDIA = "media.json"
DATABASE = "database"
#: Others are not looked at when the store is tidied, so it is asked of whoever names one.
SUFFIX = ".tar"


@dataclass(frozen=True)
class Manifest:
    """Readable without a key; names nobody and no file."""

    format: int
    version: str  # of the program
    made_at: str  # ISO 8601
    engine: str  # sqlite or postgresql
    engine_version: int  # its major one
    migrations: list[str]  # app.name of each that the database has seen
    rows: dict[str, int]  # of each table
    recipient: str  # whose key opens the rest; "": it is plain
    members: dict[str, Digest]  # as they lie in the tar
    objects: dict[str, int] | None  # size of each content in the store; None: the database only


def write_archive(half: Path, manifest: Manifest, members: Mapping[str, Path]) -> None:
    """At ``half``, whose owner alone may read it; on the disk to its last byte."""
    half.touch(mode=0o600)
    with half.open("wb") as target:
        with tarfile.open(fileobj=target, mode="w") as tar:
            content = json.dumps(asdict(manifest), ensure_ascii=False, indent=1).encode()
            head = tarfile.TarInfo(MANIFEST)
            head.size = len(content)
            tar.addfile(head, io.BytesIO(content))
            for name, member in members.items():
                tar.add(member, name)
        target.flush()
        os.fsync(target.fileno())


def read_manifest(file: Path) -> Manifest:
    """Raises BackupRefused for what is no backup, or one that this program does not know."""
    try:
        with tarfile.open(file) as tar:
            head = tar.extractfile(MANIFEST)
            assert head
            told = json.load(head)
        if told["format"] == FORMAT:
            members = {name: Digest(*digest) for name, digest in told.pop("members").items()}
            return Manifest(**told, members=members)
        version = str(told["version"])
    except (tarfile.TarError, KeyError, TypeError, ValueError, AttributeError, EOFError) as error:
        raise Damaged(file, _("它不是银龄学堂的备份，或者不完整")) from error
    raise BackupRefused(
        _("这份备份是 %(version)s 版做的，写法和这里不同。请用那一版恢复。什么都没有改。")
        % {"version": version}
    )


def extract(file: Path, manifest: Manifest, name: str, target: Path) -> None:
    """Raises Damaged unless the member is as it was."""
    try:
        with tarfile.open(file) as tar, target.open("xb") as out:
            member = tar.extractfile(name)
            assert member
            found = copied(member, out)
    except (tarfile.TarError, KeyError, EOFError) as error:
        raise Damaged(file, _("里面缺少 %(name)s") % {"name": name}) from error
    if found != manifest.members[name]:
        raise Damaged(file, _("里面的 %(name)s 和当初不一样") % {"name": name})
