"""What becomes of those who work at a unit that is merged, moved or closed, and that they come back
when it is taken back. Said to the units as they start (lms.units.following)."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max, Q
from django.utils import timezone

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.accounts.services import sign_out_everywhere
from lms.people.choices import RoleAct
from lms.people.models import RoleAssignment, RoleEvent
from lms.people.services.roles import given_reason, log_act
from lms.units.choices import PeopleOfUnit
from lms.units.models import Unit


@transaction.atomic
def settle_people(
    unit: Unit, *, to: Unit | None, how: PeopleOfUnit, reason: str, by: Visitor
) -> None:
    """What becomes of those who work at a unit that was merged or closed, as units.following asks.
    Classes that go on there are still theirs, until the last of them ends; and they begin at the
    other unit today."""
    if how == PeopleOfUnit.STAY:
        return
    assert isinstance(by, User)
    until = _last_class_over(unit) if how == PeopleOfUnit.MOVE else timezone.localdate()
    for role in RoleAssignment.objects.not_over().filter(unit=unit).select_related("person"):
        _settle(role, to=to if how == PeopleOfUnit.MOVE else None, until=until, by=by, why=reason)


def _last_class_over(unit: Unit) -> date:
    """The first day on which no class of the unit goes on; classes are a higher room's, and asked
    for by their relation's name (decision 021)."""
    today = timezone.localdate()
    last = unit.class_groups.aggregate(last=Max("ends_on"))["last"]
    return today if last is None or last < today else last + timedelta(days=1)


def _settle(role: RoleAssignment, *, to: Unit | None, until: date, by: User, why: str) -> None:
    ends = max(until, role.from_date)
    goes_on_until = role.until_date
    if goes_on_until is not None:
        ends = min(ends, goes_on_until)
    role.until_date = ends
    role.save(update_fields=["until_date"])
    if to is None:
        if role.is_over:
            sign_out_everywhere(role.person)
        log_act(RoleAct.ENDED, role, on=ends, reason=why, by=by)
        return
    begins = max(timezone.localdate(), role.from_date)
    there = role.person.role_assignments.not_over().filter(role=role.role, unit=to)
    if not there.exists():
        RoleAssignment.objects.create(
            person=role.person,
            role=role.role,
            unit=to,
            from_date=begins,
            until_date=goes_on_until,
        )
    RoleEvent(
        person=role.person,
        act=RoleAct.MOVED,
        role=role.role,
        unit=role.unit,
        to_unit=to,
        on=begins,
        reason=given_reason(why),
        recorded_by=by,
    ).save()


@transaction.atomic
def bring_people_back(unit: Unit, *, sent_by: str, reason: str, by: Visitor) -> None:
    """The change that gave `sent_by` as its reason was taken back, and so is what it did to the
    unit's people; but for those about whom something has been done since."""
    latest = {}
    concerned = RoleEvent.objects.filter(Q(unit=unit) | Q(to_unit=unit)).order_by("pk")
    for event in concerned.select_related("person", "to_unit"):
        latest[event.person_id, event.role] = event
    for event in latest.values():
        if event.unit_id == unit.pk and event.reason == sent_by:
            assert isinstance(by, User)
            _bring_back(event, unit, why=reason, by=by)


def _bring_back(event: RoleEvent, unit: Unit, *, why: str, by: User) -> None:
    today = timezone.localdate()
    roles = RoleAssignment.objects.filter(person=event.person, role=event.role)
    held = roles.filter(unit=unit).order_by("from_date", "pk").last()
    if held is None:
        return
    goes_on_until = None
    if event.act == RoleAct.MOVED:
        there = roles.not_over().filter(unit=event.to_unit).first()
        since = RoleEvent.objects.filter(
            Q(unit=event.to_unit) | Q(to_unit=event.to_unit),
            person=event.person,
            role=event.role,
            pk__gt=event.pk,
        )
        if there is None or since.exists():
            return
        goes_on_until = there.until_date
        if there.from_date == event.on:  # it began with the change, and was not held before
            there.until_date = max(today, there.from_date)
            there.save(update_fields=["until_date"])
    if held.until_date is not None and held.until_date < today:  # what is past stays as it was
        held = RoleAssignment(person=event.person, role=event.role, unit=unit, from_date=today)
    held.until_date = goes_on_until
    held.save()
    if event.act == RoleAct.ENDED:
        log_act(RoleAct.APPOINTED, held, on=today, reason=why, by=by)
        return
    RoleEvent(
        person=event.person,
        act=RoleAct.MOVED,
        role=event.role,
        unit=event.to_unit,
        to_unit=unit,
        on=today,
        reason=why,
        recorded_by=by,
    ).save()
