"""Verbs that write narrations: asked for, recorded, made, made again."""

from collections.abc import Sequence
from hashlib import sha256
from typing import Any

from django.core.files import File
from django.db import transaction
from django.db.models.fields.files import FieldFile
from django.utils import timezone
from wagtail.models import Page

from media.choices import StageState
from media.models import Narration, Stage
from media.narrators import Span
from media.sentences import split_sentences

#: The one kind of stage that a narration has.
NARRATION = "narration"
#: `Narration.voice` of somebody's own recording.
OWN_VOICE = "recording"


class TextChanged(Exception):
    """The text is another by now; what was made of the old one must not be kept."""


def digest_of(text: str) -> str:
    """Of the sentences, so that a blank or an empty line makes no new reading necessary."""
    return sha256("\n".join(split_sentences(text)).encode()).hexdigest()


@transaction.atomic
def request_narration(page: Page, *, text: str) -> Narration | None:
    """Have `text` read aloud for `page`: a job, unless the sound that stands says just that.

    None, and what there was is forgotten, when there is nothing to say.
    """
    narration = Narration.objects.select_for_update().filter(page_id=page.pk).first()
    if not split_sentences(text):
        if narration is not None:
            narration.delete()
        return None
    digest = digest_of(text)
    if narration is None:
        narration = Narration(page_id=page.pk)
    elif narration.text_digest == digest:
        return narration
    narration.text, narration.text_digest = text, digest
    narration.save()
    if narration.reads_the_text:
        narration.stages.all().delete()  # back to the text that is read: no job is needed
    else:
        queue_narration(narration)
    return narration


def queue_narration(narration: Narration) -> None:
    """A job from the start, now; whoever works on the one before has lost it."""
    fresh = {
        "state": StageState.QUEUED,
        "progress": 0,
        "attempts": 0,
        "due_at": timezone.now(),
        "token": None,
        "lease_until": None,
        "fingerprint": "",
        "message": "",
    }
    Stage.objects.update_or_create(narration=narration, kind=NARRATION, defaults=fresh)


@transaction.atomic
def use_recording(narration: Narration, *, file: File, name: str) -> None:
    """Take somebody's recording of the present text in place of the machine's voice."""
    remove_when_committed(narration.recording)
    narration.recording.save(name, file, save=False)
    narration.recording_name = name[:255]
    narration.recording_digest = narration.text_digest
    narration.save(update_fields=["recording", "recording_name", "recording_digest"])
    queue_narration(narration)


@transaction.atomic
def make_again(narration: Narration, *, by_machine: bool = False) -> None:
    """Read it once more; `by_machine` puts somebody's own recording away."""
    if by_machine and narration.recording:
        remove_when_committed(narration.recording)
        narration.recording = ""
        narration.recording_name = narration.recording_digest = ""
        narration.save(update_fields=["recording", "recording_name", "recording_digest"])
    queue_narration(narration)


@transaction.atomic
def publish_narration(
    narration: Narration,
    *,
    text_digest: str,
    audio: File,
    name: str,
    spans: Sequence[Span],
    duration_ms: int,
    voice: str,
) -> None:
    """Put a finished sound (AAC in .m4a) where learners find it; the one before it goes.

    Raises TextChanged when the narration's text is no longer the one of `text_digest`.
    """
    row = Narration.objects.select_for_update().get(pk=narration.pk)
    if row.text_digest != text_digest:
        raise TextChanged(narration)
    remove_when_committed(row.audio)
    row.audio.save(name, audio, save=False)
    row.audio_digest = text_digest
    row.sentences = [
        {"text": text, "start_ms": span.start_ms, "end_ms": span.end_ms}
        for text, span in zip(split_sentences(row.text), spans, strict=True)
    ]
    row.duration_ms = duration_ms
    row.voice = voice
    row.made_at = timezone.now()
    try:
        row.save()
    except BaseException:
        row.audio.delete(save=False)
        raise


def forget_files(*, instance: Narration, **signal: Any) -> None:
    """Told by Django when a narration's row has gone, whoever deleted it or its page."""
    remove_when_committed(instance.audio)
    remove_when_committed(instance.recording)


def remove_when_committed(file: FieldFile) -> None:
    """The file that `file` names now, whatever it names by then."""
    if file.name:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))
