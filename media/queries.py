"""Reads that cross models: how far the work on a video is."""

from dataclasses import asdict, dataclass
from typing import Any

from django.utils.translation import gettext as _

from media.choices import ENDED, FINISHED_WELL, StageState
from media.models import Video
from media.stages import KINDS


@dataclass(frozen=True)
class StageProgress:
    kind: str
    label: str
    state: str
    state_label: str
    percent: int
    message: str  # why it failed or was not needed; empty otherwise


@dataclass(frozen=True)
class VideoProgress:
    watchable: bool
    ended: bool  # nothing more will happen by itself
    failed: bool
    percent: int  # of all stages together, each counting alike
    stages: list[StageProgress]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def progress_of(video: Video) -> VideoProgress:
    """The stages in their order. A stage whose need has failed will never come, and says so.

    Costs no query when `stages` and `renditions` are prefetched.
    """
    rows = {stage.kind: stage for stage in video.stages.all()}
    stages: list[StageProgress] = []
    never_coming: set[str] = set()
    for kind in KINDS.values():
        row = rows.get(kind.name)
        state = StageState.QUEUED if row is None else StageState(row.state)
        message = "" if row is None else row.message
        if state == StageState.FAILED:
            never_coming.add(kind.name)
        elif state not in ENDED and never_coming.intersection(kind.needs):
            never_coming.add(kind.name)
            message = _("前面一步没有成功，这一步先不做。")
        percent = 0 if row is None else row.progress
        stages.append(
            StageProgress(
                kind=kind.name,
                label=str(kind.label),
                state=state.value,
                state_label=str(state.label),
                percent=100 if state in FINISHED_WELL else percent,
                message=message,
            )
        )
    return VideoProgress(
        watchable=bool(video.moving_renditions),
        ended=all(stage.state in ENDED or stage.kind in never_coming for stage in stages),
        failed=bool(never_coming),
        percent=sum(stage.percent for stage in stages) // len(stages),
        stages=stages,
    )
