"""What home begins with: the lesson to go on with, else one lesson and one warning of the day.

The day alone decides, and what was learnt: everybody sees the same, and a page of it can be kept.
"""

from collections.abc import Collection
from datetime import date

from django.db.models import Q
from wagtail.models import Page

from courses.choices import Subject
from courses.models.classroom import ClassroomPage
from courses.models.drill import DrillPage
from courses.models.lesson import LessonPage
from courses.progress.models import LearnerRecord
from courses.progress.summary import learnt_by


def lesson_to_go_on_with(record: LearnerRecord | None, key: int | None) -> LessonPage | None:
    """The lesson opened last, by its key; when it is learnt, the next of its classroom that is
    not. None before the first, and when nothing is left there."""
    last = LessonPage.objects.live().public().filter(pk=key).first() if key else None
    if last is None or record is None:
        return last
    done = learnt_by(record)
    if last.pk not in done:
        return last
    others = LessonPage.objects.sibling_of(last).live().public().exclude(pk__in=done)
    return others.filter(path__gt=last.path).first() or others.first()


def warning_of(day: date) -> Page | None:
    """An anti-fraud lesson or drill, another one every day; None where there is none."""
    rooms = ClassroomPage.objects.filter(subject=Subject.ANTI_FRAUD).live().public()
    below = Q()
    for path, depth in rooms.values_list("path", "depth"):
        below |= Q(path__startswith=path, depth=depth + 1)
    if not below:
        return None
    keys = list(
        Page.objects.filter(below)
        .type(LessonPage, DrillPage)
        .live()
        .public()
        .order_by("path")
        .values_list("pk", flat=True)
    )
    return Page.objects.get(pk=keys[day.toordinal() % len(keys)]).specific if keys else None


def lesson_of(day: date, *, learnt: Collection[int], besides: Page | None) -> LessonPage | None:
    """The next one every day, in the order of the pages; one that is learnt is passed over, and
    the one that is shown besides. None where all are learnt."""
    keys = list(LessonPage.objects.live().public().order_by("path").values_list("pk", flat=True))
    today = day.toordinal() % len(keys) if keys else 0
    passed_over = {*learnt, *([besides.pk] if besides else [])}
    wanted = [key for key in keys[today:] + keys[:today] if key not in passed_over]
    return LessonPage.objects.get(pk=wanted[0]) if wanted else None
