"""Two classes of one teacher or one place at one time: told before it is saved, and allowed."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.classes.choices import SessionState
from lms.classes.models import ClassGroup, ClassSession

#: No session lasts longer.
LONGEST = timedelta(hours=12)


class Clashing(Exception):
    """What is asked for clashes, and nobody has said yet that it shall be so anyway."""

    def __init__(self, warnings: Sequence[str]) -> None:
        super().__init__("\n".join(warnings))
        self.warnings = warnings


def require_no_clash(sessions: Sequence[ClassSession], *, anyway: bool) -> None:
    """Raises Clashing; to be called where that takes back what was written."""
    if not anyway and (warnings := clashes_of(sessions)):
        raise Clashing(warnings)


@dataclass(frozen=True)
class _Shared:
    """What two classes have in common: a teacher, a place, or that they are the same class."""

    classes: tuple[str, str]
    teacher: str = ""
    place: str = ""


def clashes_of(sessions: Sequence[ClassSession]) -> list[str]:
    """In words, what else is held when these sessions are, by the same teacher or in the same
    place of the same village. The given ones are with their class. Five queries."""
    sessions = [session for session in sessions if not session.is_cancelled]
    if not sessions:
        return []
    groups = _near({session.class_group_id for session in sessions})
    others: dict[object, list[ClassSession]] = defaultdict(list)
    for other in _at_that_time(sessions, groups):
        others[other.day].append(other)
    teachers = _teachers(groups)
    asked = {session.pk for session in sessions}
    found: dict[_Shared, list[ClassSession]] = defaultdict(list)
    for session in sessions:
        for other in others[session.day]:
            told = other.pk in asked and other.pk < session.pk  # from the other's side
            if told or not _overlap(session, other):
                continue
            one, group = groups[session.class_group_id], groups[other.class_group_id]
            for shared in _shared(one, group, teachers):
                found[shared].append(other)
    return [_in_words(shared, at) for shared, at in found.items()]


def _near(keys: set[int]) -> dict[int, ClassGroup]:
    """Those classes, and all that have a teacher or a village in common with them, by key."""
    own = ClassGroup.objects.filter(pk__in=keys)
    people = ClassGroup.teachers.through.objects.filter(classgroup__in=keys).values("user")
    with_teacher = ClassGroup.teachers.through.objects.filter(user__in=people)
    near = (
        own
        | ClassGroup.objects.filter(pk__in=with_teacher.values("classgroup"))
        | ClassGroup.objects.filter(unit__in=own.values("unit"))
    )
    return {group.pk: group for group in near}


def _at_that_time(
    sessions: Sequence[ClassSession], groups: dict[int, ClassGroup]
) -> list[ClassSession]:
    others = ClassSession.objects.filter(
        class_group__in=groups,
        starts_at__gt=min(session.starts_at for session in sessions) - LONGEST,
        starts_at__lt=max(session.ends_at for session in sessions),
    )
    return list(others.exclude(state=SessionState.CANCELLED).order_by("starts_at", "pk"))


def _overlap(one: ClassSession, other: ClassSession) -> bool:
    return one.pk != other.pk and one.starts_at < other.ends_at and other.starts_at < one.ends_at


def _teachers(groups: dict[int, ClassGroup]) -> dict[int, dict[int, str]]:
    """Of each class: what its teachers are called, by key."""
    rows = list(
        ClassGroup.teachers.through.objects.filter(classgroup__in=groups).values_list(
            "classgroup", "user"
        )
    )
    people = get_user_model().objects.in_bulk([user for _group, user in rows])
    teachers: dict[int, dict[int, str]] = defaultdict(dict)
    for group, user in rows:
        teachers[group][user] = people[user].shown_name()
    return teachers


def _shared(
    one: ClassGroup, other: ClassGroup, teachers: dict[int, dict[int, str]]
) -> list[_Shared]:
    first, second = sorted((one, other), key=lambda group: group.pk)
    classes = (first.title, second.title)
    if one.pk == other.pk:
        return [_Shared(classes)]
    both = [name for key, name in teachers[one.pk].items() if key in teachers[other.pk]]
    shared = [_Shared(classes, teacher=name) for name in both]
    if one.place and (one.unit_id, one.place) == (other.unit_id, other.place):
        shared.append(_Shared(classes, place=one.place))
    return shared


def _in_words(shared: _Shared, sessions: Sequence[ClassSession]) -> str:
    first = min(sessions, key=lambda session: session.starts_at)
    starts, ends = timezone.localtime(first.starts_at), timezone.localtime(first.ends_at)
    said = {
        "one": shared.classes[0],
        "other": shared.classes[1],
        "teacher": shared.teacher,
        "place": shared.place,
        "when": f"{starts:%Y-%m-%d %H:%M}–{ends:%H:%M}",
    }
    if shared.teacher:
        words = _("%(teacher)s同时要上“%(one)s”和“%(other)s”：%(when)s") % said
    elif shared.place:
        words = _("“%(one)s”和“%(other)s”同时用“%(place)s”：%(when)s") % said
    else:
        words = _("“%(one)s”自己在这个时间还有一次课：%(when)s") % said
    times = len({session.pk for session in sessions})
    return (
        words if times == 1 else _("%(words)s，一共%(times)d次") % {"words": words, "times": times}
    )
