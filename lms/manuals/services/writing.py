"""Verbs that write in a draft. Each holds the manual, so that nothing changes in what was handed
in, and checks the row before it is kept."""

from typing import Any, Final, TypeAlias

from django.db import models, transaction
from django.utils.translation import gettext as _

from lms.manuals.models import ManualVersion, ManualWarning, Organisation, Step, Task, Trouble
from lms.manuals.services.versions import VersionRefused, lock_manual

Part: TypeAlias = ManualWarning | Task | Step | Trouble

#: What a hand may change; position by moving, the key never.
VERSION_FIELDS: Final = frozenset(
    ("title", "software_version", "service_telephone", "checked_on", "review_due", "video")
)
PART_FIELDS: Final[dict[type[Part], frozenset[str]]] = {
    ManualWarning: frozenset({"words"}),
    Task: frozenset({"title"}),
    Step: frozenset(
        {
            "words",
            "picture",
            "alt",
            "marker_x",
            "marker_y",
            "marker_w",
            "marker_h",
            "warning",
            "expected",
        }
    ),
    Trouble: frozenset({"problem", "remedy"}),
}
#: Of one kind in one place. The gate has lower ones for what can be understood; this keeps a
#: runaway script from filling the table.
MOST_PARTS: Final = 60


@transaction.atomic
def change_version(version: ManualVersion, **fields: Any) -> ManualVersion:
    """Of VERSION_FIELDS. Raises VersionRefused when it is no draft, ValidationError for a value."""
    version = _draft(version)
    return _change(version, VERSION_FIELDS, fields, version)


@transaction.atomic
def add_warning(version: ManualVersion, **fields: Any) -> ManualWarning:
    """At the end, as all that is added. Raises as change_version does."""
    version = _draft(version)
    return _add(ManualWarning(version=version), version.warnings, fields, version)


@transaction.atomic
def add_task(version: ManualVersion, **fields: Any) -> Task:
    version = _draft(version)
    return _add(Task(version=version), version.tasks, fields, version)


@transaction.atomic
def add_step(task: Task, **fields: Any) -> Step:
    version = _draft(task.version)
    return _add(Step(task=task), task.steps, fields, version)


@transaction.atomic
def add_trouble(version: ManualVersion, **fields: Any) -> Trouble:
    version = _draft(version)
    return _add(Trouble(version=version), version.troubles, fields, version)


@transaction.atomic
def change_part(part: Part, **fields: Any) -> Part:
    """Of PART_FIELDS of its kind. Taking a step's picture away takes its marker away too."""
    version = _draft(version_of(part))
    if isinstance(part, Step) and "picture" in fields and fields["picture"] is None:
        fields |= dict.fromkeys(("marker_x", "marker_y", "marker_w", "marker_h"))
    changed: Part = _change(part, PART_FIELDS[type(part)], fields, version)
    return changed


@transaction.atomic
def move_part(part: Part, *, to: int) -> None:
    """To that place among its like, from 0; further than the end is the end."""
    _draft(version_of(part))
    parts = [each for each in siblings_of(part) if each.pk != part.pk]
    parts.insert(max(0, to), part)
    _number(type(part), parts)


@transaction.atomic
def remove_part(part: Part) -> None:
    """A task goes with its steps."""
    _draft(version_of(part))
    parts = [each for each in siblings_of(part) if each.pk != part.pk]
    part.delete()
    _number(type(part), parts)


def version_of(part: Part) -> ManualVersion:
    return part.task.version if isinstance(part, Step) else part.version


def siblings_of(part: Part) -> models.QuerySet[Any]:
    """The part among those that it is moved between, in their order."""
    place = {"task": part.task} if isinstance(part, Step) else {"version": part.version}
    return type(part)._default_manager.filter(**place)


def _draft(version: ManualVersion) -> ManualVersion:
    """As it is in the database, with its manual held until the end of the transaction."""
    manual = lock_manual(version.manual)
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
    _fill(part, PART_FIELDS[type(part)], fields, version)
    part.full_clean()
    part.save(force_insert=True)
    return part


def _change(
    row: Any, allowed: frozenset[str], fields: dict[str, Any], version: ManualVersion
) -> Any:
    _fill(row, allowed, fields, version)
    row.full_clean()
    row.save(update_fields=[*fields, *(["changed_at"] if row is version else [])])
    if row is not version:
        version.save(update_fields=["changed_at"])
    return row


def _fill(
    row: Any, allowed: frozenset[str], fields: dict[str, Any], version: ManualVersion
) -> None:
    if strange := set(fields) - allowed:
        raise TypeError(f"{type(row).__name__} has no {strange}")
    for name, value in fields.items():
        _refuse_anothers(value, version.manual.organisation)
        setattr(row, name, value)


def _refuse_anothers(value: Any, organisation: Organisation) -> None:
    """Another organisation's picture or video. The pages answer 404 before it comes to this."""
    if isinstance(value, models.Model) and getattr(value, "organisation", None) != organisation:
        raise VersionRefused(_("没有这张图片或者这个视频，请重新上传。"))


def _number(model: type[Part], parts: list[Any]) -> None:
    for position, part in enumerate(parts):
        part.position = position
    model._default_manager.bulk_update(parts, ["position"])
