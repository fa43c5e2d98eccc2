"""What the readability check says of a version. The workbench, submission and review ask here."""

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from courses.readability.findings import Finding
from courses.readability.word_lists import WordLists, built_in_word_lists
from lms.manuals.choices import WordKind
from lms.manuals.models import ManualStep, ManualTask, ManualVersion, PlainWord
from lms.manuals.readability.rules import (
    ManualText,
    StepText,
    TaskText,
    TroubleText,
    WarningText,
    check_text,
)
from subtitles.choices import TrackState


def findings_of(version: ManualVersion, *, words: WordLists | None = None) -> list[Finding]:
    """What must be changed (`Finding.stops`) and what is advised, in the order of reading.

    A word that its maker answered for has the answer and does not stop. Costs two queries when the
    version came by `with_content`. words None: the current lists.
    """
    answers = {(a.key, a.field, a.word): a.reason for a in version.answers.all()}
    return [
        replace(finding, answer=answers.get(place_of(finding), ""))
        if finding.is_answerable
        else finding
        for finding in check_text(text_of(version), words=words or current_word_lists())
    ]


def place_of(finding: Finding) -> tuple[str, str, str]:
    """By which an answer is found: the part's key, the field, the word."""
    return finding.place.key, finding.place.field, finding.found


def blocking_findings_of(version: ManualVersion) -> list[Finding]:
    """Why it cannot be handed in yet; empty when it can."""
    return [finding for finding in findings_of(version) if finding.stops]


def current_word_lists() -> WordLists:
    """The built-in lists, with the words that the city's reviewers added, changed or exempted."""
    return _with_words(tuple(PlainWord.objects.values_list("word", "kind", "instead")))


@lru_cache(maxsize=2)  # the lists remember how sentences were cut
def _with_words(rows: tuple[tuple[str, str, str], ...]) -> WordLists:
    built_in = built_in_word_lists()
    told = {word for word, _kind, _instead in rows}

    def listed(words: Mapping[str, str], kind: WordKind) -> dict[str, str]:
        kept = {word: instead for word, instead in words.items() if word not in told}
        return kept | {word: instead for word, its_kind, instead in rows if its_kind == kind}

    exempted = (re.compile(re.escape(word)) for word, kind, _ in rows if kind == WordKind.FINE)
    return replace(
        built_in,
        jargon=listed(built_in.jargon, WordKind.JARGON),
        officialese=listed(built_in.officialese, WordKind.OFFICIALESE),
        verbs=built_in.verbs - told,
        half_known=built_in.half_known - told,
        of_frauds=built_in.of_frauds - told,
        fine=(*built_in.fine, *exempted),
    )


def text_of(version: ManualVersion) -> ManualText:
    product = version.manual.product
    return ManualText(
        title=version.title,
        service_telephone=version.service_telephone,
        is_dated=version.checked_on is not None and version.review_due is not None,
        risky=product.needs_safety_review,
        tasks=tuple(_task(task) for task in version.tasks.all()),
        warnings=tuple(WarningText(w.words, str(w.key)) for w in version.warnings.all()),
        troubles=tuple(
            TroubleText(t.problem, t.remedy, str(t.key)) for t in version.troubles.all()
        ),
        names=(product.brand, product.model),
        subtitles_reviewed=_subtitles_reviewed(version),
    )


def _task(task: ManualTask) -> TaskText:
    return TaskText(task.title, tuple(_step(step) for step in task.steps.all()), str(task.key))


def _step(step: ManualStep) -> StepText:
    return StepText(
        words=step.words,
        has_picture=step.picture_id is not None,
        alt=step.alt,
        warning=step.warning,
        expected=step.expected,
        key=str(step.key),
    )


def _subtitles_reviewed(version: ManualVersion) -> bool | None:
    """None: there is no video, or one without sound, which needs no subtitles."""
    if version.video is None:
        return None
    video = version.video.video
    if video.has_audio is False:
        return None
    tracks = video.tracks.filter(language=video.spoken_language)
    return tracks.filter(state=TrackState.REVIEWED).exists()
