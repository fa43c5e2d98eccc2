"""What a phone noted without a network and has handed over: so that nothing counts twice."""

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.models import Page

from courses.progress.models import LearnerRecord
from lms.offline.choices import NotedKind


class NotedOffline(models.Model):
    """Only ever added to, and forgotten after a while. What it says stands in the marks."""

    #: Made by the phone.
    id = models.UUIDField(primary_key=True)
    #: Under which it was noted, whoever is signed in when it is sent.
    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="+")
    lesson = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=9, choices=NotedKind.choices)
    #: When it was done, by the phone's clock, put right by the server's.
    noted_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("没有网时记下的")
        verbose_name_plural = _("没有网时记下的")
        indexes: ClassVar = [models.Index(fields=["received_at"], name="noted_offline_by_receipt")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=NotedKind.values),
                name="what_a_phone_noted_is_of_a_known_kind",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} · {self.lesson_id}"
