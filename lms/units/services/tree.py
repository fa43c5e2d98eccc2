"""Verbs that change the tree of units. Each takes effect on a date and never rewrites the past."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from lms.units.following import follow_move
from lms.units.models import Succession, Unit, UnitPast, height_of, level_of


class UnitChangeRefused(Exception):
    """A change that would contradict what is known; the text says why and what to do."""


def lock_tree() -> None:
    """Let nobody else change the tree until the transaction ends, nor count learners up it:
    treebeard counts paths outside the database, and two moves at once would give one path to two
    units."""
    list(Unit.objects.select_for_update(no_key=True).filter(depth=1))


def require_open(unit: Unit, *, on: date) -> None:
    """Raises UnitChangeRefused when the unit is closed, or did not exist yet on that day."""
    if not unit.is_open:
        raise UnitChangeRefused(_("“%(name)s”已经撤销，不能再变更。") % {"name": unit.name})
    if unit.opened_on is not None and on < unit.opened_on:
        raise UnitChangeRefused(
            _("“%(name)s”在%(opened)s才成立，生效日期不能早于这一天。")
            % {"name": unit.name, "opened": unit.opened_on}
        )


def remember_past(unit: Unit, *, on: date) -> None:
    """Keep how the unit stood until `on`; its name or parent is about to change.

    Raises UnitChangeRefused when it has changed on that day or later already.
    """
    require_open(unit, on=on)
    if unit.since is not None and on <= unit.since:
        raise UnitChangeRefused(
            _("“%(name)s”在%(since)s已经变更过，新的生效日期要晚于这一天。")
            % {"name": unit.name, "since": unit.since}
        )
    UnitPast.objects.create(
        unit=unit,
        name=unit.name,
        parent=unit.get_parent(),
        from_date=unit.since,
        until_date=on,
        step=unit.path[-Unit.steplen :],
    )
    unit.since = on


@transaction.atomic
def rename_unit(unit: Unit, *, name: str, on: date) -> None:
    if name == unit.name:
        raise UnitChangeRefused(_("这个单位已经叫“%(name)s”。") % {"name": name})
    remember_past(unit, on=on)
    unit.name = name
    unit.save(update_fields=["name", "since"])


@transaction.atomic
def move_unit(unit: Unit, *, parent: Unit, on: date) -> None:
    """Put the unit, and with it all below, under another one from that day on."""
    if parent.pk == unit.pk or parent.is_descendant_of(unit):
        raise UnitChangeRefused(_("不能把一个单位移到它自己下面。"))
    if not parent.is_open:
        raise UnitChangeRefused(_("“%(name)s”已经撤销，不能接收单位。") % {"name": parent.name})
    if unit.is_child_of(parent):
        raise UnitChangeRefused(
            _("“%(name)s”本来就在“%(parent)s”下面。") % {"name": unit.name, "parent": parent.name}
        )
    if height_of(parent) <= height_of(unit):
        raise UnitChangeRefused(
            _("“%(parent)s”是%(parent_level)s，下面不能放%(level)s。")
            % {
                "parent": parent.name,
                "parent_level": parent.get_level_display(),
                "level": unit.get_level_display(),
            }
        )
    remember_past(unit, on=on)
    unit.save(update_fields=["since"])
    put_under(unit, parent)


def put_under(unit: Unit, parent: Unit) -> None:
    """Change the paths of the unit and of all below it, and let what is kept by the tree follow.
    Whoever moves a unit comes through here, within a transaction; the dates are the caller's."""
    hold_below(unit)
    was = unit.path
    unit.move(parent, "last-child")
    unit.refresh_from_db()
    follow_move(unit, was=was)


def hold_below(*units: Unit) -> None:
    """Let rolls that are being taken there finish, and others wait until the transaction ends, so
    that each adds its marks up one way. Who moves several units holds all of them first.

    From below: a roll goes up from its village, and who came down would meet it in a circle."""
    below = Unit.objects.below(*units).order_by("-depth", "pk")
    list(below.select_for_update().values_list("pk"))


@transaction.atomic
def close_unit(unit: Unit, *, on: date, with_units_below: bool = False) -> None:
    """The unit is no more from that day on; what it did before stays.

    Raises UnitChangeRefused when open units stand below it, unless they are to be closed as well,
    and when it or one of those opened or changed after that day.
    """
    require_open(unit, on=on)
    below = Unit.objects.below(unit).open().exclude(pk=unit.pk)
    if not with_units_below and below.exists():
        raise UnitChangeRefused(
            _("“%(name)s”下面还有%(count)d个单位，请先移走或撤销它们。")
            % {"name": unit.name, "count": below.count()}
        )
    too_late = Q(opened_on__gt=on) | Q(since__gt=on)
    late = Unit.objects.below(unit).open().filter(too_late).first()
    if late is not None:
        raise UnitChangeRefused(
            _("“%(name)s”在%(since)s变更过，撤销日期不能早于这一天。")
            % {"name": late.name, "since": late.since or late.opened_on}
        )
    below.update(closed_on=on)
    unit.closed_on = on
    unit.save(update_fields=["closed_on"])


@transaction.atomic
def merge_units(units: Sequence[Unit], *, into: Unit, on: date) -> None:
    """`into` takes the others over: their units below move to it, and they close."""
    require_open(into, on=on)
    hold_below(*units)
    for unit in units:
        require_open(unit, on=on)
        if unit.pk == into.pk:
            raise UnitChangeRefused(_("不能把一个单位并入它自己。"))
        if unit.level != into.level:
            raise UnitChangeRefused(
                _("“%(name)s”是%(level)s，只能并入另一个%(level)s。")
                % {"name": unit.name, "level": unit.get_level_display()}
            )
        for child in unit.get_children().filter(closed_on__isnull=True):
            move_unit(child, parent=into, on=on)
        unit.refresh_from_db()
        close_unit(unit, on=on)
        # There is one already when `into` was once split off it, which stays as it was; or when an
        # import had opened the unit again, which undid the first merge.
        merges = unit.successions.filter(successor=into).exclude(on=F("successor__opened_on"))
        if not merges.update(on=on):
            Succession.objects.create(unit=unit, successor=into, on=on)


@transaction.atomic
def split_unit(unit: Unit, *, parts: Sequence[tuple[str, str]], on: date) -> list[Unit]:
    """New units (code, name) beside this one take part of it over; it stays open itself."""
    require_open(unit, on=on)
    made = []
    for code, name in parts:
        if level_of(code) != unit.level:
            raise UnitChangeRefused(
                _("代码%(code)s有%(length)d位，这一级的代码应该有%(expected)d位。")
                % {"code": code, "length": len(code), "expected": len(unit.code)}
            )
        if Unit.objects.filter(code=code).exists():
            raise UnitChangeRefused(_("代码%(code)s已经有单位在用。") % {"code": code})
        part = unit.add_sibling(
            "last-sibling", code=code, name=name, level=unit.level, opened_on=on
        )
        Succession.objects.create(unit=unit, successor=part, on=on)
        made.append(part)
    return made
