"""What can be edited in a draft, and how the editor's page refers to each part of it."""

import hashlib
from typing import Final, TypeAlias

from lms.manuals.models import (
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
    Part,
    parts_in_order,
)

#: A draft or one of its parts.
EditedRow: TypeAlias = ManualVersion | Part

#: Stands for the draft itself where a part has its key.
VERSION_KEY: Final = "version"
MARKER_FIELDS: Final = ("marker_x", "marker_y", "marker_w", "marker_h")

#: What is typed, in the order of the form.
TYPED_FIELDS: Final[dict[type[EditedRow], tuple[str, ...]]] = {
    ManualVersion: (
        "title",
        "service_telephone",
        "software_version",
        "checked_on",
        "review_due",
    ),
    ManualWarning: ("words",),
    ManualTask: ("title",),
    ManualStep: ("words", "alt", "warning", "expected", *MARKER_FIELDS),
    ManualTrouble: ("problem", "remedy"),
}
#: Beside that, a video or a picture is chosen, and a step may come from a page of a file. Positions
#: change by moving a part, keys never.
EDITABLE_FIELDS: Final[dict[type[EditedRow], frozenset[str]]] = {
    **{kind: frozenset(fields) for kind, fields in TYPED_FIELDS.items()},
    ManualVersion: frozenset({*TYPED_FIELDS[ManualVersion], "video"}),
    ManualStep: frozenset({*TYPED_FIELDS[ManualStep], "picture", "original_page"}),
}


def key_of(row: EditedRow) -> str:
    return VERSION_KEY if isinstance(row, ManualVersion) else str(row.key)


def mark_of(row: EditedRow) -> str:
    """Twelve hex digits that change when the row's words or its picture do."""
    values = [getattr(row, name) for name in TYPED_FIELDS[type(row)]]
    if isinstance(row, ManualStep):
        values.append(row.picture_id)
    joined = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.sha256(joined.encode()).hexdigest()[:12]


def rows_by_key(draft: ManualVersion) -> dict[str, EditedRow]:
    """The draft itself and its parts, in the order of reading."""
    return {key_of(row): row for row in (draft, *parts_in_order(draft))}
