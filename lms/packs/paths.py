"""Names that every stick, television and computer can hold, and paths that stay in their folder."""

import os
import re
import stat
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from lms.packs.refusals import PackError

#: FAT32 holds no file of 4 GiB or more.
LARGEST_FILE = 2**32 - 1
#: What FAT32, exFAT and Windows refuse in names, as letters that look alike.
INSTEAD = str.maketrans('<>:"/\\|?*', "〈〉：”／＼｜？＊")
FORBIDDEN = frozenset('<>:"\\|?*')
#: Devices of Windows, with any ending.
RESERVED = frozenset(
    ["con", "prn", "aux", "nul"]
    + [f"{port}{n}" for port in ("com", "lpt") for n in "0123456789¹²³"]
)
#: Of a name that we give: so that a path stays below Windows' 260 characters on any drive.
NAME_CHARACTERS, NAME_BYTES = 60, 180
#: Of a path in a pack of anybody.
PATH_CHARACTERS, PATH_PARTS, PART_BYTES = 230, 12, 220
#: Categories of Unicode that show nothing, turn the reading around, or are no characters.
UNSHOWN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


def readable_name(words: str, *, instead: str = "") -> str:
    """``words`` as the name of a file or folder, without an ending; ``instead`` where nothing is
    left of them."""
    shown = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", words))
    shown = "".join(c for c in shown if unicodedata.category(c) not in UNSHOWN)
    name = re.sub(r" {2,}", " ", shown.translate(INSTEAD)).strip(" .")[:NAME_CHARACTERS]
    while len(name.encode()) > NAME_BYTES:
        name = name[:-1]
    name = name.rstrip(" .")
    if is_reserved(name):
        name = f"_{name}"
    return name or instead


def is_reserved(name: str) -> bool:
    return name.partition(".")[0].rstrip(" ").casefold() in RESERVED


def folded(path: str) -> str:
    """The same for two paths that a stick cannot hold beside each other."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", path).casefold())


def is_fit(path: str) -> bool:
    """Whether ``path`` leads to a place inside a pack, and any stick can hold it."""
    parts = path.split("/")
    return (
        len(path) <= PATH_CHARACTERS
        and len(parts) <= PATH_PARTS
        and unicodedata.normalize("NFC", path) == path
        and all(_is_fit_part(part) for part in parts)
    )


def _is_fit_part(part: str) -> bool:
    return (
        part.strip(" .") != ""  # nor "." and "..", nor between two slashes
        and part[-1] not in " ."
        and not FORBIDDEN.intersection(part)
        and not any(unicodedata.category(c) in UNSHOWN for c in part)
        and not is_reserved(part)
        and len(part.encode()) <= PART_BYTES
    )


def refuse_clashes(paths: Iterable[str]) -> None:
    """Raise PackError where two cannot lie beside each other on a stick."""
    files: set[str] = set()
    folders: set[str] = set()
    for path in paths:
        name = folded(path)
        above = [name[:place] for place, sign in enumerate(name) if sign == "/"]
        if name in files or name in folders or not files.isdisjoint(above):
            raise PackError(_("清单里“%(path)s”写了两次，这个课程盘不能用。") % {"path": path})
        files.add(name)
        folders.update(above)


def open_inside(folder: Path, path: str) -> BinaryIO:
    """The file at ``path`` in ``folder``, for reading. No symbolic link is followed on the way,
    and nothing but a file is opened. Raises FileNotFoundError, PackError."""
    if not is_fit(path):
        raise PackError(_("“%(path)s”不是课程盘里的路径。") % {"path": shown(path)})
    *above, name = path.split("/")
    here = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        for part in above:
            below = os.open(part, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=here)
            os.close(here)
            here = below
        # Not waiting, since opening somebody's pipe would.
        file = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=here)
    except FileNotFoundError:
        raise
    except OSError as error:
        raise PackError(_("“%(path)s”不是普通文件，这个课程盘不能用。") % {"path": path}) from error
    finally:
        os.close(here)
    if not stat.S_ISREG(os.fstat(file).st_mode):
        os.close(file)
        raise PackError(_("“%(path)s”不是普通文件，这个课程盘不能用。") % {"path": path})
    return os.fdopen(file, "rb")


def shown(words: str) -> str:
    """Of a stranger's words, what may stand in a sentence."""
    return "".join(c for c in words if unicodedata.category(c) not in UNSHOWN)[:60]
