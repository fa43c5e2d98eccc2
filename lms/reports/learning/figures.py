"""What is known of each lesson: counts of what happens in it, and how far learners came."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property

from django.db.models import Count, Max, Min, Q, QuerySet, Sum
from django.utils import timezone

from courses.choices import Tallied
from courses.models import ClassroomPage, LessonPage
from courses.progress.models import (
    FILM_PARTS,
    PARTS_OF_A_WATCHED_FILM,
    LessonMark,
    LessonTally,
)
from courses.progress.tallies import months_ago

#: Fewer than so many are never told: who was there could recognise somebody.
LEAST_TOLD = 5
#: Days after which nobody's opening of a lesson is worth a word, the longest first.
IDLE_DAYS = (90, 30)


@dataclass
class LessonFigures:
    lesson: LessonPage
    classroom: str
    #: By what was counted (Tallied).
    times: Counter[str] = field(default_factory=Counter)
    #: Learners.
    finished: int = 0
    practised: int = 0
    #: Of the film: how many learners came to each part and no further, by the part's number.
    ended_at: Counter[int] = field(default_factory=Counter)
    #: For so many days nobody has opened it; None: somebody has, or it is too early to say.
    idle_days: int | None = None

    @property
    def watchers(self) -> int:
        """Learners who saw at least one part of the film."""
        return self.ended_at.total()

    def still_at(self, part: int) -> int:
        """How many came to this part or further; parts count from 1."""
        return sum(times for ended, times in self.ended_at.items() if ended >= part)

    @cached_property
    def most_left_at(self) -> tuple[int, int] | None:
        """The part at which most stopped for good, and how many; None where no five did at one.
        Who saw nine tenths has watched it."""
        before = range(1, PARTS_OF_A_WATCHED_FILM)
        part = max(before, key=lambda each: self.ended_at[each])
        left = self.ended_at[part]
        return (part, left) if left >= LEAST_TOLD else None

    @property
    def share_right(self) -> float | None:
        """Of all answers, 0 to 1; None where there are too few."""
        right = self.times[Tallied.RIGHT]
        return share(right, right + self.times[Tallied.WRONG])

    @property
    def share_left(self) -> float | None:
        """Of those who began the film, who did not see it to its end; None where too few began."""
        return share(self.watchers - self.still_at(PARTS_OF_A_WATCHED_FILM), self.watchers)

    @property
    def need(self) -> float:
        """How much it needs mending, to sort by: wrong answers, films left, steps not understood
        by ten openings, presses to be helped with by practices done, each 0 to 1; and 1 or ½ where
        nobody has come for long."""
        right = self.share_right
        unclear = told_count(self.times[Tallied.UNCLEAR])
        helped = told_count(self.times[Tallied.HELPED])
        return sum(
            (
                0 if right is None else 1 - right,
                self.share_left or 0,
                min(1, 10 * unclear / max(1, self.times[Tallied.OPENED])),
                min(1, helped / max(1, self.practised)),
                {90: 1, 30: 0.5}.get(self.idle_days or 0, 0),
            )
        )


def told_count(number: int) -> int:
    return number if number >= LEAST_TOLD else 0


def share(part: int, whole: int) -> float | None:
    """To the nearest twentieth, so that nobody is reckoned out of it; None of fewer than five."""
    return round(part / whole * 20) / 20 if whole >= LEAST_TOLD else None


def figures_of_lessons(*, months: int) -> list[LessonFigures]:
    """Of all lessons that learners see, what needs mending most first, then in their order.
    months: this one and so many before it, less one. What was seen of films is counted since the
    beginning. Eight queries."""
    rooms = {room.path: room.title for room in ClassroomPage.objects.live()}
    found = {
        lesson.pk: LessonFigures(lesson, rooms.get(lesson.path[: -lesson.steplen], ""))
        for lesson in LessonPage.objects.live().order_by("path")
    }
    add_times(found, since=months_ago(months - 1))
    add_marks(found, since=months_ago(months - 1))
    add_idle(found)
    return sorted(found.values(), key=lambda each: -each.need)


def figures_of_lesson(lesson: LessonPage, *, months: int) -> LessonFigures:
    figures = LessonFigures(lesson, lesson.get_parent().title)
    add_times({lesson.pk: figures}, since=months_ago(months - 1))
    add_marks({lesson.pk: figures}, since=months_ago(months - 1))
    return figures


def add_times(found: dict[int, LessonFigures], *, since: date) -> None:
    rows = tallies_of(found, since=since).values_list("lesson", "kind").annotate(Sum("times"))
    for lesson, kind, times in rows.order_by():
        found[lesson].times[kind] = times


def tallies_of(lessons: Collection[int], *, since: date) -> QuerySet[LessonTally]:
    return LessonTally.objects.filter(lesson__in=list(lessons), day__gte=since)


def add_marks(found: dict[int, LessonFigures], *, since: date) -> None:
    begins = timezone.make_aware(datetime.combine(since, datetime.min.time()))
    marks = LessonMark.objects.filter(lesson__in=list(found))
    counted = marks.values_list("lesson").annotate(
        finished=Count("pk", filter=Q(done_at__gte=begins)),
        practised=Count("pk", filter=Q(practised_at__gte=begins)),
    )
    for lesson, finished, practised in counted:
        found[lesson].finished, found[lesson].practised = finished, practised
    seen = marks.filter(seen_parts__gt=0).values_list("lesson", "seen_parts")
    for lesson, parts, learners in seen.annotate(Count("pk")):
        found[lesson].ended_at[min(parts.bit_length(), FILM_PARTS)] += learners


def add_idle(found: dict[int, LessonFigures]) -> None:
    """Only of days on which openings were counted and the lesson was there."""
    openings = LessonTally.objects.filter(kind=Tallied.OPENED)
    counted_since = openings.aggregate(first=Min("day"))["first"]
    if counted_since is None:
        return
    last = dict(openings.values_list("lesson").annotate(Max("day")))
    others = LessonTally.objects.exclude(kind=Tallied.OPENED)
    months = dict(others.values_list("lesson").annotate(Max("day")))
    for pk, figures in found.items():
        there = figures.lesson.first_published_at
        begins = max(counted_since, timezone.localdate(there) if there else counted_since)
        figures.idle_days = idle_days(begins, last.get(pk), months.get(pk))


def idle_days(begins: date, opened: date | None, month: date | None) -> int | None:
    """begins: since when an opening would have been counted; opened: the last one; month: the
    first day of the last in which anything else was counted, for browsers without script."""
    for days in IDLE_DAYS:
        limit = timezone.localdate() - timedelta(days=days)
        was_opened = opened is not None and opened >= limit
        was_used = month is not None and month >= limit.replace(day=1)
        if begins <= limit and not was_opened and not was_used:
            return days
    return None


def chosen_in(lesson: int, kinds: Iterable[Tallied], *, since: date) -> Counter[tuple[str, str]]:
    """How often each was chosen, by the place and the words of what was chosen there."""
    rows = tallies_of([lesson], since=since).filter(kind__in=list(kinds))
    by_words = rows.values_list("place", "chosen").annotate(Sum("times")).order_by()
    return Counter({(place, chosen): times for place, chosen, times in by_words})
