"""What the writing desk saves: many parts at once, and never over a colleague's words unseen."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from lms.manuals.desk_forms import Written, fields_of, key_of
from lms.manuals.models import ManualVersion, Step
from lms.manuals.services.versions import lock_manual, parts_in_order
from lms.manuals.services.writing import change_part, change_version


@dataclass
class Saved:
    """What came of it. Whatever is not named here was kept, or stood so already."""

    #: By key: somebody else changed it meanwhile; what it says otherwise now, by field.
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: By key: why it cannot be kept.
    refused: dict[str, str] = field(default_factory=dict)
    #: Keys of parts that somebody else removed meanwhile.
    gone: list[str] = field(default_factory=list)


def mark_of(row: Written) -> str:
    """Changes when its words do; short enough to stand in a page for every part."""
    values = [getattr(row, name) for name in fields_of(type(row))]
    if isinstance(row, Step):
        values.append(row.picture_id)
    told = "\x1f".join("" if value is None else str(value) for value in values)
    return hashlib.sha256(told.encode()).hexdigest()[:12]


def written_in(draft: ManualVersion) -> dict[str, Written]:
    """The draft itself and its parts by their keys, in the order of reading."""
    return {key_of(row): row for row in (draft, *parts_in_order(draft))}


@transaction.atomic
def save_desk(
    draft: ManualVersion,
    *,
    changes: Mapping[str, Mapping[str, Any]],
    seen: Mapping[str, str],
) -> Saved:
    """Keep `changes` (by key, then by field). A part whose mark is no longer the one `seen` is left
    as it is, unless it says the same already. Raises VersionRefused when it is no draft.
    """
    lock_manual(draft.manual)
    rows = written_in(draft.manual.versions.with_content().get(pk=draft.pk))
    saved = Saved()
    for key, fields in changes.items():
        row = rows.get(key)
        if row is None:
            saved.gone.append(key)
            continue
        changed = {name: value for name, value in fields.items() if value != getattr(row, name)}
        if not changed:
            continue
        if seen.get(key) != mark_of(row):
            saved.conflicts[key] = {name: getattr(row, name) for name in changed}
            continue
        try:
            with transaction.atomic():
                _change(row, changed)
        except ValidationError as error:
            saved.refused[key] = " ".join(error.messages)
    return saved


def _change(row: Written, fields: dict[str, Any]) -> None:
    if isinstance(row, ManualVersion):
        change_version(row, **fields)
    else:
        change_part(row, **fields)
