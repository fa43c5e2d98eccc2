"""Subtitles of a film that is made here: its script, word for word, at the times that are known.

Telephone numbers stand in figures, as people write them.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest
from typing import Any

from django.db import transaction
from django.utils import timezone

from media.models import Film, Video
from media.narration.sentences import in_figures
from subtitles.choices import TrackState
from subtitles.cues import STANDARD, Cue, build_cues
from subtitles.cues.chapters import MOST, title_of
from subtitles.engines import Segment, Word
from subtitles.models import Track, TrackCue
from subtitles.tracks.publishing import machine_cues
from subtitles.tracks.versions import keep_what_stands

#: One line only: it stays in the fifth of the picture that the scenes leave to it.
RULES = replace(STANDARD, lines=1)
#: Before the next scene's first word there is more time than that.
LINGERS_MS = 160


def script_cues(said: Sequence[dict[str, Any]], scenes: Sequence[dict[str, Any]]) -> list[Cue]:
    """`said` and `scenes` are those of media.models.Film. No cue stands in two scenes."""
    cues: list[Cue] = []
    for scene in scenes:
        told = [part for part in said if scene["start_ms"] <= part["start_ms"] < scene["end_ms"]]
        if words := _words(told):
            end_ms = scene["end_ms"] + LINGERS_MS
            cues += build_cues([_segment(words)], rules=RULES, media_end_ms=end_ms)
    return _with_chapters(_apart(cues), scenes)


def _words(told: Sequence[dict[str, Any]]) -> list[Word]:
    """A telephone number may go through several parts."""
    text, words = in_figures("".join(part["text"] for part in told)), []
    for part in told:
        shown, text = text[: len(part["text"])], text[len(part["text"]) :]
        words.append(Word(part["start_ms"], part["end_ms"], shown, None))
    return words


def _apart(cues: Sequence[Cue]) -> list[Cue]:
    """A short one may begin a little before its words: the one before it then ends sooner."""
    return [
        cue
        if after is None
        else replace(cue, end_ms=min(cue.end_ms, after.start_ms - RULES.gap_ms))
        for cue, after in zip_longest(cues, cues[1:])
    ]


def _segment(words: list[Word]) -> Segment:
    text = "".join(word.text for word in words)
    return Segment(words[0].start_ms, words[-1].end_ms, text, tuple(words))


def _with_chapters(cues: Sequence[Cue], scenes: Sequence[dict[str, Any]]) -> list[Cue]:
    """The first cue of a step bears the step's name; as many as fit on a screen."""
    names: dict[int, str] = {}
    steps: set[int] = set()
    for scene in scenes:
        inside = [
            at for at, cue in enumerate(cues) if scene["start_ms"] <= cue.start_ms < scene["end_ms"]
        ]
        if scene["number"] and scene["number"] not in steps and inside and len(names) < MOST:
            steps.add(scene["number"])
            names[inside[0]] = title_of(scene["words"])
    return [replace(cue, chapter=names.get(at, "")) for at, cue in enumerate(cues)]


@transaction.atomic
def publish_script_track(video: Video) -> Track:
    """Make or renew the subtitles of a film that is made here.

    What a person has changed meanwhile is kept as a version: the words are those of the narration,
    and their times have just become others.
    """
    film = Film.objects.get(video=video)
    cues = script_cues(film.said, film.scenes)
    Track.objects.get_or_create(
        video=video, language=video.spoken_language, defaults={"state": TrackState.SCRIPT}
    )
    track = Track.objects.select_for_update().get(video=video, language=video.spoken_language)
    if track.corrected_at is not None:
        keep_what_stands(track)
    track.state, track.engine, track.model = TrackState.SCRIPT, "", ""
    track.corrected_at = track.corrected_by = track.reviewed_at = track.reviewed_by = None
    track.made_at = timezone.now()
    track.edit += 1
    track.save()
    track.cues.all().delete()
    rows = machine_cues(cues)
    for row in rows:
        row.track, row.noted = track, track.edit
    TrackCue.objects.bulk_create(rows)
    return track
