"""Cues: how they are laid out, what a reviewer is told of them, and as what files they leave.

The rules stand once, in `CueRules`; building and the reviewer's warnings use the same ones.
"""

from subtitles.cues.building import DOUBTFUL_WORD, build_cues, wrap_lines
from subtitles.cues.cue import (
    EXTRA_LARGE,
    STANDARD,
    UNHEARD,
    Cue,
    CueRules,
    Doubt,
    WordTime,
    moved_doubts,
    reading_speed,
    text_width,
)

__all__ = [
    "DOUBTFUL_WORD",
    "EXTRA_LARGE",
    "STANDARD",
    "UNHEARD",
    "Cue",
    "CueRules",
    "Doubt",
    "WordTime",
    "build_cues",
    "moved_doubts",
    "reading_speed",
    "text_width",
    "wrap_lines",
]
