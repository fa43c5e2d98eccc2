from subtitles.models.hints import HotWord, SpeechHints
from subtitles.models.tracks import LONGEST_CHAPTER, LONGEST_TEXT, Track, TrackCue
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
]
