"""Reads for the pages of who works where."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.people.choices import RoleAct
from lms.people.models import (
    Learner,
    LearnerQuerySet,
    RoleAssignment,
    RoleAssignmentQuerySet,
    RoleEvent,
    ToldApart,
    administered_by,
)
from lms.units.models import Unit, UnitQuerySet, path_below

MAY_ENTER_ADMIN = Q(is_superuser=True) | Q(is_staff=True) | Q(
    groups__permissions__codename="access_admin"
)  # fmt: skip
BATCH = 500


def administered_units(user: User) -> UnitQuerySet:
    """Open units of which the user is an officer, and all below them."""
    units: UnitQuerySet = Unit.objects.open().filter(administered_by(user))
    return units


@dataclass(frozen=True)
class StaffQuestion:
    """What the list of who works here is asked; blank: all."""

    words: str = ""
    unit: Unit | None = None
    role: str = ""
    state: str = ""


def staff_found(user: User, question: StaffQuestion) -> RoleAssignmentQuerySet:
    """The roles that the user keeps and the question means, by unit and name."""
    found = RoleAssignment.objects.visible_to(user)
    if question.unit is not None:
        found = found.filter(path_below(question.unit, prefix="unit__"))
    if question.role:
        found = found.filter(role=question.role)
    if question.state:
        found = found.in_state(question.state)
    if question.words:
        found = found.filter(_named(question.words))
    return found.select_related("person", "unit").order_by(
        "unit__path", "role", "person__last_name", "person__first_name", "from_date", "pk"
    )


def _named(words: str) -> Q:
    """By part of the name, the number to sign in by, or digits of the telephone."""
    whole = Concat("last_name", Value(""), "first_name")
    people = User.objects.annotate(whole=whole)
    digits = "".join(character for character in words if character.isdigit())
    said = Q(whole__icontains=words) | Q(username__istartswith=words)
    if len(digits) >= 4:
        said |= Q(telephone__contains=digits)
    return Q(person__in=people.filter(said).values("pk"))


def why_not_reset(user: User, people: Iterable[User]) -> dict[int, str]:
    """Of these, by key, whose password and telephone the user may not set anew, and why. An officer
    does it for people all of whose work is within his reach, and of accounts that were made for it
    or have been signed in to since the person works here: another's own account must not be taken
    over by appointing somebody who does not know of it. A few queries."""
    everybody = {person.pk: person for person in people}
    refused: dict[int, str] = {}
    if user.pk in everybody:
        refused[user.pk] = _("自己的请在“我的账号”里办，或者请上一级的管理员办。")
    if user.is_superuser:
        return refused
    keys = list(everybody)
    for start in range(0, len(keys), BATCH):
        some = keys[start : start + BATCH]
        for pk, why in _refused(user, some).items():
            refused.setdefault(pk, why)
    return refused


def _refused(user: User, keys: list[int]) -> dict[int, str]:
    roles = RoleAssignment.objects.not_over().filter(person__in=keys)
    working = set(roles.values_list("person", flat=True))
    within = RoleAssignment.objects.changeable_by(user).filter(pk__in=roles.values("pk"))
    elsewhere = set(roles.exclude(pk__in=within.values("pk")).values_list("person", flat=True))
    admins = set(User.objects.filter(MAY_ENTER_ADMIN, pk__in=keys).values_list("pk", flat=True))
    made = RoleEvent.objects.filter(person__in=keys, made_account=True)
    made_here = set(made.values_list("person", flat=True)) | _who_know_of_it(roles)
    refused = {}
    for pk in keys:
        if pk not in working:
            refused[pk] = _("现在没有任职。")
        elif pk in elsewhere or pk in admins:
            refused[pk] = _("他的任职不全归您办，请找上一级的管理员。")
        elif pk not in made_here:
            refused[pk] = _(
                "这个账号是本人自己开的，任职以后还没有登录过，不能替他改。请他先登录一次；"
                "手机丢了的，用新号码再任职一次，把这里的交接过去。"
            )
    return refused


def _who_know_of_it(roles: RoleAssignmentQuerySet) -> set[int]:
    """Who has signed in, and so been led to 我的工作, since one of these roles was given."""
    given = RoleEvent.objects.filter(
        Q(unit=OuterRef("unit")) | Q(to_unit=OuterRef("unit")),
        person=OuterRef("person"),
        role=OuterRef("role"),
        act__in=(RoleAct.APPOINTED, RoleAct.MOVED),
        recorded_at__lte=OuterRef("person__last_login"),
    )
    return set(roles.filter(Exists(given)).values_list("person", flat=True))


# --- Who stands in the register twice ---------------------------------------------------------


def mergeable_learners(user: User) -> LearnerQuerySet:
    """Whom the user may merge: of units that the user is an officer over."""
    return Learner.objects.standing().filter(administered_by(user, prefix="unit__"))


def with_doubles(learners: LearnerQuerySet) -> LearnerQuerySet:
    """Of these, who has a probable double that was registered later, as doubles_of has it."""
    later = Learner.objects.standing().filter(
        ~Exists(ToldApart.objects.filter(first=OuterRef(OuterRef("pk")), second=OuterRef("pk"))),
        unit=OuterRef("unit"),
        sound=OuterRef("sound"),
        pk__gt=OuterRef("pk"),
    )
    same_year = later.filter(Q(birth_year=OuterRef("birth_year")) | Q(birth_year__isnull=True))
    return learners.filter(Exists(same_year) | Q(Exists(later), birth_year__isnull=True))


@dataclass(frozen=True)
class Double:
    """Two learners of one unit who are probably one person: their names sound alike, and no other
    year of birth is known. `one` was registered first."""

    one: Learner
    other: Learner

    @property
    def signs(self) -> list[str]:
        """What speaks for it, in words."""
        one, other = self.one, self.other
        signs = [_("姓名一样") if one.name == other.name else _("姓名读音差不多")]
        if one.birth_year and one.birth_year == other.birth_year:
            signs.append(_("同一年出生"))
        elif one.birth_year or other.birth_year:
            signs.append(_("有一位没写出生年份"))
        else:
            signs.append(_("两位都没写出生年份"))
        if one.telephone and one.telephone == other.telephone:
            signs.append(_("电话一样"))
        return signs


def doubles_of(learners: Iterable[Learner], *, earlier_too: bool = False) -> list[Double]:
    """The probable doubles of these, without those that somebody told apart; `earlier_too`: also
    those that were registered before. In the order given. Two queries."""
    here = list(learners)
    alike = Learner.objects.standing().filter(
        unit__in={each.unit_id for each in here}, sound__in={each.sound for each in here}
    )
    others = list(alike.select_related("unit").order_by("pk"))
    apart = _told_apart([each.pk for each in others])
    return [
        Double(*sorted((learner, other), key=lambda each: each.pk))
        for learner in here
        for other in others
        if (other.pk > learner.pk or (earlier_too and other.pk < learner.pk))
        and (other.unit_id, other.sound) == (learner.unit_id, learner.sound)
        and (other.birth_year == learner.birth_year or None in _years(learner, other))
        and frozenset((learner.pk, other.pk)) not in apart
    ]


def _years(*learners: Learner) -> list[int | None]:
    return [each.birth_year for each in learners]


def _told_apart(learners: list[int]) -> set[frozenset[int]]:
    apart: QuerySet[ToldApart] = ToldApart.objects.filter(first__in=learners, second__in=learners)
    return {frozenset(pair) for pair in apart.values_list("first", "second")}
