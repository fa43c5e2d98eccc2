"""What went wrong outside of us, and how it is told."""

import errno

from django.db import InterfaceError, OperationalError
from django.utils.translation import gettext as _

#: What a database that is away raises. The connection that met it is of no more use.
DATABASE_AWAY = (OperationalError, InterfaceError)
#: What programs of others say where Python has a number.
NO_SPACE = ("No space left on device", "Disk quota exceeded", "database or disk is full")


class ToldInWords(Exception):
    """``str()`` is a sentence for an editor; ``detail`` is for the log. It may not happen again."""

    def __init__(self, sentence: str, *, detail: str) -> None:
        super().__init__(sentence)
        self.detail = detail


def is_full_disk(error: BaseException) -> bool:
    """Whether this went wrong for want of room, whoever says so."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return True
    said = getattr(error, "detail", "") or str(error)
    return any(words in said for words in NO_SPACE)


def full_disk_words() -> str:
    return _("服务器的磁盘满了。腾出地方以后，会自动接着做。")
