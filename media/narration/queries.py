"""What of a page is read aloud, and how far a narration is."""

from dataclasses import dataclass

from django.utils.translation import gettext as _
from wagtail.models import Page

from media.choices import StageState
from media.models import Narration
from media.narration.sentences import in_figures, split_sentences
from media.narration.services import OWN_VOICE, digest_of


@dataclass(frozen=True)
class SpokenText:
    sentences: list[str]
    narration: Narration | None  # its sound says these sentences; None while there is none

    @property
    def said_and_shown(self) -> list[tuple[str, str]]:
        """Each sentence for a voice, and for the eye."""
        return [(sentence, in_figures(sentence)) for sentence in self.sentences]


def spoken_text_of(page: Page, *, text: str) -> SpokenText | None:
    """What is read aloud of `page`; None when there is nothing to say.

    The sound is of the published text, so a draft with another `text` has none. After a change
    the old sentences and the old sound stay until the new ones are made.
    """
    sentences = split_sentences(text)
    if not sentences:
        return None
    narration: Narration | None = getattr(page, "spoken", None)
    if narration is None or narration.text_digest != digest_of(text) or not narration.is_playable:
        return SpokenText(sentences, None)
    return SpokenText([sentence["text"] for sentence in narration.sentences], narration)


def voice_in_words(narration: Narration) -> str:
    """Whose voice reads, for editors; a city's own machine by its name in the settings."""
    known = {
        "": "",
        OWN_VOICE: _("自己录的"),
        "espeak-ng": _("机器读的，普通"),
        "kokoro": _("机器读的，像真人"),
    }
    return known.get(narration.voice, narration.voice)


@dataclass(frozen=True)
class NarrationProgress:
    label: str
    ended: bool  # nothing more will happen by itself
    failed: bool
    message: str  # why it failed; empty otherwise


def narration_progress(narration: Narration) -> NarrationProgress:
    """How far a narration is. Costs no query when `stages` are prefetched."""
    stage = next(iter(narration.stages.all()), None)
    if stage is None:  # the starter's narrations are loaded without a stage
        return NarrationProgress(str(StageState.DONE.label), ended=True, failed=False, message="")
    return NarrationProgress(
        label=stage.get_state_display(),
        ended=stage.has_ended,
        failed=stage.state == StageState.FAILED,
        message=stage.message,
    )
