"""What the check of plain language says of a lesson: advice while it is written, a stop only for
publishing it. A lesson that is published stays so, and the starter's are loaded without asking."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import StreamBlockValidationError, StructBlockValidationError

from courses.readability.city_words import current_words
from courses.readability.findings import Finding, FindingPlace
from courses.readability.sentences import SentenceChecker

#: Field of a lesson → the field of a manual whose length it has; steps are STEP.
FIELDS: Final = {
    "title": "title",
    "goal": "expected",
    "practice_text": "remedy",
    "fraud_line": "warning",
    "offline_route": "remedy",
}
#: What publishes a lesson, or asks somebody to.
PUBLISHING: Final = ("action-publish", "action-submit", "action-restart-workflow")


@dataclass(frozen=True)
class LessonFinding:
    finding: Finding
    #: Of the lesson.
    field: str
    #: As the form calls it.
    label: str
    #: Of the steps, from 0; None when it is about another field.
    step: int | None = None


def lesson_findings(lesson: Any) -> list[LessonFinding]:
    """In the order of reading. A word that an earlier step explained is known."""
    return list(_findings(lesson, SentenceChecker(current_words())))


def _findings(lesson: Any, checker: SentenceChecker) -> Iterator[LessonFinding]:
    for name, like in FIELDS.items():
        label = str(lesson._meta.get_field(name).verbose_name)
        text = getattr(lesson, name) or ""
        for finding in checker.field(text, FindingPlace(like), asks=False):
            yield LessonFinding(finding, name, label)
    known: frozenset[str] = frozenset()
    for position, block in enumerate(lesson.steps):
        words = block.value.get("words") or ""
        label = _("第%(number)d步") % {"number": position + 1}
        for finding in checker.field(words, FindingPlace("words"), known=known):
            yield LessonFinding(finding, "steps", label, position)
        known |= checker.words.explained_in(words)


class LessonForm(WagtailAdminPageForm):
    """Saving is always possible; publishing is not while something stops it."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if any(self.data.get(name) for name in PUBLISHING) and not self.errors:
            self._stop(cleaned)
        return cleaned

    def _stop(self, cleaned: dict[str, Any]) -> None:
        asked = LessonText(self.instance, cleaned)
        steps: dict[int, list[str]] = {}
        for found in lesson_findings(asked):
            if not found.finding.stops:
                continue
            if found.step is None:
                self.add_error(found.field, found.finding.message)
            else:
                steps.setdefault(found.step, []).append(found.finding.message)
        if steps:
            self.add_error("steps", error_of_steps(steps))


class LessonText:
    """A lesson as it would be with what a form was sent."""

    def __init__(self, lesson: Any, cleaned: dict[str, Any]) -> None:
        self._meta = lesson._meta
        for name in (*FIELDS, "steps"):
            setattr(self, name, cleaned.get(name, getattr(lesson, name)))


def error_of_steps(messages: dict[int, list[str]]) -> StreamBlockValidationError:
    """Shown at the words of each step. messages: by the step's number, from 0."""
    return StreamBlockValidationError(
        block_errors={
            step: StructBlockValidationError(block_errors={"words": ValidationError(told)})
            for step, told in messages.items()
        }
    )
