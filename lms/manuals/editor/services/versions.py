"""Verbs that start a manual, open a draft of it and discard the draft."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.choices import VersionState
from lms.manuals.models import (
    Manual,
    ManualStep,
    ManualTrouble,
    ManualVersion,
    ManualWarning,
    Product,
    WordAnswer,
)

#: What a new draft takes over from the version it is copied from.
COPIED = (
    "title",
    "software_version",
    "service_telephone",
    "checked_on",
    "review_due",
    "video_id",
    "film_id",
)


class VersionRefused(Exception):
    """A version that cannot be edited or discarded now; the text says what to do."""


@transaction.atomic
def start_manual(*, product: Product, by: User | None, title: str = "") -> Manual:
    """A manual with an empty first draft. by None: a program makes it. Raises VersionRefused when
    the organisation is not active."""
    if not product.organisation.is_active:
        raise VersionRefused(_("您的单位现在没有开通，不能写说明书。"))
    manual = Manual.objects.create(product=product, created_by=by)
    ManualVersion.objects.create(manual=manual, number=1, title=title)
    return manual


@transaction.atomic
def open_draft(manual: Manual) -> ManualVersion:
    """The draft that exists, else a new one with the content of the newest version.

    Raises VersionRefused while a version is being reviewed, or waits for its day.
    """
    manual = Manual.objects.locked(manual)
    newest = manual.newest_version()
    if newest is None:
        return ManualVersion.objects.create(manual=manual, number=1)
    if newest.state == VersionState.DRAFT:
        return newest
    if newest.state == VersionState.SUBMITTED:
        raise VersionRefused(_("这一版正在审核，暂时不能改。要改，请先撤回。"))
    if newest.state == VersionState.PLANNED:
        raise VersionRefused(_("这一版等着发布，暂时不能改。要改，请先撤回。"))
    return copy_version(newest)


def copy_version(version: ManualVersion) -> ManualVersion:
    """A draft with the same content and keys. The caller must have locked the manual."""
    draft = ManualVersion.objects.create(
        manual_id=version.manual_id,
        number=version.number + 1,
        **{name: getattr(version, name) for name in COPIED},
    )
    for model in (ManualWarning, ManualTrouble, WordAnswer):
        parts = list(model._default_manager.filter(version=version))
        model._default_manager.bulk_create(_copied(part, version_id=draft.pk) for part in parts)
    for task in version.tasks.prefetch_related("steps"):
        steps = list(task.steps.all())
        copy = _copied(task, version_id=draft.pk)
        copy.save(force_insert=True)
        ManualStep.objects.bulk_create(_copied(step, task_id=copy.pk) for step in steps)
    return draft


def _copied(part: Any, **changed: Any) -> Any:
    """An unsaved copy of a row, its key included, with some fields changed."""
    fields = [field.attname for field in part._meta.concrete_fields if not field.primary_key]
    return type(part)(**{name: getattr(part, name) for name in fields} | changed)


@transaction.atomic
def discard_draft(manual: Manual) -> None:
    """Delete the draft; a manual without another version is deleted with it.

    Raises VersionRefused when there is no draft.
    """
    manual = Manual.objects.locked(manual)
    draft = manual.versions.drafts().first()
    if draft is None:
        raise VersionRefused(_("没有草稿可以删除。"))
    draft.delete()
    if not manual.versions.exists():
        manual.delete()
