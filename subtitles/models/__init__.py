from subtitles.models.hints import HotWord, SpeechHints
from subtitles.models.tracks import LONGEST_CHAPTER, LONGEST_TEXT, Track, TrackCue, is_open_hole
from subtitles.models.versions import Reviewer, TrackVersion

__all__ = [
    "LONGEST_CHAPTER",
    "LONGEST_TEXT",
    "HotWord",
    "Reviewer",
    "SpeechHints",
    "Track",
    "TrackCue",
    "TrackVersion",
    "is_open_hole",
]
