"""What people are told, and by which way each of them hears of it."""

import uuid
from datetime import datetime
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.accounts.models import User
from lms.classes.models import ClassGroup, ClassSession
from lms.notices.choices import (
    OVER,
    SENT_OUT,
    DeliveryState,
    DigestBy,
    GroupKind,
    HowSaid,
    NoticeReason,
    Rings,
    Way,
    Why,
)
from lms.people.models import Learner, administered_by, supervised_by
from lms.units.models import Unit


class NoticeQuerySet(models.QuerySet["Notice"]):
    def followed_by(self, user: Visitor) -> Self:
        """Whose deliveries the user sees and whose calls the user makes: of own classes, of units
        whose officer the user is, and own ones."""
        if not user.is_authenticated:
            return self.none()
        classes = ClassGroup.objects.changeable_by(user)
        return self.filter(
            models.Q(session__class_group__in=classes)
            | models.Q(administered_by(user, prefix="unit__"))
            | models.Q(made_by=user.pk)
        )


class Notice(models.Model):
    """Somebody is told something, for a reason and for a time: in words for staff and in words for
    learners. Who it is for is in its deliveries."""

    reason = models.CharField(_("为什么"), max_length=9, choices=NoticeReason.choices)
    rings = models.CharField(max_length=6, choices=Rings.choices, default=Rings.DIGEST)
    #: Cannot wait: staff are told at once too, and no ceiling of costs stops it.
    urgent = models.BooleanField(default=False)
    #: Whose matter it is, and whose costs; None: the site's own, as what manufacturers are told.
    unit = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="notices")
    #: One of the two may be blank: then these are not told.
    staff_text = models.CharField(_("给工作人员的话"), max_length=300, blank=True)
    learner_text = models.CharField(_("给学员的话"), max_length=300, blank=True)
    #: Of the template of the short message.
    values = models.JSONField(default=dict, blank=True)
    #: The page that it is about, on this site; blank: none.
    address = models.CharField(max_length=200, blank=True)
    #: What it is about, once only: the same again is the same notice. Blank: it has no such name.
    key = models.CharField(max_length=120, blank=True, editable=False)
    #: The session that it is about, as it stood at that revision; None: it is about no session.
    session = models.ForeignKey(
        ClassSession, null=True, on_delete=models.CASCADE, related_name="notices"
    )
    revision = models.PositiveIntegerField(null=True, editable=False)
    #: None: the program, or whoever it was is gone.
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    made_at = models.DateTimeField(default=timezone.now)
    #: Nothing of it goes out from then on.
    ends_at = models.DateTimeField()

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知")
        verbose_name_plural = _("通知")
        ordering: ClassVar = ["-made_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["key"], condition=~models.Q(key=""), name="a_notice_is_made_once"
            ),
            models.CheckConstraint(
                condition=models.Q(reason__in=NoticeReason.values, rings__in=Rings.values),
                name="a_notice_has_a_known_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(staff_text="") | ~models.Q(learner_text=""),
                name="a_notice_says_something",
            ),
            models.CheckConstraint(
                condition=models.Q(ends_at__gt=models.F("made_at")),
                name="a_notice_ends_after_it_begins",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["made_at"], name="notices_by_time")]

    def __str__(self) -> str:
        return f"{self.get_reason_display()} · {self.unit or ''}"

    @property
    def text(self) -> str:
        """For whoever sees both: the learners' words, where there are some."""
        return self.learner_text or self.staff_text


class WorkGroupQuerySet(models.QuerySet["WorkGroup"]):
    def kept_by(self, user: Visitor) -> Self:
        return self.filter(administered_by(user, prefix="unit__"))


