"""What one version of a manual says otherwise than another: by the keys of its parts, so that a
step that was moved is not a step that was removed and another that was added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final, TypeAlias

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.manuals.models import ManualPicture, ManualVersion, ManualWarning, Step, Task, Trouble
from lms.manuals.models.products import ManualVideo

Part: TypeAlias = ManualWarning | Task | Step | Trouble

#: What is compared, in the order in which it is told, and what it is called.
VERSION_FIELDS: Final[dict[str, Any]] = {
    "title": gettext_lazy("说明书名称"),
    "software_version": gettext_lazy("软件版本"),
    "service_telephone": gettext_lazy("客服电话"),
    "checked_on": gettext_lazy("核对日期"),
    "review_due": gettext_lazy("下次核对"),
    "video": gettext_lazy("视频"),
}
PART_FIELDS: Final[dict[type[Part], dict[str, Any]]] = {
    ManualWarning: {"words": gettext_lazy("警告")},
    Task: {"title": gettext_lazy("想做什么")},
    Step: {
        "words": gettext_lazy("做什么"),
        "picture": gettext_lazy("图片"),
        "marker": gettext_lazy("图上的框"),
        "alt": gettext_lazy("图上是什么"),
        "warning": gettext_lazy("小心什么"),
        "expected": gettext_lazy("应该看到什么"),
    },
    Trouble: {"problem": gettext_lazy("问题"), "remedy": gettext_lazy("怎么办")},
}


class Change(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class Piece:
    """Some signs of a text: in both versions, or in one of them."""

    change: Change | None
    text: str


@dataclass(frozen=True)
class FieldChange:
    """`pieces` for words, `before` and `after` for pictures; None where there is none."""

    label: str
    pieces: list[Piece]
    before: ManualPicture | None = None
    after: ManualPicture | None = None


@dataclass(frozen=True)
class Difference:
    change: Change
    where: str
    fields: list[FieldChange]


def differences_of(new: ManualVersion, *, old: ManualVersion) -> list[Difference]:
    """In the order of reading the new one; what was removed comes last. Both `with_content`."""
    found = []
    if fields := list(_changed_fields(old, new, VERSION_FIELDS)):
        found.append(Difference(Change.CHANGED, _("整份说明书"), fields))
    before, after = dict(_parts_of(old)), dict(_parts_of(new))
    places = _places(old), _places(new)
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    for key, part in after.items():
        names = PART_FIELDS[type(part)]
        if key not in before:
            fields = list(_changed_fields(None, part, names))
            found.append(Difference(Change.ADDED, places[1][key], fields))
        elif fields := list(_changed_fields(before[key], part, names)):
            found.append(Difference(Change.CHANGED, places[1][key], fields))
        elif key in moved:
            where = _("%(before)s，现在是%(after)s") % {
                "before": places[0][key],
                "after": places[1][key],
            }
            words = [FieldChange(str(next(iter(names.values()))), [Piece(None, str(part))])]
            found.append(Difference(Change.MOVED, where, words))
    for key, part in before.items():
        if key not in after:
            fields = list(_changed_fields(part, None, PART_FIELDS[type(part)]))
            found.append(Difference(Change.REMOVED, places[0][key], fields))
    return found


def pieces_of(before: str, after: str) -> list[Piece]:
    """Sign by sign, since Chinese has no blanks between words."""
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(Piece(None, before[a:b]))
            continue
        if b > a:
            pieces.append(Piece(Change.REMOVED, before[a:b]))
        if d > c:
            pieces.append(Piece(Change.ADDED, after[c:d]))
    return pieces


def _parts_of(version: ManualVersion) -> Iterator[tuple[str, Part]]:
    """By what stays the same from version to version."""
    for part in _in_order(version):
        yield f"{type(part).__name__} {part.key}", part


def _in_order(version: ManualVersion) -> Iterator[Part]:
    yield from version.warnings.all()
    for task in version.tasks.all():
        yield task
        yield from task.steps.all()
    yield from version.troubles.all()


def _places(version: ManualVersion) -> dict[str, str]:
    """Where each part stands, as people say it."""
    said = {}
    for number, warning in enumerate(version.warnings.all(), 1):
        said[f"ManualWarning {warning.key}"] = _("第%(number)d条警告") % {"number": number}
    for number, task in enumerate(version.tasks.all(), 1):
        name = task.title or _("第%(number)d件事") % {"number": number}
        said[f"Task {task.key}"] = name
        for place, step in enumerate(task.steps.all(), 1):
            words = _("%(task)s · 第%(number)d步") % {"task": name, "number": place}
            said[f"Step {step.key}"] = words
    for number, trouble in enumerate(version.troubles.all(), 1):
        said[f"Trouble {trouble.key}"] = _("第%(number)d个常见问题") % {"number": number}
    return said


def _moved(before: Sequence[str], after: Sequence[str]) -> set[str]:
    """The fewest that must have moved for one order to become the other."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in before[block.a : block.a + block.size]}
    return set(before) - stayed


def _changed_fields(old: Any, new: Any, names: dict[str, Any]) -> Iterator[FieldChange]:
    """None: all of the other one is new, or gone."""
    for name, label in names.items():
        before, after = getattr(old, name, None), getattr(new, name, None)
        if before == after or not (before or after):
            continue
        if name == "picture":
            yield FieldChange(str(label), [], before, after)
        else:
            yield FieldChange(str(label), pieces_of(_said(before), _said(after)))


def _said(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, ManualVideo):
        return value.video.title
    if hasattr(value, "w"):  # a marker
        return f"{value.x}, {value.y}, {value.w} × {value.h} %"
    return str(value)
