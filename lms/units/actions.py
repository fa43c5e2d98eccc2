"""The five changes of a unit that the admin offers: rename, move, merge, split, close; and taking
the latest one back.

Each is shown before it is made: the preview makes it in earnest, looks, and takes it back, so that
it refuses what the change itself would refuse.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, assert_never

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from lms.accounts.access import Visitor
from lms.units import forms
from lms.units.following import bring_people_back, settle_people
from lms.units.models import Unit, UnitPast
from lms.units.queries import FormerState, former_state, open_units_below, trail_of
from lms.units.services import tree as service
from lms.units.services.undo import ChangeKind, LastChange, last_change, undo_last_change

SHOWN = 20  # of the units that go along, and of what is kept
#: A valid form's cleaned_data.
Data = dict[str, Any]


@dataclass(frozen=True)
class Change:
    """One line of a preview: what it is, how it stands and how it will."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class UnitAction:
    """A change of one unit. `describe` tells it before it is made; its first line goes into the
    history. `run` makes it, raises UnitChangeRefused, and returns the other units concerned."""

    slug: str
    label: str | Promise
    icon: str
    explanation: str | Promise
    form_class: type[forms.UnitChangeForm]
    describe: Callable[[Unit, Data], list[Change]]
    run: Callable[[Unit, Data], Sequence[Unit]]
    takes_those_below: bool = False
    #: What people must see to themselves; None: nothing.
    afterwards: str | Promise | None = None
    #: Who takes on the people of the unit when its form says that they move; None: nobody.
    people_to: Callable[[Unit, Data], Unit | None] = lambda unit, data: None
    #: The rows of the past that it forgets.
    forgets: Callable[[Unit], Sequence[UnitPast]] = lambda unit: ()

    @property
    def log_action(self) -> str:
        return f"units.{self.slug}_unit"


@dataclass(frozen=True)
class Preview:
    changes: list[Change]
    along: list[Unit]  # the first SHOWN of those that move along
    along_count: int
    kept: list[FormerState]  # the first SHOWN of what will be past
    kept_count: int
    forgotten: list[FormerState]


def preview(action: UnitAction, unit: Unit, data: Data) -> Preview:
    """What the change would do; writes nothing. Raises UnitChangeRefused where it would."""
    with transaction.atomic():
        service.lock_tree()
        unit = Unit.objects.get(pk=unit.pk)
        changes = action.describe(unit, data)
        forgotten = [former_state(past) for past in action.forgets(unit)]
        below = open_units_below(unit) if action.takes_those_below else Unit.objects.none()
        along, along_count = list(below[:SHOWN]), below.count()
        newest = UnitPast.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
        action.run(unit, data)
        pasts = UnitPast.objects.filter(pk__gt=newest)
        kept = pasts.select_related("unit", "parent").order_by("unit__path")[:SHOWN]
        result = Preview(
            changes=changes,
            along=along,
            along_count=along_count,
            kept=[former_state(past) for past in kept],
            kept_count=pasts.count(),
            forgotten=forgotten,
        )
        transaction.set_rollback(True)
    return result


@transaction.atomic
def perform(action: UnitAction, unit: Unit, data: Data, *, user: Visitor) -> None:
    """Make the change and write it into the history of every unit that it concerns."""
    service.lock_tree()
    unit = Unit.objects.get(pk=unit.pk)
    told = action.describe(unit, data)[0]
    undone = last_change(unit) if action is UNDO else None
    others = action.run(unit, data)
    reason = _reason(action.label, unit)
    if "people" in data:
        to = action.people_to(unit, data)
        settle_people(unit, to=to, how=data["people"], reason=reason, by=user)
    if undone is not None:
        labels = {each.slug: each.label for each in UNIT_ACTIONS}
        sent_by = _reason(labels[undone.kind], unit)
        bring_people_back(unit, sent_by=sent_by, reason=reason, by=user)
    said = {"on": data["on"].isoformat(), "before": told.before, "after": told.after}
    for concerned in (unit, *others):
        log(instance=concerned, action=action.log_action, user=user, data=said)


def _reason(action: str | Promise, unit: Unit) -> str:
    """As it stands in the log of roles; in one language, since it is looked for again."""
    with translation.override(settings.LANGUAGE_CODE):
        return (_("单位%(action)s：%(unit)s") % {"action": action, "unit": unit.name})[:80]


def _rename(unit: Unit, data: Data) -> Sequence[Unit]:
    service.rename_unit(unit, name=data["name"], on=data["on"])
    return []


def _tell_rename(unit: Unit, data: Data) -> list[Change]:
    return [Change(_("名称"), unit.name, data["name"])]


def _move(unit: Unit, data: Data) -> Sequence[Unit]:
    service.move_unit(unit, parent=_fresh(data["parent"]), on=data["on"])
    return []


def _tell_move(unit: Unit, data: Data) -> list[Change]:
    parent = data["parent"]
    return [Change(_("上级"), trail_of(unit) or _("没有"), _full_name(parent))]


def _merge(unit: Unit, data: Data) -> Sequence[Unit]:
    into = _fresh(data["into"])
    service.merge_units([unit], into=into, on=data["on"])
    return [into]


def _tell_merge(unit: Unit, data: Data) -> list[Change]:
    return [
        Change(_("合并"), _full_name(unit), _full_name(data["into"])),
        Change(_("“%(name)s”的状态") % {"name": unit.name}, _("在用"), _("撤销")),
    ]


