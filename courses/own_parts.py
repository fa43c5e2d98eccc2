"""What of a kept page is each learner's own, and is filled in whenever the page is answered.

Templates put it between {% own "name" %} and {% endown %}. Only while a page is made for nobody, to
be kept, that leaves marks, at which page_cache.py cuts the page; nobody is ever sent one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from secrets import token_hex
from typing import Protocol

from courses.progress.models import LearnerRecord, LessonMark

#: Of the page that is being made: a word that stands nowhere else in it; blank: it is not kept.
_mark: ContextVar[str] = ContextVar("mark", default="")


@dataclass(frozen=True)
class Here:
    """Who looks at a page, as far as the screen tells: at least one of the two is there."""

    record: LearnerRecord | None
    #: What was done of the lesson that the page shows; None: nothing, or it shows none.
    mark: LessonMark | None
    #: Key of the lesson that was opened last on this screen.
    last_lesson: int | None
    #: When all pages were made void last, as page_cache.py has it.
    after: int


class OwnParts(Protocol):
    """What a page keeps of itself, so that its own parts can be made without it. It is pickled."""

    def of(self, here: "Here") -> Mapping[str, str] | None:
        """HTML by the parts' names; what is not named stays as it is for everybody. None: this
        learner's are many, and the page is made for them alone."""


class NothingOwn:
    """Of a page that is the same for every learner."""

    def of(self, here: Here) -> Mapping[str, str]:
        return {}


@contextmanager
def marked() -> Iterator[str]:
    """Within it, parts stand between marks: of the word that it gives."""
    mark = token_hex(8)
    reset = _mark.set(mark)
    try:
        yield mark
    finally:
        _mark.reset(reset)


def between_marks(name: str, html: str) -> str:
    """A part within it is none of its own."""
    mark = _mark.get()
    if not mark:
        return html
    return f"<{mark} {name}>{re.sub(f'</?{mark}[^>]*>', '', html)}</{mark}>"


@dataclass(frozen=True)
class CutPage:
    """A page in pieces: what is the same for everybody, a part's name, what that is for nobody; and
    so on, up to the last piece for everybody."""

    pieces: Sequence[bytes]

    @classmethod
    def cut(cls, html: bytes, mark: str) -> "CutPage":
        at = rb"<%(mark)b ([^>]*)>(.*?)</%(mark)b>" % {b"mark": mark.encode()}
        return cls(re.split(at, html, flags=re.DOTALL))

    def filled(self, own: Mapping[str, str]) -> bytes:
        pieces = list(self.pieces)
        for place in range(1, len(pieces), 3):
            name = pieces[place].decode()
            pieces[place] = b""
            if name in own:
                pieces[place + 1] = own[name].encode()
        return b"".join(pieces)
