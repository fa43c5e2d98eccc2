"""How far the work on a video is."""

from dataclasses import asdict, dataclass
from typing import Any

from media.choices import ENDED, FINISHED_WELL, StageState
from media.models import Video
from media.pipeline.stages import kinds_of


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
    kinds = kinds_of(video)
    stages: list[StageProgress] = []
    for kind in kinds:
        row = rows.get(kind.name)
        state = StageState.QUEUED if row is None else StageState(row.state)
        settled = state in FINISHED_WELL or (kind.is_optional and state == StageState.FAILED)
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
        failed=any(kind.name in failed and not kind.is_optional for kind in kinds),
        incomplete=bool(failed),
        percent=sum(stage.percent for stage in stages) // len(stages),
        stages=stages,
    )
