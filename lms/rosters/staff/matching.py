"""Matching the rows of a list of staff with the accounts and roles that there are. A few queries,
however long the list is.
"""

from collections import defaultdict
from collections.abc import Sequence

from django.db.models import Q
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.people.choices import HELPERS, Role
from lms.people.models import RoleAssignment, supervised_units
from lms.people.queries import administered_units
from lms.rosters.choices import StaffVerdict
from lms.rosters.learners.matching import ENDINGS, UnitsByName, stems
from lms.rosters.learners.queries import batches
from lms.rosters.staff.reading import StaffRow
from lms.units.models import Unit

UNITS_NAMED = 3


def match_staff(rows: Sequence[StaffRow], *, user: User) -> None:
    """Say of each row what importing it would do today. Rows are changed in place. What is wrong
    with its unit, its account or the user's right is told as its other problems."""
    for row in rows:
        row.refusals, row.unit = [], None
    units = _find_units(rows, user=user)
    _require_rights(rows, units, user=user)
    accounts = _find_accounts(rows)
    _require_one_name(rows, accounts, user=user)
    held = _roles_held(rows, accounts)
    above: dict[tuple[str, int | None, str], int] = {}
    new: dict[str, int] = {}  # lines that make an account, by whose it will be
    for row in rows:
        row.twin = row.person = None
        if row.why:
            row.verdict = StaffVerdict.BAD
            continue
        account = accounts.get(row.telephone)
        row.person = account.pk if account else None
        key = (row.whose, row.unit, row.role)
        if key in above:
            row.twin, row.verdict = above[key], StaffVerdict.DOUBLE
        elif (row.telephone or row.name, row.unit, row.role) in held:
            row.verdict = StaffVerdict.HAS_ROLE
        elif row.person is not None or row.whose in new:
            row.verdict = StaffVerdict.KNOWN
        else:
            row.verdict = StaffVerdict.NEW
            new[row.whose] = row.line
        above.setdefault(key, row.line)


def _find_units(rows: Sequence[StaffRow], *, user: User) -> dict[int, Unit]:
    """The units meant, by key."""
    words = {row.unit_words for row in rows if row.unit_words}
    asked = {stem + ending for text in words for stem in stems(text) for ending in ENDINGS}
    found: dict[int, Unit] = {}
    within = administered_units(user)
    for batch in batches(sorted(asked | words)):
        here = within.filter(Q(name__in=batch) | Q(code__in=batch))
        found |= {unit.pk: unit for unit in here}
    named = UnitsByName(list(found.values()))
    answers = {text: _one_unit(text, named.like(text)) for text in words}
    for row in rows:
        answer = answers.get(row.unit_words)
        if isinstance(answer, Unit):
            row.unit = answer.pk
        elif answer is not None:
            row.refusals.append(answer)
    return found


def _one_unit(text: str, found: list[Unit]) -> Unit | str:
    if len(found) == 1:
        return found[0]
    if not found:
        return _("您管的单位里没有“%(unit)s”。请写代码，或者完整的名称。") % {"unit": text[:40]}
    codes = "、".join(f"{unit.name} {unit.code}" for unit in found[:UNITS_NAMED])
    return _("有%(count)d个单位叫“%(unit)s”，请改写代码：%(codes)s。") % {
        "count": len(found),
        "unit": text[:40],
        "codes": codes + ("……" if len(found) > UNITS_NAMED else ""),
    }


def _require_rights(rows: Sequence[StaffRow], units: dict[int, Unit], *, user: User) -> None:
    """As may_appoint, for all of them at once."""
    if user.is_superuser:
        return
    own = supervised_units(user, roles=(Role.OFFICER,))
    for row in rows:
        if row.unit is None or not row.role:
            continue
        unit = units[row.unit]
        allowed = any(
            unit.path.startswith(top.path) and (unit.depth > top.depth or row.role in HELPERS)
            for top in own
        )
        if not allowed:
            row.refusals.append(
                _("您不能办“%(unit)s”的%(role)s，请找上一级的管理员。")
                % {"unit": unit.name, "role": Role(row.role).label}
            )


def _find_accounts(rows: Sequence[StaffRow]) -> dict[str, User]:
    """By telephone."""
    found: dict[str, User] = {}
    for batch in batches(sorted({row.telephone for row in rows if row.telephone})):
        found |= {user.telephone: user for user in User.objects.filter(telephone__in=batch)}
    return found


def _require_one_name(rows: Sequence[StaffRow], accounts: dict[str, User], *, user: User) -> None:
    """A telephone belongs to one person: in the list, and beside the accounts."""
    first: dict[str, StaffRow] = {}
    for row in rows:
        if not row.telephone or not row.name:
            continue
        earlier = first.setdefault(row.telephone, row)
        account = accounts.get(row.telephone)
        if earlier.name != row.name:
            row.refusals.append(
                _("和第%(line)d行是同一个手机号，姓名不一样。") % {"line": earlier.line}
            )
        elif account is not None and account.get_full_name() not in ("", row.name):
            row.refusals.append(_("这个手机号登记的是别的姓名，请核对号码。"))
        elif account is not None and not account.is_active:
            row.refusals.append(_("这个号码的账号停用了，请跟系统管理员说。"))
        elif account is not None and account.pk == user.pk:
            row.refusals.append(_("自己的任职要由上一级的管理员来办。"))


def _roles_held(rows: Sequence[StaffRow], accounts: dict[str, User]) -> set[tuple[str, int, str]]:
    """Who has which role where: by telephone, or by name where the list gives no telephone."""
    by_key = {user.pk: user.telephone for user in accounts.values()}
    held: set[tuple[str, int, str]] = set()
    current = RoleAssignment.objects.not_over()
    for batch in batches(sorted(by_key)):
        for person, unit, role in current.filter(person__in=batch).values_list(
            "person", "unit", "role"
        ):
            held.add((by_key[person], unit, role))
    nameless = defaultdict(set)
    for row in rows:
        if not row.telephone and row.unit is not None and row.name:
            nameless[row.unit].add(row.name)
    for batch in batches(sorted(nameless)):
        there = current.filter(unit__in=batch).select_related("person")
        for assignment in there:
            name = assignment.person.get_full_name()
            if name in nameless[assignment.unit_id]:
                held.add((name, assignment.unit_id, assignment.role))
    return held