class WorkGroup(models.Model):
    """A group of colleagues, or another system, that is told by a message to its robot."""

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="notice_groups")
    name = models.CharField(_("群名"), max_length=40)
    kind = models.CharField(
        _("哪一种"), max_length=5, choices=GroupKind.choices, default=GroupKind.WECOM
    )
    #: Whoever has it may write to the group; shown to nobody again.
    address = models.CharField(_("机器人地址"), max_length=300)
    #: By which our message is signed (RELAY).
    secret = models.CharField(max_length=64, blank=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )

    objects = WorkGroupQuerySet.as_manager()

    class Meta:
        verbose_name = _("工作群")
        verbose_name_plural = _("工作群")
        ordering: ClassVar = ["unit", "name", "pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(kind__in=GroupKind.values), name="a_group_is_of_a_known_kind"
            ),
            models.UniqueConstraint(fields=["unit", "name"], name="a_unit_has_one_group_of_a_name"),
        ]

    def __str__(self) -> str:
        return self.name


class DeliveryQuerySet(models.QuerySet["Delivery"]):
    def on_page_of(self, user: Visitor) -> Self:
        """The latest first; none of digests, which tell of the others."""
        if not user.is_authenticated:
            return self.none()
        mine = self.filter(person=user.pk, way=Way.PAGE)
        return mine.select_related("notice").order_by("-notice__made_at", "-pk")

    def unread(self) -> Self:
        return self.filter(way=Way.PAGE, read_at__isnull=True)

    def due(self, now: datetime) -> Self:
        """Whatever waits to be sent out and whose time has come; what is urgent first."""
        waiting = self.filter(way__in=SENT_OUT, state=DeliveryState.WAITING, due_at__lte=now)
        return waiting.order_by("notice__rings", "due_at", "pk")

    def abandoned(self, now: datetime) -> Self:
        """Whose worker has not finished in time."""
        return self.filter(state=DeliveryState.SENDING, lease_until__lt=now)

    def calls(self) -> Self:
        """Who is to be called, village by village."""
        calls = self.filter(way=Way.CALL).select_related("learner__unit", "settled_by", "notice")
        return calls.order_by("learner__unit__path", "learner__sort_key", "pk")

    def to_call(self) -> Self:
        return self.filter(way=Way.CALL, state=DeliveryState.WAITING)

    def counted_for(self, user: Visitor) -> Self:
        """Whose costs the user may read."""
        return self.filter(supervised_by(user, prefix="notice__unit__"))


