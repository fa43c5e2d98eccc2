"""What became of a pack that was taken in."""

from collections import Counter
from dataclasses import dataclass
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    NEW = "new", _("新的")
    CHANGED = "changed", _("有改动")
    UNTOUCHED = "untouched", _("一样的，没有动")
    KEPT = "kept", _("这里改过，留着没有动")
    GONE = "gone", _("对方撤下了，这里也撤下")
    LEFT_OUT = "left_out", _("没有收")


@dataclass(frozen=True)
class TakenPage:
    """One page, or one manual."""

    #: Of the pack.
    key: str
    #: What it is, as a person calls it: 课, 练习 …
    kind: str
    title: str
    outcome: Outcome
    #: Here; None in a preview of what is new, and of a manual.
    page: int | None = None
    #: Key of the lesson that it is, or is the practice of; blank for everything else.
    lesson: str = ""
    #: Why it was left out, or what did not come along with it; mostly blank.
    note: str = ""


@dataclass(frozen=True)
class Taken:
    """How many pages and manuals there were of each, and which."""

    new: int = 0
    changed: int = 0
    untouched: int = 0
    #: Changed here, so nothing of them was overwritten.
    kept: int = 0
    #: No longer in a whole pack, and so unpublished.
    gone: int = 0
    pages: tuple[TakenPage, ...] = ()

    @classmethod
    def of(cls, pages: list[TakenPage]) -> Self:
        counts = Counter(page.outcome for page in pages)
        return cls(
            new=counts[Outcome.NEW],
            changed=counts[Outcome.CHANGED],
            untouched=counts[Outcome.UNTOUCHED],
            kept=counts[Outcome.KEPT],
            gone=counts[Outcome.GONE],
            pages=tuple(pages),
        )
