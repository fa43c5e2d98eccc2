"""The gate of simplicity, the same at every door: the workbench, submission, an imported ZIP."""

from lms.manuals.choices import WordKind
from lms.manuals.judging import (
    Finding,
    ManualText,
    StepText,
    TaskText,
    TroubleText,
    WarningText,
    judge,
)
from lms.manuals.models import ManualVersion, PlainWord, Step, Task
from lms.manuals.plain_words import PlainWords, house_words
from subtitles.choices import TrackState

__all__ = ["Finding", "findings_of", "stops_of", "text_of", "words_in_force"]


def findings_of(version: ManualVersion, *, words: PlainWords | None = None) -> list[Finding]:
    """What to mend (`Finding.stops`) and what could be plainer, in the order of reading.

    Costs two queries when the version came by `with_content`. words None: the lists in force.
    """
    return judge(text_of(version), words=words or words_in_force())


def stops_of(version: ManualVersion) -> list[Finding]:
    """Why it cannot be handed in yet; empty when it can."""
    return [finding for finding in findings_of(version) if finding.stops]


def words_in_force() -> PlainWords:
    """The house's lists with what the town's reviewers added, changed or found plain enough."""
    house = house_words()
    lists = {
        WordKind.JARGON: dict(house.jargon),
        WordKind.OFFICIALESE: dict(house.officialese),
        WordKind.FINE: {},
    }
    for word, kind, instead in PlainWord.objects.values_list("word", "kind", "instead"):
        for listed in lists.values():
            listed.pop(word, None)
        lists[WordKind(kind)][word] = instead
    return PlainWords(jargon=lists[WordKind.JARGON], officialese=lists[WordKind.OFFICIALESE])


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


def _task(task: Task) -> TaskText:
    return TaskText(task.title, tuple(_step(step) for step in task.steps.all()), str(task.key))


def _step(step: Step) -> StepText:
    return StepText(
        words=step.words,
        has_picture=step.picture_id is not None,
        alt=step.alt,
        warning=step.warning,
        expected=step.expected,
        key=str(step.key),
    )


def _subtitles_reviewed(version: ManualVersion) -> bool | None:
    """None: there is no video. A silent one has nothing to subtitle."""
    if version.video is None:
        return None
    video = version.video.video
    if video.has_audio is False:
        return None
    tracks = video.tracks.filter(language=video.spoken_language)
    return tracks.filter(state=TrackState.REVIEWED).exists()
