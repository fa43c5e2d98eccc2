"""Matching the rows of a list with the register: who is there already, who may be, who is new. A
few queries, however long the list is.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.classes.models import ClassGroup
from lms.classes.queries import administered_villages, enrollable_learners
from lms.people.models import Learner, administered_by
from lms.rosters.cells import half_width
from lms.rosters.choices import RosterVerdict
from lms.rosters.learners.queries import batches, in_class
from lms.rosters.learners.reading import RosterRow, allowed_choices
from lms.units.models import Unit, path_above

VILLAGES_NAMED = 3
#: Ends of villages' names, which people leave out or write in another way.
ENDINGS = (
    "社区居民委员会", "社区居委会", "居民委员会", "村民委员会", "村委会", "居委会", "社区", "村",
    "",
)  # fmt: skip


def match_rows(
    rows: Sequence[RosterRow], *, unit: Unit, class_group: ClassGroup | None, user: User
) -> None:
    """Say of each row what importing it would do today. Rows are changed in place; a choice that
    no longer fits is taken back. Problems of a row's village or number are told as its others."""
    readable = [row for row in rows if not row.problems]
    _find_villages(readable, unit=unit, user=user)
    by_number = _find_numbers(readable, class_group=class_group, user=user)
    namesakes = _find_namesakes(readable)
    earlier: dict[tuple[int | None, str], list[RosterRow]] = defaultdict(list)
    for row in rows:
        row.twin, row.candidates = None, []
        if row.problems:
            row.verdict = RosterVerdict.BAD
            continue
        above = earlier[row.unit, row.name]
        row.twin = next((other.line for other in above if _may_be_one(row, other)), None)
        above.append(row)
        if row.number:
            row.candidates = [by_number[row.number]]
            row.verdict = RosterVerdict.KNOWN
        else:
            _compare(row, namesakes[row.unit, row.name])
        if row.twin is not None:
            row.verdict, row.candidates = RosterVerdict.DOUBLE, []
        row.choice = row.choice if row.choice in allowed_choices(row) else ""
    _find_classmates(rows, class_group)


@dataclass(frozen=True)
class Particulars:
    pk: int
    birth_year: int | None


def _compare(row: RosterRow, namesakes: list[Particulars]) -> None:
    """As find_same_learners: of one name and unit, and no other year of birth known."""
    same = [
        learner
        for learner in namesakes
        if row.birth_year is None or learner.birth_year in (row.birth_year, None)
    ]
    certain = [learner for learner in same if row.birth_year and learner.birth_year]
    if len(certain) == 1:
        row.candidates, row.verdict = [certain[0].pk], RosterVerdict.KNOWN
    else:
        row.candidates = [learner.pk for learner in certain or same]
        row.verdict = RosterVerdict.MAYBE if same else RosterVerdict.NEW


def _may_be_one(row: RosterRow, other: RosterRow) -> bool:
    """Two rows of one name and unit."""
    if row.number and other.number:
        return row.number == other.number
    return row.birth_year == other.birth_year or None in (row.birth_year, other.birth_year)


# --- Who and where ----------------------------------------------------------------------------


def _find_namesakes(
    rows: Sequence[RosterRow],
) -> dict[tuple[int | None, str], list[Particulars]]:
    found: dict[tuple[int | None, str], list[Particulars]] = defaultdict(list)
    names: dict[int | None, set[str]] = defaultdict(set)
    for row in rows:
        names[row.unit].add(row.name)
    for unit, of_unit in names.items():
        for batch in batches(sorted(of_unit)):
            learners = Learner.objects.standing().filter(unit=unit, name__in=batch)
            for pk, name, birth_year in learners.order_by("pk").values_list(
                "pk", "name", "birth_year"
            ):
                found[unit, name].append(Particulars(pk, birth_year))
    return found


