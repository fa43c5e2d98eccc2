"""What changed between two versions of a manual. Parts are matched by their keys, so that a moved
step is told from one that was removed while another was added."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.manuals.models import (
    ManualPicture,
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualVideo,
    ManualWarning,
    Part,
    parts_in_order,
)

#: The fields that are compared, in the order in which they are listed, and their labels.
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
    ManualTask: {"title": gettext_lazy("想做什么")},
    ManualStep: {
        "words": gettext_lazy("做什么"),
        "picture": gettext_lazy("图片"),
        "marker": gettext_lazy("图上的框"),
        "alt": gettext_lazy("图上是什么"),
        "warning": gettext_lazy("小心什么"),
        "expected": gettext_lazy("应该看到什么"),
    },
    ManualTrouble: {"problem": gettext_lazy("问题"), "remedy": gettext_lazy("怎么办")},
}


class PartChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True)
class TextPiece:
    """A piece of a text. change None: it is in both versions."""

    change: PartChangeKind | None
    text: str


@dataclass(frozen=True)
class FieldChange:
    """`pieces` for words; for pictures `before` and `after`, None where there was no picture."""

    label: str
    pieces: list[TextPiece]
    before: ManualPicture | None = None
    after: ManualPicture | None = None


@dataclass(frozen=True)
class PartChange:
    change: PartChangeKind
    where: str
    fields: list[FieldChange]


def differences_of(new: ManualVersion, *, old: ManualVersion) -> list[PartChange]:
    """In the reading order of the new one; removed parts come last. Both must have come by
    `with_content`."""
    found = []
    if fields := list(_changed_fields(old, new, VERSION_FIELDS)):
        found.append(PartChange(PartChangeKind.CHANGED, _("整份说明书"), fields))
    before, after = _parts_of(old), _parts_of(new)
    places = _places(old), _places(new)
    moved = _moved([key for key in before if key in after], [key for key in after if key in before])
    for key, part in after.items():
        names = PART_FIELDS[type(part)]
        if key not in before:
            fields = list(_changed_fields(None, part, names))
            found.append(PartChange(PartChangeKind.ADDED, places[1][key], fields))
        elif fields := list(_changed_fields(before[key], part, names)):
            found.append(PartChange(PartChangeKind.CHANGED, places[1][key], fields))
        elif key in moved:
            where = _("%(before)s，现在是%(after)s") % {
                "before": places[0][key],
                "after": places[1][key],
            }
            words = [FieldChange(str(next(iter(names.values()))), [TextPiece(None, str(part))])]
            found.append(PartChange(PartChangeKind.MOVED, where, words))
    for key, part in before.items():
        if key not in after:
            fields = list(_changed_fields(part, None, PART_FIELDS[type(part)]))
            found.append(PartChange(PartChangeKind.REMOVED, places[0][key], fields))
    return found


def pieces_of(before: str, after: str) -> list[TextPiece]:
    """Compared sign by sign, since Chinese has no spaces between words."""
    pieces = []
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if kind == "equal":
            pieces.append(TextPiece(None, before[a:b]))
            continue
        if b > a:
            pieces.append(TextPiece(PartChangeKind.REMOVED, before[a:b]))
        if d > c:
            pieces.append(TextPiece(PartChangeKind.ADDED, after[c:d]))
    return pieces


def _parts_of(version: ManualVersion) -> dict[UUID, Part]:
    """By key, in the order of reading."""
    return {part.key: part for part in parts_in_order(version)}


def _places(version: ManualVersion) -> dict[UUID, str]:
    """By key, where each part is, in words: 怎么量血压 · 第2步."""
    said = {}
    for number, warning in enumerate(version.warnings.all(), 1):
        said[warning.key] = _("第%(number)d条警告") % {"number": number}
    for number, task in enumerate(version.tasks.all(), 1):
        name = task.title or _("第%(number)d件事") % {"number": number}
        said[task.key] = name
        for place, step in enumerate(task.steps.all(), 1):
            words = _("%(task)s · 第%(number)d步") % {"task": name, "number": place}
            said[step.key] = words
    for number, trouble in enumerate(version.troubles.all(), 1):
        said[trouble.key] = _("第%(number)d个常见问题") % {"number": number}
    return said


def _moved(before: Sequence[UUID], after: Sequence[UUID]) -> set[UUID]:
    """A smallest set of keys whose moving turns one order into the other."""
    blocks = SequenceMatcher(None, before, after, autojunk=False).get_matching_blocks()
    stayed = {key for block in blocks for key in before[block.a : block.a + block.size]}
    return set(before) - stayed


def _changed_fields(old: Any, new: Any, names: dict[str, Any]) -> Iterator[FieldChange]:
    """old None: the part is new. new None: it was removed."""
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
