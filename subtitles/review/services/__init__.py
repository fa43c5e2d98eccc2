"""Verbs that write tracks."""

from subtitles.review.services.presence import note_reviewer, note_seen
from subtitles.review.services.revising import (
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

__all__ = [
    "BadCue",
    "CueEdit",
    "EditConflict",
    "NotFinished",
    "adopt_version",
    "change_cues",
    "confirm_words",
    "finish_review",
    "note_reviewer",
    "note_seen",
    "replace_cues",
    "waive_rules",
]
