"""The one way into the log of who looked at learners' data."""

from django.utils import timezone

from lms.accounts.models import User
from lms.people.choices import Looked
from lms.people.models import Learner, Look, UnitsByRole, units_by_role
from lms.units.models import Unit


def note_look(
    user: User,
    what: Looked,
    *,
    rows: int,
    unit: Unit | None = None,
    learner: Learner | None = None,
    about: str = "",
    taken: bool = False,
    reason: str = "",
) -> None:
    """Write down that the user is shown, or is handed, so many rows of learners' data: before the
    answer goes out, so that nothing is seen without its line. Of none there is no line.

    taken: as a file or on paper; otherwise the same again within the hour is the line that stands.
    unit None: where the learner is, else where the user works. One query, or two for that.
    """
    if rows < 1:
        return
    now = timezone.now()
    if unit is None:
        unit = learner.unit if learner is not None else where_works(units_by_role(user))
    look = Look(
        at=now,
        hour=now.replace(minute=0, second=0, microsecond=0),
        person=user,
        what=what,
        taken=taken,
        learner=learner,
        about=about[:120],
        unit=unit,
        rows=rows,
        reason=reason[:80],
    )
    Look.objects.bulk_create([look], ignore_conflicts=not taken)


def where_works(by_role: UnitsByRole) -> Unit | None:
    """The topmost unit of these; for who holds no role, where the tree begins."""
    held = [unit for units in by_role.values() for unit in units]
    if held:
        return min(held, key=lambda unit: (unit.depth, unit.path))
    return Unit.objects.filter(depth=1).order_by("path").first()
