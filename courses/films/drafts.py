"""A lesson as it stands in the editor's form, as the film that would be made of it: each scene with
its still, its words and when they are said. Nothing is encoded."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from courses.films.draft_times import spoken_of
from courses.films.storyboard import storyboard_of
from courses.models import LessonPage
from media.choices import StageState
from media.films.alignment import SURE
from media.films.borders import Borders, lay_borders, letters
from media.films.clauses import Clause, clauses_of
from media.films.services import FILM, digest_of
from media.films.stills import draw_stills
from media.films.storyboard import Storyboard
from media.films.timeline import SpokenPart, TimedScene, timeline_of
from media.models import Film, Narration
from media.narration.services import digest_of as digest_of_text
from subtitles.tracks.script import script_cues


@dataclass(frozen=True, slots=True)
class DraftClause:
    """`nth` counts those that read alike; `heard_ms` is where the sound has it, None: not yet."""

    text: str
    nth: int
    heard_ms: int | None


@dataclass(frozen=True, slots=True)
class DraftScene:
    """A scene and its part of the narration; `machine` is the clause with which the machine would
    begin it. Its border is movable unless it is the first or silent."""

    timed: TimedScene
    still: str
    clauses: tuple[DraftClause, ...]
    machine: int
    starts: int
    is_first: bool
    is_moved: bool

    @property
    def is_movable(self) -> bool:
        return not self.is_first and not self.timed.scene.silent

    @property
    def is_unsure(self) -> bool:
        return self.is_movable and self.timed.lead < SURE

    @property
    def border_class(self) -> str:
        if self.is_moved:
            return "storyboard__border--moved"
        return "storyboard__border--unsure" if self.is_unsure else ""

    @property
    def first_words(self) -> str:
        return self.clauses[0].text if self.clauses else _("不说话")

    @property
    def seconds(self) -> float:
        return self.timed.duration_ms / 1000


@dataclass(frozen=True, slots=True)
class Draft:
    """`lost` are what was moved and holds no longer, in words; `sound` is blank where nothing of
    it has been read; `is_read` says whether all of it has."""

    scenes: tuple[DraftScene, ...]
    clause_count: int
    lost: tuple[str, ...]
    state: str
    sound: str
    is_read: bool
    film: dict[str, Any]

    @property
    def seconds(self) -> float:
        return self.scenes[-1].timed.end_ms / 1000

    @property
    def moved_count(self) -> int:
        return sum(scene.is_moved for scene in self.scenes)

    @property
    def unsure_count(self) -> int:
        return sum(scene.is_unsure for scene in self.scenes)


def draft_of(lesson: LessonPage) -> Draft:
    """Raises NotDrawn."""
    storyboard = storyboard_of(lesson)
    clauses = clauses_of(lesson.text_to_read)
    borders = lay_borders(storyboard, clauses)
    narration = Narration.objects.filter(page_id=lesson.pk).first()
    spoken = spoken_of(clauses, narration)
    timeline = timeline_of(storyboard.scenes, borders.spans, borders.leads, spoken.parts)
    stills = draw_stills(storyboard.scenes)
    said = [draft_clause(clauses, at, spoken.heard_ms[at]) for at in range(len(clauses))]
    scenes = tuple(
        DraftScene(
            timed=timed,
            still=stills[number],
            clauses=tuple(said[slice(*borders.spans[number])]),
            machine=borders.machine[number],
            starts=borders.spans[number][0],
            is_first=number == 0,
            is_moved=number in borders.moved,
        )
        for number, timed in enumerate(timeline.scenes)
    )
    heard = any(at is not None for at in spoken.heard_ms)
    return Draft(
        scenes=scenes,
        clause_count=len(clauses),
        lost=lost_borders(borders),
        state=state_of(lesson, storyboard, narration),
        sound=narration.audio.url if narration is not None and heard else "",
        is_read=None not in spoken.heard_ms,
        film=film_of(scenes),
    )


def draft_clause(clauses: Sequence[Clause], at: int, heard_ms: int | None) -> DraftClause:
    alike = [letters(clause.text) for clause in clauses[: at + 1]]
    return DraftClause(clauses[at].text, alike.count(alike[-1]) - 1, heard_ms)


def lost_borders(borders: Borders) -> tuple[str, ...]:
    return tuple(
        _("“%(scene)s”原来从“%(clause)s”开始") % {"scene": lost.words, "clause": lost.clause}
        if lost.clause
        else _("“%(scene)s”原来在朗读完了以后") % {"scene": lost.words}
        for lost in borders.lost
    )


def state_of(lesson: LessonPage, storyboard: Storyboard, narration: Narration | None) -> str:
    """What learners watch, compared with this draft, in one sentence."""
    if not settings.LESSON_FILMS:
        return _("本站不自动做视频。")
    if lesson.video_id:
        return _("学员看的是上面选的视频，不是自动做的。")
    if not lesson.makes_film:
        return _("这节课没有选“自动做成视频”。")
    film = Film.objects.filter(narration__page=lesson.pk).first()
    if film is None or narration is None:
        return _("发布以后，就照这样做视频。")
    same_words = narration.text_digest == digest_of_text(lesson.text_to_read)
    if film.storyboard_digest != digest_of(storyboard) or not same_words:
        return _("和学员看的不一样。发布以后照这样重做，只重做改了的那几屏。")
    stage = film.video.stages.filter(kind=FILM).first()
    if stage is not None and stage.state == StageState.FAILED:
        return stage.message
    if stage is None or not stage.has_ended or film.made_at is None:
        return _("已经发布，视频正在照这样做。")
    return _("已经发布，学员看的视频就是这样。")


def film_of(scenes: Sequence[DraftScene]) -> dict[str, Any]:
    """What the script of the preview plays: times are the film's, in ms."""
    told = [
        (part, clause.heard_ms)
        for scene in scenes
        for part, clause in zip(scene.timed.said, scene.clauses, strict=True)
    ]
    said = [
        {"text": part.text, "start_ms": part.start_ms, "end_ms": part.end_ms} for part, _at in told
    ]
    shown = [
        {
            "start_ms": scene.timed.start_ms,
            "end_ms": scene.timed.end_ms,
            "words": scene.timed.scene.one_line,
            "number": scene.timed.scene.number,
        }
        for scene in scenes
    ]
    return {
        "ends": [scene.timed.end_ms for scene in scenes],
        "cues": [[cue.start_ms, cue.end_ms, cue.text] for cue in script_cues(said, shown)],
        "heard": heard_stretches(told),
    }


def heard_stretches(told: Sequence[tuple[SpokenPart, int | None]]) -> list[list[int]]:
    """From and to in the film, and where that begins in the sound; what follows without a cut is
    one stretch."""
    stretches: list[list[int]] = []
    for part, heard_ms in told:
        if heard_ms is None:
            continue
        last = stretches[-1] if stretches else None
        if last and heard_ms - last[2] == part.start_ms - last[0]:
            last[1] = part.end_ms
        else:
            stretches.append([part.start_ms, part.end_ms, heard_ms])
    return stretches
