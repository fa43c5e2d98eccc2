"""What a box knows of its city, and the journal of what is born on it."""

import uuid
from typing import ClassVar

from django.db import models
from django.utils import timezone

from lms.boxes.choices import LineKind


class Home(models.Model):
    """This box itself. One row, made at the first start; a city has none."""

    #: Names of rows born here are made of it. It stays when the box is registered anew.
    seed = models.UUIDField(default=uuid.uuid4, editable=False)
    #: As the city calls it; None before it is registered.
    uid = models.UUIDField(null=True)
    name = models.CharField(max_length=40, blank=True)
    unit_code = models.CharField(max_length=12, blank=True)
    unit_name = models.CharField(max_length=60, blank=True)
    #: Without a stroke at its end; blank: only the stick goes there.
    city_address = models.CharField(max_length=200, blank=True)
    #: lms.boxes.keys.PublicKeys of the city; blank before it is registered.
    city_keys = models.CharField(max_length=88, blank=True)
    #: What was slowly made of the code, until the city has answered.
    code_key = models.CharField(max_length=64, blank=True)
    hello = models.JSONField(default=dict)
    registered_at = models.DateTimeField(null=True)
    #: When the city's last letter was written, and when a line to it was tried last; None: never.
    last_answer_at = models.DateTimeField(null=True)
    last_tried_at = models.DateTimeField(null=True)
    #: Why it did not go; blank: it did.
    trouble = models.CharField(max_length=200, blank=True)
    #: Number of the last answer, and edition of the snapshot that stands.
    last_answer = models.BigIntegerField(default=0)
    edition = models.PositiveIntegerField(default=0)
    edition_at = models.DateTimeField(null=True)
    #: What the city holds and has not taken in.
    held_there = models.PositiveIntegerField(default=0)
    #: The city said that it is not known, or not trusted any more.
    is_refused = models.BooleanField(default=False)

    def __str__(self) -> str:
        return self.name or str(self.seed)

    @property
    def is_registered(self) -> bool:
        return self.uid is not None


class BornBatch(models.Model):
    """A batch of the journal. Its lines stay until the city has it, and never change."""

    number = models.PositiveIntegerField(unique=True)
    #: JSON, a line each; blank once the city has it.
    text = models.TextField()
    lines = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    born_at = models.DateTimeField(default=timezone.now)
    taken_at = models.DateTimeField(null=True)

    class Meta:
        ordering: ClassVar = ["number"]

    def __str__(self) -> str:
        return str(self.number)


class Told(models.Model):
    """What the city knows of, or will by a batch that stands; and what it was then."""

    kind = models.CharField(max_length=9, choices=LineKind.choices)
    uid = models.UUIDField()
    digest = models.CharField(max_length=16, blank=True)
    told_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "uid"], name="something_is_told_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.uid}"


class FromCity(models.Model):
    """Which row here is what the city calls so."""

    kind = models.CharField(max_length=9)
    key = models.CharField(max_length=40)
    row = models.BigIntegerField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "key"], name="the_citys_rows_come_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"
