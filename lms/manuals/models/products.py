"""An organisation's products, pictures and videos."""

import uuid
from pathlib import PurePath
from typing import ClassVar, Self

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from lms.manuals.choices import (
    NEEDS_SAFETY_REVIEW,
    NEEDS_TWO_REVIEWERS,
    ProductKind,
    ReviewStage,
)
from lms.manuals.models.organisations import Organisation
from media.models import Video

#: Every picture is encoded anew by us, without EXIF, as one of these.
PICTURE_SUFFIXES = (".png", ".jpg", ".webp")


def picture_path(picture: "ManualPicture", filename: str) -> str:
    """A random name in a folder that `media` does not serve; our own views check who asks."""
    return f"manufacturers/pictures/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:8]}"


class ManualPictureQuerySet(models.QuerySet["ManualPicture"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation)


class ManualPicture(models.Model):
    """An organisation's picture. It is not in Wagtail's library, whose chooser and search would
    show it to other organisations."""

    key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="pictures"
    )
    file = models.FileField(upload_to=picture_path, max_length=120)
    original_name = models.CharField(_("原来的文件名"), max_length=255, blank=True)
    width = models.PositiveIntegerField()  # pixels, as kept
    height = models.PositiveIntegerField()
    size_bytes = models.PositiveIntegerField()
    #: SHA-256 of the kept file in hex; the same picture brought twice is one row.
    digest = models.CharField(max_length=64)
    added_at = models.DateTimeField(auto_now_add=True)
    #: None when the person's account is gone, or when the starter brought it.
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = ManualPictureQuerySet.as_manager()

    class Meta:
        verbose_name = _("说明书图片")
        verbose_name_plural = _("说明书图片")
        ordering: ClassVar = ["-added_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["organisation", "digest"], name="an_organisation_keeps_a_picture_once"
            ),
            models.CheckConstraint(
                condition=models.Q(width__gt=0, height__gt=0, size_bytes__gt=0),
                name="a_manuals_picture_has_a_size",
            ),
        ]

    def __str__(self) -> str:
        return self.original_name or str(self.key)


class ManualVideoQuerySet(models.QuerySet["ManualVideo"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation)


class ManualVideo(models.Model):
    """Says that a video of the common library is an organisation's. It goes through the same
    stages, subtitles and review as a lesson's video."""

    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="videos")
    video = models.OneToOneField(Video, on_delete=models.CASCADE, related_name="+")
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ManualVideoQuerySet.as_manager()

    class Meta:
        verbose_name = _("说明书视频")
        verbose_name_plural = _("说明书视频")
        ordering: ClassVar = ["-added_at", "-pk"]

    def __str__(self) -> str:
        return str(self.video)


class ProductQuerySet(models.QuerySet["Product"]):
    def of(self, organisation: Organisation) -> Self:
        return self.filter(organisation=organisation)


class Product(models.Model):
    """A product; no two in the whole city have the same brand and model."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="products"
    )
    brand = models.CharField(_("品牌"), max_length=40)
    model = models.CharField(_("型号"), max_length=40, help_text=_("照着机身上的铭牌写。"))
    name = models.CharField(
        _("这是什么"), max_length=40, help_text=_("老人平常怎么叫它，比如：血压计。")
    )
    kind = models.CharField(_("类别"), max_length=10, choices=ProductKind.choices)
    #: Year of the 智慧健康养老产品及服务推广目录 that lists it; None when none does.
    catalogue_year = models.PositiveSmallIntegerField(
        _("列入推广目录的年份"),
        null=True,
        blank=True,
        validators=[MinValueValidator(2018), MaxValueValidator(2100)],
    )
    #: As that catalogue writes them; empty where none lists it.
    catalogue_class = models.CharField(_("推广目录里的类别"), max_length=40, blank=True)
    catalogue_number = models.CharField(_("推广目录里的序号"), max_length=20, blank=True)
    picture = models.ForeignKey(
        ManualPicture, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    added_at = models.DateTimeField(auto_now_add=True)

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("产品")
        verbose_name_plural = _("产品")
        ordering: ClassVar = ["brand", "model", "pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("brand"), Lower("model"), name="a_brands_model_belongs_to_one_organisation"
            ),
            models.CheckConstraint(
                condition=models.Q(kind__in=ProductKind.values),
                name="a_products_kind_is_a_known_one",
            ),
            models.CheckConstraint(
                condition=models.Q(catalogue_year__isnull=True)
                | models.Q(catalogue_year__range=(2018, 2100)),
                name="a_catalogue_year_is_between_2018_and_2100",
            ),
            models.CheckConstraint(
                condition=models.Q(catalogue_year__isnull=False)
                | models.Q(catalogue_class="", catalogue_number=""),
                name="what_a_catalogue_says_has_its_year",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.brand} {self.model} {self.name}"

    @property
    def is_phone(self) -> bool:
        """Whether its manuals are practised on the pretend phone; others on their own pictures."""
        return self.kind == ProductKind.PHONE

    @property
    def needs_safety_review(self) -> bool:
        return self.kind in NEEDS_SAFETY_REVIEW

    @property
    def needs_two_reviewers(self) -> bool:
        return self.kind in NEEDS_TWO_REVIEWERS

    @property
    def review_stages(self) -> tuple[ReviewStage, ...]:
        """The questions that its manuals are reviewed for, in their order."""
        if self.needs_safety_review:
            return ReviewStage.PLAIN, ReviewStage.SAFETY
        return (ReviewStage.PLAIN,)
