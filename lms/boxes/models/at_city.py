"""Boxes as their city knows them, and what has come of each."""

import uuid
from datetime import timedelta
from typing import ClassVar, Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.boxes.choices import BoxState, Carrier, HeldState, LineKind
from lms.people.choices import Role
from lms.people.models import administered_by, supervised_units
from lms.units.models import Unit

#: A code that nobody has typed is over then.
CODE_HOLDS = timedelta(days=30)
#: A box that is silent for so long is shown as one to look after.
SILENT_AFTER = timedelta(days=7)


class BoxQuerySet(models.QuerySet["VillageBox"]):
    def administered_by(self, user: Visitor) -> Self:
        """Those of units whose officer the user is, and below them."""
        return self.filter(administered_by(user, prefix="unit__"))

    def with_waiting(self) -> Self:
        """Each with `refused` and `held`: how many lines nobody has seen to, and how many wait."""
        lines = HeldLine.objects.filter(box=models.OuterRef("pk")).order_by().values("box")

        def counted(state: HeldState) -> models.Subquery:
            return models.Subquery(
                lines.filter(state=state).annotate(n=models.Count("pk")).values("n")
            )

        return self.annotate(
            refused=Coalesce(counted(HeldState.REFUSED), 0),
            held=Coalesce(counted(HeldState.WAITING), 0),
        )