def _split(unit: Unit, data: Data) -> Sequence[Unit]:
    return service.split_unit(unit, parts=data["parts"], on=data["on"])


def _tell_split(unit: Unit, data: Data) -> list[Change]:
    names = "、".join([unit.name, *(name for _code, name in data["parts"])])
    new = [Change(_("新单位"), _("没有"), f"{name}（{code}）") for code, name in data["parts"]]
    return [Change(_("拆分"), unit.name, names), *new]


def _close(unit: Unit, data: Data) -> Sequence[Unit]:
    service.close_unit(unit, on=data["on"])
    return []


def _tell_close(unit: Unit, data: Data) -> list[Change]:
    return [Change(_("状态"), _("在用"), _("撤销"))]


def _undo(unit: Unit, data: Data) -> Sequence[Unit]:
    change = undo_last_change(unit)
    return change.others if change.kind == ChangeKind.MERGE else []


def _tell_undo(unit: Unit, data: Data) -> list[Change]:
    change = last_change(unit)
    if change is None:
        return [Change(_("变更"), _("没有"), _("没有"))]
    match change.kind:
        case ChangeKind.RENAME:
            return [Change(_("名称"), unit.name, change.pasts[0].name)]
        case ChangeKind.MOVE:
            parent = change.pasts[0].parent
            back = _full_name(parent) if parent else _("没有")
            return [Change(_("上级"), trail_of(unit) or _("没有"), back)]
        case ChangeKind.CLOSE:
            return [Change(_("状态"), _("撤销"), _("在用"))]
        case ChangeKind.MERGE:
            return _tell_unmerging(unit, change)
        case ChangeKind.SPLIT:
            return _tell_unsplitting(unit, change)
    assert_never(change.kind)


def _tell_unmerging(unit: Unit, change: LastChange) -> list[Change]:
    [into] = change.others
    names = "、".join(past.name for past in change.pasts[:SHOWN]) or _("没有")
    return [
        Change(_("合并"), _full_name(into), _full_name(unit)),
        Change(_("状态"), _("撤销"), _("在用")),
        Change(_("跟着回来的单位"), names, unit.name),
    ]


def _tell_unsplitting(unit: Unit, change: LastChange) -> list[Change]:
    names = "、".join([unit.name, *(part.name for part in change.others)])
    gone = [Change(_("新单位"), f"{part.name}（{part.code}）", _("没有")) for part in change.others]
    return [Change(_("拆分"), names, unit.name), *gone]


def _forgotten(unit: Unit) -> Sequence[UnitPast]:
    change = last_change(unit)
    return change.pasts[:SHOWN] if change else ()


def _fresh(unit: Unit) -> Unit:
    """As it stands now that the tree is locked."""
    fresh: Unit = Unit.objects.get(pk=unit.pk)
    return fresh


def _full_name(unit: Unit) -> str:
    return " › ".join(filter(None, [trail_of(unit), unit.name]))


STAYS = gettext_lazy("班级和学员仍然记在原来的单位名下；没有结束的班，原来的人带到结束为止。")
SPLIT_STAYS = gettext_lazy("任职、班级和学员仍然记在原来的单位名下；人可以在“人员”里换单位。")
UNIT_ACTIONS = (
    UnitAction(
        slug="rename",
        label=gettext_lazy("改名"),
        icon="edit",
        explanation=gettext_lazy("从生效日期起用新名称；那天以前的报表仍写旧名称。"),
        form_class=forms.RenameForm,
        describe=_tell_rename,
        run=_rename,
    ),
    UnitAction(
        slug="move",
        label=gettext_lazy("移动"),
        icon="arrow-right-full",
        explanation=gettext_lazy("从生效日期起归另一个上级，下面的单位跟着走。"),
        form_class=forms.MoveForm,
        describe=_tell_move,
        run=_move,
        takes_those_below=True,
    ),
    UnitAction(
        slug="merge",
        label=gettext_lazy("合并"),
        icon="resubmit",
        explanation=gettext_lazy(
            "这个单位并入另一个单位，从生效日期起撤销；下面的单位都归那一个。"
        ),
        form_class=forms.MergeForm,
        describe=_tell_merge,
        run=_merge,
        takes_those_below=True,
        afterwards=STAYS,
        people_to=lambda unit, data: _fresh(data["into"]),
    ),
    UnitAction(
        slug="split",
        label=gettext_lazy("拆分"),
        icon="copy",
        explanation=gettext_lazy("从生效日期起分出新的单位，和这个单位同一个上级。"),
        form_class=forms.SplitForm,
        describe=_tell_split,
        run=_split,
        afterwards=SPLIT_STAYS,
    ),
    UnitAction(
        slug="close",
        label=gettext_lazy("撤销"),
        icon="cross",
        explanation=gettext_lazy(
            "从生效日期起不再使用；以前的记录都保留。下面没有单位了才能撤销。"
        ),
        form_class=forms.CloseForm,
        describe=_tell_close,
        run=_close,
        afterwards=STAYS,
        people_to=lambda unit, data: unit.get_parent(),
    ),
)
#: Offered apart, since it asks nothing, and of closed units too.
UNDO = UnitAction(
    slug="undo",
    label=gettext_lazy("撤回最近一次变更"),
    icon="undo",
    explanation=gettext_lazy("只用来改正录错的变更：名称、上级和记录都回到变更以前的样子。"),
    form_class=forms.UndoForm,
    describe=_tell_undo,
    run=_undo,
    forgets=_forgotten,
)
