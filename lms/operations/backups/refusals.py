"""What may go wrong with a backup, as a sentence for whoever looks after the machine."""

import errno
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from django.db import Error as DatabaseError
from django.utils.translation import gettext as _

from media.errors import is_full_disk

#: Beside a full disk: a stick of FAT32 takes no file of more than 4 GiB.
TOO_LARGE = {errno.EFBIG}


class BackupRefused(Exception):
    """It was not done, and nothing was changed; ``str()`` says why and what to do."""


class Damaged(BackupRefused):
    def __init__(self, file: object, what: str) -> None:
        super().__init__(
            _("备份“%(file)s”坏了：%(what)s。什么都没有改。请换另一份备份再试。")
            % {"file": file, "what": what}
        )


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Turns what the disk or the database says into BackupRefused."""
    try:
        yield
    except (OSError, sqlite3.Error, psycopg.Error, DatabaseError) as error:
        if is_full_disk(error) or getattr(error, "errno", None) in TOO_LARGE:
            raise BackupRefused(no_room(getattr(error, "filename", None))) from error
        if isinstance(error, OSError) and error.filename is not None:
            raise BackupRefused(
                _("“%(file)s”打不开，或者写不进去：%(why)s。什么都没有改。")
                % {"file": error.filename, "why": error.strerror}
            ) from error
        raise BackupRefused(
            _("数据库出错了：%(why)s。什么都没有改。") % {"why": str(error).strip()}
        ) from error


def no_room(file: str | None) -> str:
    if file is None:
        return _("磁盘满了，写不下。什么都没有改。请腾出地方再运行一次。")
    return _("磁盘满了，写不下“%(file)s”。什么都没有改。请腾出地方再运行一次。") % {"file": file}
