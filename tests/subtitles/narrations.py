"""The starter's narrations: 42 lessons read by machines' voices, with the words that they say."""

import json
from pathlib import Path

from courses.starter.recordings import NARRATIONS
from media.ffmpeg import extract_speech
