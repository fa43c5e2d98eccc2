"""A manual of a product, and its versions, one of which elders see."""

import secrets
import uuid
from datetime import date, timedelta
from typing import Any, ClassVar, Final, Self

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    Revision,
    RevisionMixin,
    Workflow,
    WorkflowMixin,
)

from lms.manuals.choices import (
    OPEN_STATES,
    REVIEW_WORKFLOW_NAMES,
    SHOWN_STATES,
    VersionState,
)
from lms.manuals.models.organisations import Organisation
from lms.manuals.models.products import ManualVideo, Product
from media.models import Film

#: No vowels, so that no word is spelt by chance; no signs that look alike in print.
SHORT_CODE_SIGNS: Final = "23456789BCDFGHJKMNPQRTVWXY"
SHORT_CODE_LENGTH: Final = 6


def make_short_code() -> str:
    """One of 300 million: short enough to print, too many to find one by guessing."""
    return "".join(secrets.choice(SHORT_CODE_SIGNS) for _n in range(SHORT_CODE_LENGTH))


class ManualQuerySet(models.QuerySet["Manual"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(product__organisation=organisation)

    def shown(self) -> Self:
        """Those that elders may open and search; not those of a suspended organisation."""
        return self.filter(live=True, product__organisation__state__in=SHOWN_STATES)

    def once_live(self) -> Self:
        """Those whose printed code leads to a page, if only to a notice that it is gone."""
        return self.filter(published_version__isnull=False)

    def overdue(self, day: date | None = None) -> Self:
        """Shown, with a review due before that day; None means today."""
        return self.shown().filter(published_version__review_due__lt=day or timezone.localdate())

    def locked(self, manual: "Manual") -> "Manual":
        """The manual's row as it is now, locked until the end of the transaction. Whatever writes
        in a version, hands it in or reviews it locks the manual first, so that no word changes in
        a version that is just being handed in."""
        return self.select_for_update().get(pk=manual.pk)


class Manual(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    models.Model,
):
    """Its content is in its versions; this row says which version is live. A Wagtail revision of
    a manual is therefore only the number of a version, and publishing it changes that number."""

    product = models.ForeignKey(Product, on_delete=models.PROTECT, related_name="manuals")
    #: Printed on boxes, as /m/<code>; never changes and is never given again.
    short_code = models.CharField(
        _("短码"),
        max_length=SHORT_CODE_LENGTH,
        unique=True,
        default=make_short_code,
        editable=False,
    )
    #: What elders see, while `live`; None before the first approval.
    published_version = models.ForeignKey(
        "ManualVersion", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    #: Wagtail's, which begins as True there.
    live = models.BooleanField(_("已上线"), default=False, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )

    objects = ManualQuerySet.as_manager()

    class Meta:
        permissions: ClassVar = [("review_manual", _("可以审核说明书"))]
        verbose_name = _("简明说明书")
        verbose_name_plural = _("简明说明书")
        ordering: ClassVar = ["product__brand", "product__model", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(short_code__regex=f"^[{SHORT_CODE_SIGNS}]{{6}}$"),
                name="a_short_code_can_be_read_in_print",
            ),
            models.CheckConstraint(
                condition=models.Q(live=False) | models.Q(published_version__isnull=False),
                name="a_live_manual_has_words_to_show",
            ),
        ]

    def __str__(self) -> str:
        version = self.published_version or self.newest_version()
        return version.title if version and version.title else str(self.product)

    def get_short_url(self) -> str:
        return reverse("manual_by_code", args=[self.short_code])

    @property
    def organisation(self) -> Organisation:
        return self.product.organisation

    def newest_version(self) -> "ManualVersion | None":
        return self.versions.order_by("-number").first()

    def open_version(self) -> "ManualVersion | None":
        """The draft, what is being reviewed, or what waits for its day; None: none of these."""
        return self.versions.filter(state__in=OPEN_STATES).first()

    @property
    def shows_from(self) -> date | None:
        """The day on which the version that waits for it appears; None: none waits."""
        planned = self.scheduled_revision
        return planned and timezone.localdate(planned.approved_go_live_at)

    @property
    def shows_until(self) -> date | None:
        """The last day on which elders see it, or will see what waits; None: it stays."""
        planned = self.scheduled_revision
        ends = (
            self.expire_at
            if planned is None
            else parse_datetime(planned.content["expire_at"] or "")
        )
        return ends and timezone.localdate(ends) - timedelta(days=1)

    def get_workflow(self) -> Workflow | None:
        """The one for the product's kind; None until a manual of that kind is handed in."""
        name = REVIEW_WORKFLOW_NAMES[self.product.review_stages]
        workflow: Workflow | None = Workflow.objects.filter(name=name, active=True).first()
        return workflow

    def publish(self, revision: Any, **kwargs: Any) -> Any:
        """Called by the last task of a review, which has checked the reviewer. Wagtail's own check
        is skipped, since nobody has Wagtail's right to publish manuals."""
        return super().publish(revision, **{**kwargs, "skip_permission_checks": True})


def planned_revisions() -> models.QuerySet[Revision]:
    """Wagtail's revisions of manuals, by `object_id`, that appear at `approved_go_live_at`."""
    return Revision.objects.filter(
        base_content_type=ContentType.objects.get_for_model(Manual),
        approved_go_live_at__isnull=False,
    )


class ManualVersionQuerySet(models.QuerySet["ManualVersion"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(manual__product__organisation=organisation)

    def drafts(self) -> Self:
        """Versions that may be edited."""
        return self.filter(state=VersionState.DRAFT)

    def with_content(self) -> Self:
        """With everything that showing one needs, in a fixed number of queries."""
        return self.select_related(
            "manual__product__organisation", "video__video"
        ).prefetch_related("warnings", "troubles", "tasks__steps__picture", "answers")


class ManualVersion(models.Model):
    """All words and pictures of a manual at one time. Only a draft changes; a version that was
    handed in stays as it was, so that two versions can be compared."""

    manual = models.ForeignKey(Manual, on_delete=models.CASCADE, related_name="versions")
    number = models.PositiveIntegerField()  # from 1
    state = models.CharField(
        _("状态"), max_length=9, choices=VersionState.choices, default=VersionState.DRAFT
    )
    title = models.CharField(
        _("说明书名称"), max_length=60, blank=True, help_text=_("比如：康乐血压计怎么用")
    )
    software_version = models.CharField(
        _("软件版本"), max_length=40, blank=True, help_text=_("没有软件就空着。")
    )
    service_telephone = models.CharField(_("客服电话"), max_length=20, blank=True)
    #: When somebody last followed every step on the product itself.
    checked_on = models.DateField(_("核对日期"), null=True, blank=True)
    #: From the day after this one, elders read 可能过时.
    review_due = models.DateField(_("下次核对"), null=True, blank=True)
    video = models.ForeignKey(
        ManualVideo, null=True, blank=True, on_delete=models.PROTECT, related_name="versions"
    )
    #: Made of its words and pictures, once it was asked for; others that tell the same may have the
    #: same one. See films/services.py.
    film = models.ForeignKey(
        Film,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="manual_versions",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    submitted_at = models.DateTimeField(null=True, blank=True, editable=False)
    #: Who handed it in; None before, and when the account is gone.
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.SET_NULL,
        related_name="+",
    )
    published_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ManualVersionQuerySet.as_manager()

    class Meta:
        verbose_name = _("说明书的一版")
        verbose_name_plural = _("说明书的各版")
        ordering: ClassVar = ["manual", "-number"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["manual", "number"], name="a_manuals_versions_are_numbered"
            ),
            models.UniqueConstraint(
                fields=["manual"],
                condition=models.Q(state__in=OPEN_STATES),
                name="a_manual_has_one_open_version",
            ),
            models.UniqueConstraint(
                fields=["manual"],
                condition=models.Q(state=VersionState.PUBLISHED),
                name="a_manual_has_one_published_version",
            ),
            models.CheckConstraint(
                condition=models.Q(state__in=VersionState.values),
                name="a_versions_state_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(state=VersionState.DRAFT) | models.Q(submitted_at__isnull=False),
                name="what_is_no_draft_was_handed_in",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=(VersionState.PUBLISHED, VersionState.PAST))
                | models.Q(
                    published_at__isnull=False,
                    checked_on__isnull=False,
                    review_due__isnull=False,
                ),
                name="a_published_version_says_when_it_was_checked",
            ),
            models.CheckConstraint(
                condition=models.Q(checked_on__isnull=True)
                | models.Q(review_due__isnull=True)
                | models.Q(review_due__gt=models.F("checked_on")),
                name="a_review_is_due_after_the_check",
                violation_error_message=_("下次核对的日期要晚于核对日期。"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title or self.manual.product} · {self.number}"

    @property
    def is_draft(self) -> bool:
        return self.state == VersionState.DRAFT

    @property
    def is_overdue(self) -> bool:
        """Whether elders read 可能过时 today."""
        return self.review_due is not None and self.review_due < timezone.localdate()


class VersionPart(models.Model):
    """A part of a version. Its key stays the same from version to version; its row does not.

    Words may be blank in a draft; the readability check refuses blanks at submission."""

    key = models.UUIDField(default=uuid.uuid4, editable=False)
    #: From 0; moving or removing a part numbers all of them anew.
    position = models.PositiveSmallIntegerField(default=0)

    class Meta:
        abstract = True
