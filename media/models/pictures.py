"""Our own image and document models: Wagtail cannot switch to custom ones later."""

from typing import ClassVar

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.documents.models import AbstractDocument
from wagtail.documents.models import Document as WagtailDocument
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.images.models import Image as WagtailImage
from wagtail.models import Page, ReferenceIndex


class Picture(AbstractImage):
    admin_form_fields = WagtailImage.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("图片")
        verbose_name_plural = _("图片")


class PictureRendition(AbstractRendition):
    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"],
                name="a_picture_has_one_rendition_per_filter_and_focus",
            )
        ]


class Attachment(AbstractDocument):
    admin_form_fields = WagtailDocument.admin_form_fields

    class Meta(AbstractDocument.Meta):
        verbose_name = _("文档")
        verbose_name_plural = _("文档")


def is_published(document: Attachment) -> bool:
    """Whether a page that is live, or anything that is no page, leads to it. Two queries."""
    pages = ContentType.objects.get_for_model(Page)
    leading = ReferenceIndex.get_references_to(document)
    keys = leading.filter(base_content_type=pages).values_list("object_id", flat=True)
    if Page.objects.filter(pk__in=[int(key) for key in keys], live=True).exists():
        return True
    return leading.exclude(base_content_type=pages).exists()
