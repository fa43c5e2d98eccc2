from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class Unusual(models.TextChoices):
    """What is worth a look, the heaviest first."""

    MORE_THAN_ROOM = "more_than_room", _("到的人比位子多")
    ALWAYS_FULL = "always_full", _("每次都到齐")
    SAME_COUNT = "same_count", _("每次人数一样")
    QUICK_ROLL = "quick_roll", _("点名很快")
    JUMP = "jump", _("和前六个月差得多")
    NOTHING_HELD = "nothing_held", _("没有上过课")
    SIX_WEEKS = "six_weeks", _("六个星期没有课")


#: By which findings are sorted; how often it happened is added, 9 at most.
WEIGHTS = {kind: 10 * (len(Unusual) - place) for place, kind in enumerate(Unusual)}
MOST_TIMES = 9


@dataclass(frozen=True)
class StandsOut:
    """`kind` is an Unusual; `unit_id` the unit that the sentence is about, which may stand below
    the one that was asked of; the heavier comes first."""

    kind: str
    unit_id: int
    sentence: str
    weight: int


def weight_of(kind: Unusual, times: int = 1) -> int:
    return WEIGHTS[kind] + min(times, MOST_TIMES)
