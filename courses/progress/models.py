"""What a learner has done: a record without a name, which a number of its own leads to."""

import secrets
import uuid
from datetime import datetime
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from stdnum import damm
from wagtail.models import Page

from courses.choices import AnsweredWhen, Tallied

#: Of a learning number: random digits, so that nobody guesses another's, and one check digit.
#: Digits only: every remote has them, and none looks like a letter.
CODE_LENGTH = 12
#: A film is looked at in so many equal parts; which were seen is a bit each, so that what was seen
#: on two screens is simply put together.
FILM_PARTS = 20
WHOLE_FILM = 2**FILM_PARTS - 1
#: A film of which so many parts were seen is watched: nine tenths.
PARTS_OF_A_WATCHED_FILM = 18
#: Asked of a classroom or a series before it is learnt, and again after.
FIVE_QUESTIONS = 5
#: Signs of a step, a question, an answer or what is written on a key; their blocks say the same.
LONGEST_WORDS = 40


def is_code(typed: str) -> bool:
    """Whether the check digit is right: any single wrong digit and any swap of two neighbours is
    noticed, so that a slip of the finger costs no try."""
    return len(typed) == CODE_LENGTH and typed.isascii() and damm.is_valid(typed)


def new_code() -> str:
    digits = f"{secrets.randbelow(10 ** (CODE_LENGTH - 1)):0{CODE_LENGTH - 1}d}"
    return digits + str(damm.calc_check_digit(digits))


class LearnerRecord(models.Model):
    """One learner's, whoever that is. Nothing personal is in it; an account's belongs to it.

    Where two have become one, the row of the other stays and leads to it, so that the other's card
    and screens still find it.
    """

    #: What a screen's cookie holds.
    key = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    #: Its learning number; None until somebody asks for one.
    code = models.CharField(
        _("学习号"), max_length=CODE_LENGTH, unique=True, null=True, blank=True, editable=False
    )
    #: None: it is known by its number and its screens only.
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.CASCADE, related_name="learner_record"
    )
    #: Into which it went; None: it stands.
    joined_into = models.ForeignKey(
        "self", null=True, on_delete=models.CASCADE, related_name="joined"
    )
    #: Opened last, and when; None before the first, and when that lesson has gone.
    last_lesson = models.ForeignKey(Page, null=True, on_delete=models.SET_NULL, related_name="+")
    last_lesson_at = models.DateTimeField(null=True)
    used_on = models.DateField(default=timezone.localdate)

    class Meta:
        verbose_name = _("学习本")
        verbose_name_plural = _("学习本")
        indexes: ClassVar = [models.Index(fields=["used_on"], name="records_by_last_use")]
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(joined_into__isnull=True) | models.Q(user__isnull=True),
                name="a_record_that_went_into_another_is_nobodys",
            ),
        ]

    def __str__(self) -> str:
        return self.code or str(self.key)


class LessonMark(models.Model):
    """What was done of one lesson. Each moment is the first time; None: not yet."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="lessons")
    lesson = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    #: Which parts of its film were seen, a bit each (FILM_PARTS).
    seen_parts = models.PositiveIntegerField(default=0)
    read_at = models.DateTimeField(null=True)
    quiz_at = models.DateTimeField(null=True)
    practised_at = models.DateTimeField(null=True)
    #: When the lesson was done; it stays so, whatever editors change afterwards.
    done_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "lesson"], name="a_record_has_one_mark_for_a_lesson"
            ),
            models.CheckConstraint(
                condition=models.Q(seen_parts__range=(0, WHOLE_FILM)),
                name="a_film_has_twenty_parts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} · {self.lesson}"

    @property
    def is_watched(self) -> bool:
        return self.seen_parts.bit_count() >= PARTS_OF_A_WATCHED_FILM

    @property
    def share_seen(self) -> float:
        """Up to where the film was seen, 0 to 1; what was skipped before that does not matter."""
        return self.seen_parts.bit_length() / FILM_PARTS

    @property
    def is_gone_through(self) -> bool:
        """Watched or read."""
        return self.is_watched or self.read_at is not None

    def settle(self, *, has_quiz: bool, now: datetime) -> None:
        """Done, once it was watched or read and its quiz tried; right or wrong does not matter."""
        if self.done_at is None and self.is_gone_through and (self.quiz_at or not has_quiz):
            self.done_at = now


class DrillRound(models.Model):
    """A round of a drill that one learner went through alone, and the two mistakes in it."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="drill_rounds")
    drill = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    #: Which messages were drawn; the same round looked at again is the same row.
    seed = models.PositiveIntegerField()
    frauds_missed = models.PositiveSmallIntegerField()
    genuine_refused = models.PositiveSmallIntegerField()
    ended_at = models.DateTimeField()

    class Meta:
        ordering: ClassVar = ["-ended_at", "-pk"]
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "drill", "seed"], name="a_round_of_a_drill_is_kept_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} · {self.drill} · {self.seed}"


class FiveAnswers(models.Model):
    """How many of the five questions of a classroom or a series somebody knew, before it was
    learnt or after. The first time before counts, and the last time after."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="five_answers")
    #: The classroom or the series.
    page = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    when = models.CharField(max_length=6, choices=AnsweredWhen.choices)
    #: Keys of the lessons whose questions were asked, in their order: after, the same ones are.
    lessons = models.JSONField()
    known = models.PositiveSmallIntegerField()
    answered_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "page", "when"], name="five_questions_are_answered_once_a_time"
            ),
            models.CheckConstraint(
                condition=models.Q(known__lte=FIVE_QUESTIONS), name="five_questions_are_five"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} · {self.page} · {self.when}: {self.known}"


class FinishedClassroom(models.Model):
    """A classroom all of whose lessons were done. It stays so when another lesson is added."""

    record = models.ForeignKey(LearnerRecord, on_delete=models.CASCADE, related_name="classrooms")
    classroom = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    finished_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["record", "classroom"], name="a_classroom_is_finished_once"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.record} · {self.classroom}"


class LessonTally(models.Model):
    """How often something happened in a lesson. Only counts are kept, nothing about who.

    What was chosen is told by the words that the learner read, so that a count stays with them
    whatever editors change: new words are counted anew.
    """

    lesson = models.ForeignKey(Page, on_delete=models.CASCADE, related_name="+")
    #: Of an opening its day; of everything else the first of its month.
    day = models.DateField()
    kind = models.CharField(max_length=8, choices=Tallied.choices)
    #: A step's words, a question, or the name of a practice's screen; blank: the whole lesson.
    place = models.CharField(max_length=LONGEST_WORDS, blank=True)
    #: An answer's words, or what is written on what was pressed; blank: beside everything.
    chosen = models.CharField(max_length=LONGEST_WORDS, blank=True)
    times = models.PositiveIntegerField(default=0)

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["lesson", "day", "kind", "place", "chosen"],
                name="what_happens_in_a_lesson_has_one_count_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson} · {self.day} · {self.kind}: {self.times}"
