"""Verbs that write in a draft. Each locks the manual, so that a version that was handed in cannot
change, and validates the row before saving it."""

from typing import Any, Final

from django.db import models, transaction
from django.utils.translation import gettext as _

from lms.manuals.editor.parts import EDITABLE_FIELDS, MARKER_FIELDS
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.models import (
    Manual,
    ManualStep,
    ManualTask,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
    Organisation,
    Part,
)

#: Of one kind in one place; keeps a runaway script from filling the table. The readability check
#: has lower limits.
MOST_PARTS: Final = 60


@transaction.atomic
def change_version(version: ManualVersion, **fields: Any) -> ManualVersion:
    """Of EDITABLE_FIELDS. Raises VersionRefused when it is no draft, and ValidationError."""
    version = locked_draft(version)
    return _change(version, fields, version)


@transaction.atomic
def add_warning(version: ManualVersion, **fields: Any) -> ManualWarning:
    """At the end, like everything that is added. Raises as change_version does."""
    version = locked_draft(version)
    return _add(ManualWarning(version=version), version.warnings, fields, version)


@transaction.atomic
def add_task(version: ManualVersion, **fields: Any) -> ManualTask:
    version = locked_draft(version)
    return _add(ManualTask(version=version), version.tasks, fields, version)


@transaction.atomic
def add_step(task: ManualTask, **fields: Any) -> ManualStep:
    version = locked_draft(task.version)
    return _add(ManualStep(task=task), task.steps, fields, version)


@transaction.atomic
def add_trouble(version: ManualVersion, **fields: Any) -> ManualTrouble:
    version = locked_draft(version)
    return _add(ManualTrouble(version=version), version.troubles, fields, version)


@transaction.atomic
def change_part(part: Part, **fields: Any) -> Part:
    """Of EDITABLE_FIELDS. Removing a step's picture removes its marker too."""
    version = locked_draft(version_of(part))
    if isinstance(part, ManualStep) and "picture" in fields and fields["picture"] is None:
        fields |= dict.fromkeys(MARKER_FIELDS)
    changed: Part = _change(part, fields, version)
    return changed


@transaction.atomic
def move_part(part: Part, *, to: int) -> None:
    """To that place among its siblings, from 0; beyond the end is the end."""
    locked_draft(version_of(part))
    parts = [each for each in siblings_of(part) if each.pk != part.pk]
    parts.insert(max(0, to), part)
    _number(type(part), parts)


@transaction.atomic
def remove_part(part: Part) -> None:
    """A task goes with its steps."""
    locked_draft(version_of(part))
    parts = [each for each in siblings_of(part) if each.pk != part.pk]
    part.delete()
    _number(type(part), parts)


def version_of(part: Part) -> ManualVersion:
    return part.task.version if isinstance(part, ManualStep) else part.version


def siblings_of(part: Part) -> models.QuerySet[Any]:
    """The parts that it can be moved among, itself included, in their order."""
    place = {"task": part.task} if isinstance(part, ManualStep) else {"version": part.version}
    return type(part)._default_manager.filter(**place)


def locked_draft(version: ManualVersion) -> ManualVersion:
    """As it is now in the database, its manual locked. Raises VersionRefused unless a draft."""
    manual = Manual.objects.locked(version.manual)
    version = manual.versions.get(pk=version.pk)
    if not version.is_draft:
        raise VersionRefused(_("这一版已经交了，不能再改。"))
    if not manual.organisation.is_active:
        raise VersionRefused(_("您的单位现在没有开通，不能写说明书。"))
    return version


def _add(part: Any, siblings: Any, fields: dict[str, Any], version: ManualVersion) -> Any:
    count = siblings.count()
    if count >= MOST_PARTS:
        raise VersionRefused(_("这里太多了，最多%(most)d条。请分开写。") % {"most": MOST_PARTS})
    part.position = count
    _fill(part, fields, version)
    part.full_clean()
    part.save(force_insert=True)
    return part


def _change(row: Any, fields: dict[str, Any], version: ManualVersion) -> Any:
    _fill(row, fields, version)
    row.full_clean()
    row.save(update_fields=[*fields, *(["changed_at"] if row is version else [])])
    if row is not version:
        version.save(update_fields=["changed_at"])
    return row


def _fill(row: Any, fields: dict[str, Any], version: ManualVersion) -> None:
    if strange := set(fields) - EDITABLE_FIELDS[type(row)]:
        raise TypeError(f"{type(row).__name__} has no {strange}")
    for name, value in fields.items():
        _refuse_anothers(value, version.manual.organisation)
        setattr(row, name, value)


def _refuse_anothers(value: Any, organisation: Organisation) -> None:
    """Raises VersionRefused for another organisation's picture or video."""
    if isinstance(value, models.Model) and getattr(value, "organisation", None) != organisation:
        raise VersionRefused(_("没有这张图片或者这个视频，请重新上传。"))


def _number(model: type[Part], parts: list[Any]) -> None:
    for position, part in enumerate(parts):
        part.position = position
    model._default_manager.bulk_update(parts, ["position"])
