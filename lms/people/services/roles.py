"""Verbs that give, end and move roles. Each writes its line into the log, with who and why; a
`by` of None is a command of whoever runs the site, which may do all of it."""

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.accounts.services import TelephoneTaken, make_account, rename, sign_out_everywhere
from lms.people.choices import Role, RoleAct
from lms.people.handing_over import hand_over_elsewhere
from lms.people.models import RoleAssignment, RoleEvent, may_appoint
from lms.people.services.errors import PersonRefused
from lms.units.models import Unit

#: A role may be entered so many days after it began, and ahead.
DAYS_BACK, DAYS_AHEAD = 31, 366


def find_or_make_account(*, name: str, telephone: str) -> tuple[User, bool]:
    """The account that the telephone (as kept) signs in to; made, if there is none, and always
    without a telephone. Whether it was made. An account without a name gets this one.

    Raises PersonRefused when the account has another name: most likely a digit is wrong, and a
    stranger must not be appointed.
    """
    known = User.objects.filter(telephone=telephone).first() if telephone else None
    if known is None:
        try:
            return make_account(name=name, telephone=telephone), True
        except TelephoneTaken as reason:
            raise PersonRefused(str(reason)) from None
    if not known.is_active:
        raise PersonRefused(_("这个号码的账号停用了，请跟系统管理员说。"))
    if not known.get_full_name():
        rename(known, name=name)
    elif known.get_full_name() != name:
        raise PersonRefused(
            _("这个手机号登记的是别的姓名。请核对号码；号码没有错的，请照本人账号上的称呼写姓名。")
        )
    return known, False


@transaction.atomic
def appoint(
    *,
    person: User,
    role: Role,
    unit: Unit,
    reason: str,
    by: User | None,
    from_date: date | None = None,
    until_date: date | None = None,
    made_account: bool = False,
    predecessor: User | None = None,
) -> RoleAssignment:
    """Give somebody a role. `from_date` None: from today; `until_date`: the first day on which it
    is over, None: no end is set. Raises PersonRefused."""
    from_date = from_date or timezone.localdate()
    _hold(person)
    _require_right(by, unit=unit, role=role, person=person)
    if not unit.is_open:
        raise PersonRefused(_("“%(unit)s”已经撤销，不能在那里任职。") % {"unit": unit.name})
    _require_near(from_date)
    if until_date is not None and until_date <= from_date:
        raise PersonRefused(_("结束的日子要在开始以后。"))
    same = person.role_assignments.not_over().filter(role=role, unit=unit)
    if same.exists():
        raise PersonRefused(
            _("%(person)s已经是%(unit)s的%(role)s了。")
            % {"person": person.shown_name(), "unit": unit.name, "role": role.label}
        )
    made = RoleAssignment.objects.create(
        person=person, role=role, unit=unit, from_date=from_date, until_date=until_date
    )
    log_act(
        RoleAct.APPOINTED,
        made,
        on=from_date,
        reason=reason,
        by=by,
        made_account=made_account,
        other_person=predecessor,
    )
    return made


@transaction.atomic
def end_role(
    assignment: RoleAssignment, *, reason: str, by: User | None, until_date: date | None = None
) -> None:
    """End it before that day, the first on which it is over; None: now. Who loses a role at once
    is signed out everywhere. Raises PersonRefused."""
    assignment = _held(assignment, by=by)
    over = _end(assignment, on=until_date or timezone.localdate())
    log_act(RoleAct.ENDED, assignment, on=over, reason=reason, by=by)


@transaction.atomic
def move_role(
    assignment: RoleAssignment, *, to: Unit, on: date, reason: str, by: User | None
) -> RoleAssignment:
    """From that day on it is held at another unit. Raises PersonRefused."""
    assignment = _held(assignment, by=by)
    if to.pk == assignment.unit_id:
        raise PersonRefused(_("本来就在“%(unit)s”。") % {"unit": to.name})
    _require_ahead(on)
    left = assignment.unit
    until = assignment.until_date
    role = Role(assignment.role)
    _require_right(by, unit=to, role=role, person=assignment.person)
    begins = max(on, assignment.from_date)
    _end(assignment, on=on, sign_out=False)
    made = _begin_elsewhere(assignment, to=to, on=begins, until=until)
    event = RoleEvent(
        person=made.person,
        act=RoleAct.MOVED,
        role=role,
        unit=left,
        to_unit=to,
        on=begins,
        reason=given_reason(reason),
        recorded_by=by,
    )
    event.save()
    return made


def _begin_elsewhere(
    assignment: RoleAssignment, *, to: Unit, on: date, until: date | None
) -> RoleAssignment:
    if not to.is_open:
        raise PersonRefused(_("“%(unit)s”已经撤销，不能在那里任职。") % {"unit": to.name})
    there = assignment.person.role_assignments.not_over().filter(role=assignment.role, unit=to)
    if there.exists():
        raise PersonRefused(
            _("%(person)s在“%(unit)s”已经有这个任职，请结束这里的。")
            % {"person": assignment.person.shown_name(), "unit": to.name}
        )
    return RoleAssignment.objects.create(
        person=assignment.person, role=assignment.role, unit=to, from_date=on, until_date=until
    )


