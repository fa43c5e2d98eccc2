"""Verbs that write tracks."""

from subtitles.services.publishing import listen_again, publish_machine_track
from subtitles.services.revising import (
    BadCue,
    CueEdit,
    EditConflict,
    NotFinished,
    adopt_version,
    change_cues,
    confirm_words,
    finish_review,
    replace_cues,
    waive_rules,
)
from subtitles.services.seats import note_reviewer, note_seen

__all__ = [
    "BadCue",
    "CueEdit",
    "EditConflict",
    "NotFinished",
    "adopt_version",
    "change_cues",
    "confirm_words",
    "finish_review",
    "listen_again",
    "note_reviewer",
    "note_seen",
    "publish_machine_track",
    "replace_cues",
    "waive_rules",
]