class Delivery(models.Model):
    """One notice, to one person or group, by one way. All that becomes of it is in the row.
    `token` belongs to the worker that sends it now: every write by a worker filters on it
    (decision 010).

    It holds no number: that is read when it is sent, so that it is the latest, and gone with who
    asks to be forgotten.
    """

    notice = models.ForeignKey(Notice, on_delete=models.CASCADE, related_name="deliveries")
    way = models.CharField(_("怎么通知"), max_length=5, choices=Way.choices)
    #: To whom; all three None: nobody's any more, only the cost stands.
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    learner = models.ForeignKey(
        Learner, null=True, on_delete=models.CASCADE, related_name="deliveries"
    )
    group = models.ForeignKey(
        WorkGroup, null=True, on_delete=models.SET_NULL, related_name="deliveries"
    )
    state = models.CharField(
        _("情况"), max_length=9, choices=DeliveryState.choices, default=DeliveryState.WAITING
    )
    why = models.CharField(_("原因"), max_length=10, choices=Why.choices, blank=True)
    #: Who has the same number, and hears of it by that.
    shared_with = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="shared_by"
    )
    tries = models.PositiveSmallIntegerField(_("试了几次"), default=0)
    #: How often an answer came that nothing was taken: with the uid it names a handing over, so
    #: that one without an answer keeps its name.
    turn = models.PositiveSmallIntegerField(default=0)
    due_at = models.DateTimeField(default=timezone.now)
    token = models.UUIDField(null=True, editable=False)
    lease_until = models.DateTimeField(null=True, editable=False)
    #: When it was handed over under its present name, while no answer has come; None: one came.
    unsure_since = models.DateTimeField(null=True, editable=False)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    #: 分; what was taken is charged, whatever became of it.
    cost_fen = models.PositiveIntegerField(_("费用"), default=0)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    #: Who called, and when; of a call only.
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    settled_at = models.DateTimeField(null=True)

    objects = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("通知到人")
        verbose_name_plural = _("通知到人")
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["notice", "way", "person"],
                condition=models.Q(person__isnull=False, learner__isnull=True),
                name="somebody_is_told_once_by_a_way",
            ),
            models.UniqueConstraint(
                fields=["notice", "way", "learner"],
                condition=models.Q(learner__isnull=False),
                name="a_learner_is_told_once_by_a_way",
            ),
            models.UniqueConstraint(
                fields=["notice", "group"],
                condition=models.Q(group__isnull=False),
                name="a_group_is_told_once",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    way__in=Way.values, state__in=DeliveryState.values, why__in=["", *Why.values]
                ),
                name="a_delivery_is_as_we_know_them",
            ),
            models.CheckConstraint(
                condition=models.Q(
                    state=DeliveryState.SENDING, token__isnull=False, lease_until__isnull=False
                )
                | models.Q(~models.Q(state=DeliveryState.SENDING), token__isnull=True),
                name="a_delivery_in_hand_has_a_holder_and_a_lease",
            ),
        ]
        indexes: ClassVar = [
            models.Index(
                fields=["due_at"],
                condition=models.Q(state__in=["waiting", "sending"]),
                name="deliveries_that_wait",
            ),
            models.Index(
                fields=["person"],
                condition=models.Q(way="page", read_at__isnull=True),
                name="unread_on_pages",
            ),
            models.Index(fields=["sent_at"], name="deliveries_by_time_sent"),
        ]

    def __str__(self) -> str:
        return f"{self.notice} {self.get_way_display()}: {self.get_state_display()}"

    @property
    def is_over(self) -> bool:
        return self.state in OVER

    @property
    def handed_over_as(self) -> str:
        """What the company knows it by."""
        return f"{self.uid.hex}-{self.turn}"


class WishIsFinal(TypeError):
    """Somebody tried to change or delete what is written of a learner's wish."""


class WishQuerySet(models.QuerySet["Wish"]):
    """Rows are added and read; the latest holds (decision 026)."""

    def update(self, **fields: Any) -> int:
        raise WishIsFinal

    def give_to(self, learner: Learner) -> int:
        """For two rows of the register that turn out to be one person, or two after all."""
        return super().update(learner=learner)


class Wish(models.Model):
    """Whether a learner wants short messages about classes, as told at the desk, by telephone or by
    an answer. Who has an account says so there (`Agreement`); of both the latest holds."""

    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="wishes")
    given = models.BooleanField(_("愿意收短信"))
    how = models.CharField(_("怎么说的"), max_length=9, choices=HowSaid.choices)
    #: None: the learner, by an answer.
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    said_at = models.DateTimeField(default=timezone.now)

    objects = WishQuerySet.as_manager()

    class Meta:
        verbose_name = _("愿不愿意收短信")
        verbose_name_plural = _("愿不愿意收短信")
        ordering: ClassVar = ["-said_at", "-pk"]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(how__in=HowSaid.values), name="a_wish_was_said_in_a_known_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.learner} {self.given}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise WishIsFinal
        super().save(*args, **kwargs)


class DigestChoice(models.Model):
    """How one of the staff hears of what is unread; without a row: by e-mail where there is an
    address."""

    person = models.OneToOneField(User, on_delete=models.CASCADE, related_name="digest_choice")
    by = models.CharField(
        _("怎么提醒"), max_length=5, choices=DigestBy.choices, default=DigestBy.EMAIL
    )

    class Meta:
        verbose_name = _("每天的提醒")
        verbose_name_plural = _("每天的提醒")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(by__in=DigestBy.values), name="a_digest_comes_by_a_known_way"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} {self.get_by_display()}"