@transaction.atomic
def hand_over_role(
    assignment: RoleAssignment,
    *,
    successor: User,
    on: date,
    reason: str,
    by: User | None,
    made_account: bool = False,
) -> RoleAssignment:
    """From that day on the successor holds it, with the classes that go with it. Returns the
    successor's. Raises PersonRefused."""
    assignment = _held(assignment, by=by)
    _require_ahead(on)
    if successor.pk == assignment.person_id:
        raise PersonRefused(_("这就是本人，请选接手的人。"))
    role, unit, person = Role(assignment.role), assignment.unit, assignment.person
    until = assignment.until_date
    begins = max(on, assignment.from_date)
    _end(assignment, on=on)
    RoleEvent(
        person=person,
        act=RoleAct.HANDED_OVER,
        role=role,
        unit=unit,
        on=begins,
        other_person=successor,
        reason=given_reason(reason),
        recorded_by=by,
    ).save()
    held = successor.role_assignments.not_over().filter(role=role, unit=unit).first()
    if held is None:
        held = appoint(
            person=successor,
            role=role,
            unit=unit,
            from_date=begins,
            until_date=until if until and until > begins else None,
            reason=reason,
            by=by,
            predecessor=person,
            made_account=made_account,
        )
    at_once = begins <= timezone.localdate()
    hand_over_elsewhere(assignment, successor=successor, at_once=at_once)
    return held


def sign_out_ended() -> int:
    """Whose role has ended by a date is signed out everywhere, once, since that day began; which
    tells their phones to let the names go. Who holds the same role elsewhere goes on. Returns how
    many were signed out."""
    today = timezone.localdate()
    held = RoleAssignment.objects.current().filter(person=OuterRef("person"), role=OuterRef("role"))
    since = Q(person__signed_out_everywhere_at__date__gte=F("until_date"))
    ended = RoleAssignment.objects.filter(
        ~Exists(held),
        until_date__range=(today - timedelta(days=DAYS_BACK), today),
        until_date__gt=F("from_date"),
    )
    people = User.objects.filter(pk__in=ended.exclude(since).values("person"))
    for person in people:
        sign_out_everywhere(person)
    return len(people)


def _hold(person: User) -> None:
    """Two who appoint one person at once come one after the other."""
    User.objects.select_for_update().get(pk=person.pk)


def _held(assignment: RoleAssignment, *, by: User | None) -> RoleAssignment:
    """As it stands now; nobody else changes it meanwhile."""
    _hold(assignment.person)
    assignment = RoleAssignment.objects.select_related("person", "unit").get(pk=assignment.pk)
    _require_right(by, unit=assignment.unit, role=assignment.role, person=assignment.person)
    if assignment.is_over:
        raise PersonRefused(_("这项任职已经结束了。"))
    return assignment


def _end(assignment: RoleAssignment, *, on: date, sign_out: bool = True) -> date:
    """Returns the first day on which it is over."""
    _require_ahead(on)
    over = max(on, assignment.from_date)
    assignment.until_date = over
    assignment.save(update_fields=["until_date"])
    if sign_out and assignment.is_over:
        sign_out_everywhere(assignment.person)
    return over


def _require_right(by: User | None, *, unit: Unit, role: str, person: User) -> None:
    if by is None:
        return
    if not may_appoint(by, unit=unit, role=role):
        raise PersonRefused(
            _("您不能办“%(unit)s”的%(role)s，请找上一级的管理员。")
            % {"unit": unit.name, "role": Role(role).label}
        )
    if person.pk == by.pk and not by.is_superuser:
        raise PersonRefused(_("自己的任职要由上一级的管理员来办。"))


def _require_near(day: date) -> None:
    today = timezone.localdate()
    if not today - timedelta(days=DAYS_BACK) <= day <= today + timedelta(days=DAYS_AHEAD):
        raise PersonRefused(_("开始的日子最早是一个月以前，最晚是一年以后。"))


def _require_ahead(day: date) -> None:
    today = timezone.localdate()
    if day < today:
        raise PersonRefused(_("日子不能早于今天：已经过去的事不改。"))
    if day > today + timedelta(days=DAYS_AHEAD):
        raise PersonRefused(_("日子最晚是一年以后。"))


def given_reason(typed: str) -> str:
    if not typed.strip():
        raise PersonRefused(_("请写明原因，例如：到龄、换岗、新聘。"))
    return typed.strip()


def log_act(
    act: RoleAct,
    assignment: RoleAssignment,
    *,
    on: date,
    reason: str,
    by: User | None,
    made_account: bool = False,
    other_person: User | None = None,
) -> None:
    RoleEvent(
        person=assignment.person,
        act=act,
        role=assignment.role,
        unit=assignment.unit,
        on=on,
        made_account=made_account,
        other_person=other_person,
        reason=given_reason(reason),
        recorded_by=by,
    ).save()
