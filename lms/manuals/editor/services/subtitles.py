"""Verbs by which a maker brings, corrects and vouches for the subtitles of its own video.

They are those of the review desk (`subtitles.review.services`), which is for staff; here everything
of a film is written in one form and vouched for at once.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from media.models import Video
from subtitles.cues.problems import Reason
from subtitles.models import Track
from subtitles.review.services import (
    BadCue,
    CueEdit,
    EditConflict,
    change_cues,
    finish_review,
    note_seen,
    replace_cues,
    waive_rules,
)
from subtitles.tracks.importing import UnreadableFile, read_cues


class SubtitlesRefused(Exception):
    """Subtitles that cannot be kept; the text says what to do, a line for each reason."""


def track_of(video: Video) -> Track | None:
    """In the language that is spoken in it; None while there is none."""
    return Track.objects.filter(video=video, language=video.spoken_language).first()


@transaction.atomic
def bring_subtitles(video: Video, *, content: bytes, name: str, by: User) -> str:
    """In place of what stands, which is kept as a version. Returns what was mended, in words; ""
    for nothing. Raises SubtitlesRefused."""
    try:
        read = read_cues(content, name=name, end_ms=video.duration_ms)
        track, _made = Track.objects.get_or_create(video=video, language=video.spoken_language)
        replace_cues(track, by=by, rows=read.rows)
    except UnreadableFile as reason:
        raise SubtitlesRefused("\n".join([str(reason), *reason.faults])) from reason
    except BadCue as reason:
        raise SubtitlesRefused(str(reason)) from reason
    return read.mended


@transaction.atomic
def correct_subtitles(track: Track, *, texts: Mapping[int, str], edit: int, by: User) -> int:
    """texts by the id of a cue; an empty one removes its cue. edit: `Track.edit` as it was when
    they were shown. Returns how many were changed. Raises SubtitlesRefused."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    rows = {row.pk: row for row in track.cues.filter(pk__in=texts)}
    changed = {pk: text for pk, text in texts.items() if pk in rows and text != rows[pk].text}
    if changed and track.edit != edit and any(rows[pk].revision > edit for pk in changed):
        raise SubtitlesRefused(_("同事刚改过这些字幕。请看一看新的，再改。"))
    edits = [
        CueEdit(
            cue=pk,
            base=rows[pk].revision,
            gone=not text,
            start_ms=rows[pk].start_ms,
            end_ms=rows[pk].end_ms,
            text=text,
            chapter=rows[pk].chapter,
        )
        for pk, text in changed.items()
    ]
    try:
        if edits:
            change_cues(track, by=by, edits=edits)
    except (BadCue, EditConflict) as reason:
        raise SubtitlesRefused(str(reason)) from reason
    note_seen(track, by=by, cues=[pk for pk in texts if changed.get(pk, "x")])
    return len(edits)


@transaction.atomic
def vouch_for_subtitles(track: Track, *, by: User) -> None:
    """By name: they are right as they stand, also where a rule advises otherwise. Raises
    SubtitlesRefused while the machine has not understood something, or there are none."""
    track = Track.objects.select_for_update().get(pk=track.pk)
    rows = list(track.cues.all())
    if not rows:
        raise SubtitlesRefused(_("还没有字幕。"))
    if holes := [row for row in rows if Reason.UNHEARD.value in row.problems]:
        raise SubtitlesRefused(
            _("还有%(count)d处机器没有听清，请听一听，把话写上；没有说话，就清空那一条。")
            % {"count": len(holes)}
        )
    note_seen(track, by=by, cues=[row.pk for row in rows])
    for row in rows:
        if row.problems:
            waive_rules(track, cue=row.pk, base=row.revision, by=by)
    finish_review(track, by=by)