def keeps_boxes(user: Visitor) -> bool:
    """Whether the user is an officer somewhere."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or bool(supervised_units(user, roles=(Role.OFFICER,)))


class VillageBox(models.Model):
    """A village box: a machine with this very program, which serves a unit and all below it."""

    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("叫什么"), max_length=40)
    unit = models.ForeignKey(
        Unit, verbose_name=_("放在哪里"), on_delete=models.PROTECT, related_name="boxes"
    )
    state = models.CharField(
        _("情况"), max_length=8, choices=BoxState.choices, default=BoxState.EXPECTED
    )
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False
    )
    made_at = models.DateTimeField(default=timezone.now, editable=False)
    #: Of the code that it is registered by: which it is, what was slowly made of it, and until
    #: when it holds. Blank and None once it was used.
    code_which = models.CharField(max_length=4, blank=True, editable=False)
    code_key = models.CharField(max_length=64, blank=True, editable=False)
    code_until = models.DateTimeField(null=True, editable=False)
    #: What it was answered when it registered, for an answer that got lost; blank: it has not.
    welcome = models.JSONField(default=dict, editable=False)
    #: lms.boxes.keys.PublicKeys; blank before it is registered.
    public_keys = models.CharField(max_length=88, blank=True, editable=False)
    registered_at = models.DateTimeField(null=True, editable=False)
    revoked_at = models.DateTimeField(null=True, editable=False)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    #: When the last letter of it was written that has arrived, and how; None: none has.
    last_heard_at = models.DateTimeField(null=True, editable=False)
    last_heard_by = models.CharField(
        max_length=5, choices=Carrier.choices, blank=True, editable=False
    )
    #: Number of its last ask; older ones tell nothing new.
    last_ask = models.BigIntegerField(default=0, editable=False)
    #: What it said of itself then: its pack's edition and what waits there; None: not yet.
    pack_edition = models.BigIntegerField(null=True, editable=False)
    waits_there = models.PositiveIntegerField(null=True, editable=False)
    #: Edition of the last snapshot that was made for it, what it was made of, and which it has.
    edition = models.PositiveIntegerField(default=0, editable=False)
    edition_digest = models.CharField(max_length=64, blank=True, editable=False)
    edition_there = models.PositiveIntegerField(default=0, editable=False)

    objects = BoxQuerySet.as_manager()

    class Meta:
        verbose_name = _("村里的盒子")
        verbose_name_plural = _("村里的盒子")
        ordering: ClassVar = ["unit__path", "name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(state__in=BoxState.values), name="a_boxs_state_is_a_known_one"
            ),
            models.CheckConstraint(
                condition=~models.Q(state=BoxState.AT_WORK)
                | (~models.Q(public_keys="") & models.Q(registered_at__isnull=False)),
                name="a_box_at_work_has_keys",
            ),
            models.CheckConstraint(
                condition=models.Q(state=BoxState.REVOKED, revoked_at__isnull=False)
                | (~models.Q(state=BoxState.REVOKED) & models.Q(revoked_at__isnull=True)),
                name="a_revoked_box_says_when",
            ),
            models.UniqueConstraint(
                fields=["code_which"],
                condition=~models.Q(code_which=""),
                name="a_code_says_which_box_it_is_for",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_at_work(self) -> bool:
        return self.state == BoxState.AT_WORK

    @property
    def is_expected(self) -> bool:
        return self.state == BoxState.EXPECTED

    @property
    def days_silent(self) -> int | None:
        """Since its last letter was written, whole days; None: it has never written."""
        if self.last_heard_at is None:
            return None
        return max(0, (timezone.localdate() - timezone.localdate(self.last_heard_at)).days)

    @property
    def is_silent(self) -> bool:
        heard = self.last_heard_at or self.registered_at
        return self.is_at_work and heard is not None and timezone.now() - heard > SILENT_AFTER


class TakenBatch(models.Model):
    """A batch that has arrived, whole. Never changed, never deleted."""

    box = models.ForeignKey(VillageBox, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    #: SHA-256 of the batch before it; blank for the first.
    previous = models.CharField(max_length=64, blank=True)
    lines = models.PositiveIntegerField()
    carrier = models.CharField(max_length=5, choices=Carrier.choices)
    taken_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["box", "number"], name="a_batch_is_taken_once"),
        ]

    def __str__(self) -> str:
        return f"{self.box} {self.number}"


class HeldLine(models.Model):
    """A line of a batch that could not be taken in: it waits for another, or a person looks at
    it. It is deleted when it has been taken."""

    box = models.ForeignKey(VillageBox, on_delete=models.PROTECT, related_name="held_lines")
    number = models.PositiveIntegerField()  # of its batch
    place = models.PositiveIntegerField()  # in its batch, from 0
    kind = models.CharField(max_length=9, choices=LineKind.choices, blank=True)  # blank: unknown
    #: As it came. Of a learner that is erased since, nothing.
    line = models.JSONField()
    #: Learners' numbers in it, with a blank before and after each, so that they can be found.
    numbers = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=8, choices=HeldState.choices)
    why = models.CharField(max_length=200)
    held_at = models.DateTimeField(default=timezone.now)
    #: Who said that it is not wanted; None: nobody has.
    given_up_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering: ClassVar = ["number", "place"]
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["box", "number", "place"], name="a_line_is_held_once"),
            models.CheckConstraint(
                condition=models.Q(state__in=HeldState.values),
                name="a_held_lines_state_is_a_known_one",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["box", "state"], name="held_lines_by_box")]

    def __str__(self) -> str:
        return f"{self.box} {self.number}.{self.place}"


class Arrived(models.Model):
    """Which row here is what a box calls so: of learners, calls and whatever has no name of its
    own that both would know."""

    box = models.ForeignKey(VillageBox, on_delete=models.PROTECT, related_name="arrived")
    kind = models.CharField(max_length=9, choices=LineKind.choices)
    #: Made on the box.
    uid = models.UUIDField()
    row = models.BigIntegerField()
    #: Of a learner: the number that the box gave, where the city had to give another.
    number_there = models.CharField(max_length=9, blank=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["kind", "uid"], name="what_is_born_arrives_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["box", "number_there"], name="arrived_by_number_there"),
            models.Index(fields=["kind", "row"], name="arrived_by_row"),
        ]

    def __str__(self) -> str:
        return f"{self.box} {self.kind} {self.row}"


class CountedAt(models.Model):
    """How far a box's own count of something had come when it was last heard of: what is more than
    that is added here, once."""

    box = models.ForeignKey(VillageBox, on_delete=models.PROTECT, related_name="counted")
    #: Made on the box, and the same when it is registered anew.
    uid = models.UUIDField(unique=True)
    times = models.PositiveIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.box} {self.times}"
