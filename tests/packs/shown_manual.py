"""A manual that everybody may read."""

from django.utils import timezone

from lms.manuals.choices import VersionState
from lms.manuals.exchange.services import import_manual
from lms.manuals.models import Manual, ManualVersion
from lms.manuals.starter.loading import starter_package
from tests.manuals.conftest import make_organisation


def shown_manual() -> Manual:
    """Of an invented telephone, as if it had been reviewed."""
    organisation = make_organisation(1, "松影岭电子有限公司")
    manual = import_manual(starter_package("big-phone"), organisation=organisation, by=None)
    version = manual.versions.get()
    now, today = timezone.now(), timezone.localdate()
    ManualVersion.objects.filter(pk=version.pk).update(
        state=VersionState.PUBLISHED,
        submitted_at=now,
        published_at=now,
        checked_on=today,
        review_due=today.replace(year=today.year + 1, day=1),
    )
    Manual.objects.filter(pk=manual.pk).update(live=True, published_version=version)
    return Manual.objects.get(pk=manual.pk)