def _find_numbers(
    rows: Sequence[RosterRow], *, class_group: ClassGroup | None, user: User
) -> dict[str, int]:
    """Learners by number. A number that is somebody else's, or of somebody whom the user may not
    put there, is a problem of its row; whose it is, is not told. One of who was merged into
    another tells that one, by either name."""
    numbered = {row.number for row in rows if row.number}
    if not numbered:
        return {}
    if class_group is not None:
        learners = enrollable_learners(user, class_group)
    else:
        learners = Learner.objects.filter(administered_by(user, prefix="unit__"))
    found: dict[str, tuple[Learner, set[str]]] = {}
    for batch in batches(sorted(numbered)):
        cards = Learner.objects.filter(number__in=batch, erased_at__isnull=True)
        whose = {card.number: card for card in cards.select_related("merged_into")}
        within = set(
            learners.filter(pk__in=[card.stands_as for card in whose.values()])
            .standing()
            .values_list("pk", flat=True)
        )
        for number, card in whose.items():
            if card.stands_as in within:
                kept = card.merged_into or card
                found[number] = kept, {kept.name, card.name}
    for row in rows:
        if not row.number:
            continue
        learner, names = found.get(row.number) or (None, set[str]())
        if row.name not in names:
            row.problems.append(
                _("学员号%(number)s在这里不是“%(name)s”的。请对着学员卡再看一遍，没有就空着。")
                % {"number": row.number, "name": row.name}
            )
            row.written = row.as_written()
        row.unit = learner.unit_id if learner else row.unit
    return {number: kept.pk for number, (kept, _names) in found.items()}


def _find_villages(rows: Sequence[RosterRow], *, unit: Unit, user: User) -> None:
    """Where each row's learner is to be registered: the village that it names, else `unit`."""
    written = {row.village: half_width(row.village).replace(" ", "") for row in rows if row.village}
    villages = UnitsByName(_villages_like(set(written.values()), home=unit, user=user))
    answers = {
        as_typed: _village(text, villages.like(text), home=unit)
        for as_typed, text in written.items()
    }
    for row in rows:
        answer = answers[row.village] if row.village and not row.number else unit
        if isinstance(answer, Unit):
            row.unit = answer.pk
        else:
            row.problems.append(answer)
            row.written = row.as_written()


def _villages_like(words: set[str], *, home: Unit, user: User) -> list[Unit]:
    """The home, and whatever the user may register in that may be meant by one of the words."""
    asked = {stem + ending for text in words for stem in stems(text) for ending in ENDINGS}
    found = {home.pk: home}
    registrable = administered_villages(user) if asked else Unit.objects.none()
    for batch in batches(sorted(asked)):
        here = registrable.filter(Q(name__in=batch) | Q(code__in=batch))
        found |= {village.pk: village for village in here}
    return list(found.values())


class UnitsByName:
    """Villages, or other units, by what people call them."""

    def __init__(self, villages: Sequence[Unit]) -> None:
        self.by_word: dict[str, list[Unit]] = defaultdict(list)  # by code, and by name as it stands
        self.by_stem: dict[str, list[Unit]] = defaultdict(list)  # by name without its end
        for village in villages:
            for word in (village.code, village.name):
                self.by_word[word].append(village)
            for stem in stems(village.name):
                self.by_stem[stem].append(village)

    def like(self, text: str) -> list[Unit]:
        """Those that are just so called, else by the name without an end, else by another end."""
        other_end = {each.pk: each for stem in sorted(stems(text)) for each in self.by_stem[stem]}
        return self.by_word[text] or self.by_stem[text] or list(other_end.values())


def _village(text: str, alike: Sequence[Unit], *, home: Unit) -> Unit | str:
    """The one that is meant, or what is wrong, in words. The home's own street comes first."""
    street = path_above(home.path)
    near = [village for village in alike if village.path.startswith(street)] or alike
    if len(near) == 1:
        return near[0]
    if near:
        codes = "、".join(village.code for village in near[:VILLAGES_NAMED])
        return _("有%(count)d个村居叫“%(village)s”，请改写代码，如%(codes)s。") % {
            "count": len(near),
            "village": text,
            "codes": codes,
        }
    return _(
        "村居“%(village)s”没有找到，或者不归您登记。请写全称或代码；您只登记%(home)s的，就空着。"
    ) % {"village": text, "home": home.name}


def stems(name: str) -> set[str]:
    """The name without any one of the ends that fits, and as it is: 新村社区 is 新村 as well."""
    return {name.removesuffix(ending) for ending in ENDINGS if name.endswith(ending)}


def _find_classmates(rows: Sequence[RosterRow], class_group: ClassGroup | None) -> None:
    """Who is known and in the class, or waits for it, need not be put in again."""
    here = in_class({row.candidates[0] for row in rows if row.candidates}, class_group)
    for row in rows:
        if row.verdict == RosterVerdict.KNOWN and row.candidates[0] in here:
            row.verdict = RosterVerdict.IN_CLASS
