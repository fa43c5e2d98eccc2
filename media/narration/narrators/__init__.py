"""Voices that read a text aloud: one protocol, chosen by name in the settings.

To add a machine's voice, write `media/narration/narrators/<name>.py` with a class like `Espeak`
and give its dotted path a name in `settings.NARRATORS`; the contract test runs it by itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, cast

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from media.ffmpeg.process import OnProgress


class NarratorUnavailable(Exception):
    """The voice cannot be used on this machine; str() is a sentence that says what to do."""


class NarrationRefused(Exception):
    """The voice cannot read this text; str() is a sentence that says what to do."""


@dataclass(frozen=True, slots=True)
class SentenceSpan:
    """When one sentence is said, in milliseconds from the beginning of the sound."""

    start_ms: int
    end_ms: int


@dataclass(frozen=True, slots=True)
class Reading:
    """A text read aloud: a sound file of any format and loudness, and a span per sentence."""

    sound: Path
    spans: list[SentenceSpan]


class Narrator(Protocol):
    def read(
        self, sentences: Sequence[str], *, folder: Path, on_progress: OnProgress | None = None
    ) -> Reading:
        """Read the sentences aloud, in order; the sound may be made in `folder`, which exists.

        The spans are as many as the sentences, in order, and never overlap.
        Raises NarratorUnavailable, NarrationRefused, or UnusableMedia.
        """
        ...


def machine_narrator() -> Narrator:
    """The narrator NARRATOR of the settings; NarratorUnavailable if it is not in NARRATORS."""
    try:
        dotted_path = settings.NARRATORS[settings.NARRATOR]
    except KeyError:
        raise NarratorUnavailable(
            _("没有名为“%(name)s”的朗读声音，可用的有：%(known)s。请管理员改设置。")
            % {"name": settings.NARRATOR, "known": "、".join(sorted(settings.NARRATORS))}
        ) from None
    return cast(Narrator, import_string(dotted_path)())
