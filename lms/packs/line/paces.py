"""How fast a line may be used, by the hour of the day: a village's line is everybody's by day."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from time import monotonic, sleep

from django.utils import timezone
from django.utils.translation import gettext as _

from lms.packs.refusals import PackError

PART = re.compile(r"(\d{1,2}):(\d{2})-(\d{1,2}):(\d{2})=(\d{1,9})")
#: Of a second: after so long the pace is looked at anew.
STEP_SECONDS = 0.25


@dataclass(frozen=True)
class Hours:
    """A pace from a time of the day until another; over midnight where that is earlier."""

    begins: time
    ends: time
    bytes_per_second: int  # 0: nothing at all

    def holds(self, now: time) -> bool:
        if self.begins <= self.ends:
            return self.begins <= now < self.ends
        return now >= self.begins or now < self.ends


@dataclass(frozen=True)
class Pace:
    """The first hours that hold count; outside of all of them `otherwise`, None: as fast as it
    goes."""

    hours: tuple[Hours, ...] = ()
    otherwise: int | None = None

    def at(self, now: datetime) -> int | None:
        """Bytes a second; None: as fast as it goes."""
        clock = timezone.localtime(now).time() if timezone.is_aware(now) else now.time()
        for each in self.hours:
            if each.holds(clock):
                return each.bytes_per_second
        return self.otherwise


def pace_of(words: str) -> Pace:
    """Out of a setting: `7:00-22:00=50` is 50 KiB a second by day and all of it at night. Raises
    PackError."""
    hours = []
    for part in filter(None, (each.strip() for each in words.split(","))):
        found = PART.fullmatch(part)
        try:
            if found is None:
                raise ValueError(part)
            begins, ends = (
                time(int(found[1]), int(found[2])),
                time(int(found[3]) % 24, int(found[4])),
            )
        except ValueError as error:
            raise PackError(
                _("“%(part)s”不是几点到几点多快，要写成7:00-22:00=50（每秒50KB）。")
                % {"part": part}
            ) from error
        hours.append(Hours(begins, ends, int(found[5]) * 1024))
    return Pace(tuple(hours))


class Waits:
    """Keeps to a pace: told of each piece that came, it waits as long as that should have taken."""

    def __init__(
        self,
        pace: Pace,
        now: Callable[[], datetime],
        *,
        wait: Callable[[float], None] = sleep,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self.pace, self.now, self.wait, self.clock = pace, now, wait, clock
        self.free_at = clock()

    def may_go_on(self) -> bool:
        """No in hours in which nothing may be fetched."""
        return self.pace.at(self.now()) != 0

    def came(self, size: int) -> None:
        """size: bytes."""
        allowed = self.pace.at(self.now())
        moment = self.clock()
        if not allowed:
            self.free_at = moment
            return
        self.free_at = max(self.free_at, moment) + size / allowed
        while (left := self.free_at - self.clock()) > 0:
            self.wait(min(left, STEP_SECONDS))
            if self.pace.at(self.now()) != allowed:
                self.free_at = self.clock()
                return
