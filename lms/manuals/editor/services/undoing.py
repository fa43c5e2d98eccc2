"""Undoes the last press that moved, added, changed or removed parts of a draft."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.editor.parts import MARKER_FIELDS, TYPED_FIELDS
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.services.writing import locked_draft
from lms.manuals.models import (
    DraftUndo,
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
    Part,
    parts_in_order,
)

#: A part as JSON: its kind, key, task (the key of a step's; else empty) and fields.
PartRecord = dict[str, Any]

KINDS: Final[dict[str, type[Part]]] = {
    "warning": ManualWarning,
    "task": ManualTask,
    "step": ManualStep,
    "trouble": ManualTrouble,
}
#: Fields of a step that hold only together: a mark lies on its picture.
PICTURE_FIELDS: Final = ("picture_id", "alt", *MARKER_FIELDS)


@contextmanager
def recorded(draft: ManualVersion, *, what: str, by: User) -> Iterator[None]:
    """Keeps how the draft's parts stood before the block, unless it changes nothing."""
    before = records_of(draft)
    yield
    after = records_of(draft)
    if before != after:
        DraftUndo.objects.update_or_create(
            version=draft,
            defaults={
                "what": what,
                "redoes": False,
                "before": before,
                "after": after,
                "done_by": by,
            },
        )


@transaction.atomic
def undo(draft: ManualVersion, *, by: User) -> None:
    """The parts as they were before the last press. What was typed since stays where its part
    does, and comes back when the undoing is undone.

    Raises VersionRefused when it is no draft or when there is nothing to undo.
    """
    draft = locked_draft(draft)
    record = DraftUndo.objects.filter(version=draft).first()
    if record is None:
        raise VersionRefused(_("没有可以撤销的。"))
    now = records_of(draft)
    _write(draft, merged(record.before, after=record.after, now=now))
    record.before, record.after = now, records_of(draft)
    record.redoes, record.done_by = not record.redoes, by
    record.save()
    draft.save(update_fields=["changed_at"])


def records_of(draft: ManualVersion) -> list[PartRecord]:
    """All parts in the order of reading, as they are in the database."""
    fresh = ManualVersion.objects.with_content().get(pk=draft.pk)
    names = {model: name for name, model in KINDS.items()}
    return [_record_of(part, names[type(part)]) for part in parts_in_order(fresh)]


def merged(
    before: list[PartRecord], *, after: list[PartRecord], now: list[PartRecord]
) -> list[PartRecord]:
    """`before`, with what was changed since `after`. A part that was in neither stays."""
    was, stands = {each["key"]: each for each in after}, {each["key"]: each for each in now}
    kept = [_typed_since(each, was.get(each["key"]), stands.get(each["key"])) for each in before]
    known = {*was, *(each["key"] for each in before)}
    return kept + [each for each in now if each["key"] not in known]


def _typed_since(
    before: PartRecord, after: PartRecord | None, now: PartRecord | None
) -> PartRecord:
    """`before`, but for the fields in which `now` differs from `after`."""
    if after is None or now is None:
        return before
    fields = before["fields"]
    changed = {name for name in fields if now["fields"][name] != after["fields"][name]}
    if changed & {*PICTURE_FIELDS}:
        changed |= {*PICTURE_FIELDS}
    return before | {"fields": {n: (now if n in changed else before)["fields"][n] for n in fields}}


def _record_of(part: Part, kind: str) -> PartRecord:
    names = [*TYPED_FIELDS[type(part)], *(["picture_id"] if kind == "step" else [])]
    return {
        "kind": kind,
        "key": str(part.key),
        "task": str(part.task.key) if isinstance(part, ManualStep) else "",
        "fields": {name: getattr(part, name) for name in names},
    }


def _write(draft: ManualVersion, records: list[PartRecord]) -> None:
    """In place of all parts of the draft. The caller has locked it."""
    for model in (ManualWarning, ManualTask, ManualTrouble):
        model._default_manager.filter(version=draft).delete()
    tasks: dict[str, ManualTask] = {}
    last: ManualTask | None = None
    places: dict[tuple[str, str], int] = {}
    rows: dict[str, list[Any]] = {kind: [] for kind in KINDS}
    for record in records:
        kind, task = record["kind"], record["task"]
        place = places[kind, task] = places.get((kind, task), -1) + 1
        row = KINDS[kind](key=record["key"], position=place, **record["fields"])
        if isinstance(row, ManualStep):
            # A step whose task is gone stays with the task before it.
            owner = tasks.get(task, last)
            if owner is None:
                continue
            row.task = owner
        else:
            row.version = draft
        if isinstance(row, ManualTask):
            row.save(force_insert=True)
            tasks[record["key"]] = last = row
        else:
            rows[kind].append(row)
    for kind, made in rows.items():
        KINDS[kind]._default_manager.bulk_create(made)
