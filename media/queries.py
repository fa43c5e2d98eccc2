"""Reads that cross models: how far the work on a video is; what of a page is read aloud."""

from dataclasses import asdict, dataclass
from typing import Any

from wagtail.models import Page

from media.choices import ENDED, FINISHED_WELL, StageState
from media.models import Narration, Video
from media.narrating import digest_of
from media.sentences import split_sentences
from media.stages import kinds_of_a_video


@dataclass(frozen=True)
class StageProgress:
    kind: str
    label: str
    state: str
    state_label: str
    percent: int
    message: str  # why it failed or was not needed, or what was left out; mostly empty


@dataclass(frozen=True)
class VideoProgress:
    watchable: bool
    ended: bool  # nothing more will happen by itself
    failed: bool  # in a stage that the film cannot do without
    incomplete: bool  # some stage has failed, be it for decoration: trying again may help
    percent: int  # of all stages together, each counting alike
    stages: list[StageProgress]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def progress_of(video: Video) -> VideoProgress:
    """The stages in their order. Costs no query when `stages` and `renditions` are prefetched."""
    rows = {stage.kind: stage for stage in video.stages.all()}
    stages: list[StageProgress] = []
    for kind in kinds_of_a_video():
        row = rows.get(kind.name)
        state = StageState.QUEUED if row is None else StageState(row.state)
        settled = state in FINISHED_WELL or (kind.is_decorative and state == StageState.FAILED)
        percent = 0 if row is None else row.progress
        stages.append(
            StageProgress(
                kind=kind.name,
                label=str(kind.label),
                state=state.value,
                state_label=str(state.label),
                percent=100 if settled else percent,
                message="" if row is None else row.message,
            )
        )
    failed = {stage.kind for stage in stages if stage.state == StageState.FAILED}
    return VideoProgress(
        watchable=bool(video.moving_renditions),
        ended=all(stage.state in ENDED for stage in stages),
        failed=any(kind.name in failed and not kind.is_decorative for kind in kinds_of_a_video()),
        incomplete=bool(failed),
        percent=sum(stage.percent for stage in stages) // len(stages),
        stages=stages,
    )


@dataclass(frozen=True)
class SpokenText:
    sentences: list[str]
    narration: Narration | None  # its sound says these sentences; None while there is none


def spoken_text_of(page: Page, *, text: str) -> SpokenText | None:
    """What is read aloud of `page`; None when there is nothing to say.

    A draft's `text` is not read by what was made of the published one. After a change the old
    sentences stand, with the old sound, until the new are made.
    """
    sentences = split_sentences(text)
    if not sentences:
        return None
    narration = Narration.objects.prefetch_related("stages").filter(page_id=page.pk).first()
    if narration is None or narration.text_digest != digest_of(text) or not narration.is_playable:
        return SpokenText(sentences, None)
    return SpokenText([sentence["text"] for sentence in narration.sentences], narration)


@dataclass(frozen=True)
class NarrationProgress:
    label: str
    ended: bool  # nothing more will happen by itself
    failed: bool
    message: str  # why it failed; empty otherwise


def narration_progress(narration: Narration) -> NarrationProgress:
    """How far a narration is. Costs no query when `stages` are prefetched."""
    stage = next(iter(narration.stages.all()), None)
    if stage is None:  # it came with the starter, ready made
        return NarrationProgress(str(StageState.DONE.label), ended=True, failed=False, message="")
    return NarrationProgress(
        label=stage.get_state_display(),
        ended=stage.has_ended,
        failed=stage.state == StageState.FAILED,
        message=stage.message,
    )
