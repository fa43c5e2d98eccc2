"""Verbs that begin, copy and throw away versions of a manual."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.manuals.choices import VersionState
from lms.manuals.models import Manual, ManualVersion, ManualWarning, Product, Step, Task, Trouble

#: What a new draft takes over from the version it is copied from.
COPIED = ("title", "software_version", "service_telephone", "checked_on", "review_due", "video_id")


class VersionRefused(Exception):
    """What cannot be written or thrown away now; the text says what to do."""


def lock_manual(manual: Manual) -> Manual:
    """Whoever writes in a manual's versions, hands in or reviews holds its row until the end of the
    transaction, so that a word never changes in what is just being handed in."""
    return Manual.objects.select_for_update().get(pk=manual.pk)


@transaction.atomic
def start_manual(*, product: Product, by: Any, title: str = "") -> Manual:
    """A manual with an empty first draft. Raises VersionRefused when its maker is not active."""
    if not product.organisation.is_active:
        raise VersionRefused(_("您的单位现在没有开通，不能写说明书。"))
    manual = Manual.objects.create(product=product, created_by=by)
    ManualVersion.objects.create(manual=manual, number=1, title=title)
    return manual


@transaction.atomic
def open_draft(manual: Manual) -> ManualVersion:
    """The draft that is there, else a new one with the words of the newest version.

    Raises VersionRefused while a version is being reviewed.
    """
    manual = lock_manual(manual)
    newest = manual.newest_version()
    if newest is None:
        return ManualVersion.objects.create(manual=manual, number=1)
    if newest.state == VersionState.DRAFT:
        return newest
    if newest.state == VersionState.SUBMITTED:
        raise VersionRefused(_("这一版正在审核，暂时不能改。要改，请先撤回。"))
    return copy_version(newest)


def copy_version(version: ManualVersion) -> ManualVersion:
    """A draft with the same words and keys. Within a transaction that holds the manual."""
    draft = ManualVersion.objects.create(
        manual_id=version.manual_id,
        number=version.number + 1,
        **{name: getattr(version, name) for name in COPIED},
    )
    for model in (ManualWarning, Trouble):
        parts = list(model._default_manager.filter(version=version))
        model._default_manager.bulk_create(_copied(part, version_id=draft.pk) for part in parts)
    for task in version.tasks.prefetch_related("steps"):
        steps = list(task.steps.all())
        copy = _copied(task, version_id=draft.pk)
        copy.save(force_insert=True)
        Step.objects.bulk_create(_copied(step, task_id=copy.pk) for step in steps)
    return draft


def _copied(part: Any, **changed: Any) -> Any:
    """An unsaved row with the same fields, the key too, in another place."""
    fields = [field.attname for field in part._meta.concrete_fields if not field.primary_key]
    return type(part)(**{name: getattr(part, name) for name in fields} | changed)


@transaction.atomic
def discard_draft(manual: Manual) -> None:
    """Throw the draft away; a manual that never had another version goes with it.

    Raises VersionRefused when there is no draft.
    """
    manual = lock_manual(manual)
    draft = manual.versions.drafts().first()
    if draft is None:
        raise VersionRefused(_("没有草稿可以删除。"))
    draft.delete()
    if not manual.versions.exists():
        manual.delete()


def parts_in_order(version: ManualVersion) -> list[ManualWarning | Task | Step | Trouble]:
    """All parts as they are read: warnings, each task followed by its steps, troubles."""
    parts: list[ManualWarning | Task | Step | Trouble] = [*version.warnings.all()]
    for task in version.tasks.all():
        parts += [task, *task.steps.all()]
    return [*parts, *version.troubles.all()]
