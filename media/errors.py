"""Errors from outside (database, disk, programs) and their messages."""

import errno

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

#: Raised when the database is unreachable. The connection must be closed then.
DATABASE_AWAY = (OperationalError, InterfaceError)
#: Messages of programs and databases that have no errno.
NO_SPACE = ("No space left on device", "Disk quota exceeded", "database or disk is full")


class ExplainedError(Exception):
    """``str()`` is a sentence for an editor; ``detail`` is for the log. A retry may succeed."""

    def __init__(self, sentence: str, *, detail: str) -> None:
        super().__init__(sentence)
        self.detail = detail


def is_full_disk(error: BaseException) -> bool:
    """Whether the cause is a full disk, as an OSError or in a program's message."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    said = getattr(error, "detail", "") or str(error)
    return any(words in said for words in NO_SPACE)


def full_disk_words() -> str:
    return _("服务器的磁盘满了。腾出地方以后，会自动接着做。")
