"""Saves many parts of a draft at once, without overwriting what a colleague changed meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from lms.manuals.editor.parts import EditedRow, mark_of, rows_by_key
from lms.manuals.editor.services.writing import change_part, change_version
from lms.manuals.models import Manual, ManualVersion


@dataclass
class SaveResult:
    """What was not saved. Every part that is not named here was saved, or said the same already."""

    #: By key, what a part says now in the fields that somebody else changed meanwhile.
    conflicts: dict[str, dict[str, Any]] = field(default_factory=dict)
    #: By key, why the part's values cannot be saved.
    refused: dict[str, str] = field(default_factory=dict)
    #: Keys of parts that somebody else removed meanwhile.
    gone: list[str] = field(default_factory=list)


@transaction.atomic
def save_parts(
    draft: ManualVersion,
    *,
    changes: Mapping[str, Mapping[str, Any]],
    seen: Mapping[str, str],
) -> SaveResult:
    """Save `changes` (by key, then by field). A part whose mark is no longer the one in `seen` is
    not overwritten, unless it says the same already. Raises VersionRefused when it is no draft.
    """
    manual = Manual.objects.locked(draft.manual)
    rows = rows_by_key(manual.versions.with_content().get(pk=draft.pk))
    result = SaveResult()
    for key, fields in changes.items():
        row = rows.get(key)
        if row is None:
            result.gone.append(key)
            continue
        changed = {name: value for name, value in fields.items() if value != getattr(row, name)}
        if not changed:
            continue
        if seen.get(key) != mark_of(row):
            result.conflicts[key] = {name: getattr(row, name) for name in changed}
            continue
        try:
            with transaction.atomic():
                _change(row, changed)
        except ValidationError as error:
            result.refused[key] = " ".join(error.messages)
    return result


def _change(row: EditedRow, fields: dict[str, Any]) -> None:
    if isinstance(row, ManualVersion):
        change_version(row, **fields)
    else:
        change_part(row, **fields)
