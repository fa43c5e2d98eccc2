"""Writes narrations: requests, recordings, finished sounds, deletion of files."""

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
from media.narration.narrators import SentenceSpan
from media.narration.sentences import split_sentences

#: Name of the only stage kind of a narration.
NARRATION = "narration"
#: `Narration.voice` of an uploaded recording.
OWN_VOICE = "recording"


class TextChanged(Exception):
    """The text has changed meanwhile; what was made of the old one must not be kept."""


def digest_of(text: str) -> str:
    """Hash of the sentences; blanks and empty lines do not change it."""
    return sha256("\n".join(split_sentences(text)).encode()).hexdigest()


@transaction.atomic
def request_narration(page: Page, *, text: str) -> Narration | None:
    """Have `text` read aloud for `page`, as read_aloud does.

    Without a sentence in `text` the narration is deleted, and None returned.
    """
    narration = Narration.objects.select_for_update().filter(page_id=page.pk).order_by("pk").first()
    if not split_sentences(text):
        if narration is not None:
            narration.delete()
        return None
    return read_aloud(narration or Narration(page_id=page.pk), text=text)


@transaction.atomic
def read_aloud(narration: Narration, *, text: str) -> Narration:
    """Have `text`, which has a sentence, read in place of what the narration says; a new row is
    saved. Queues a stage unless the present sound says it already."""
    digest = digest_of(text)
    if narration.text_digest == digest:
        return narration
    narration.text, narration.text_digest = text, digest
    narration.save()
    if narration.reads_the_text:
        narration.stages.all().delete()  # back to the text of the present sound: no stage is needed
    else:
        queue_narration(narration)
    return narration


def queue_narration(narration: Narration) -> None:
    """Queue its stage afresh; a worker that holds the old one loses its lease."""
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
    """Use an uploaded recording of the present text in place of the synthetic voice."""
    remove_when_committed(narration.recording)
    narration.recording.save(name, file, save=False)
    narration.recording_name = name[:255]
    narration.recording_digest = narration.text_digest
    narration.save(update_fields=["recording", "recording_name", "recording_digest"])
    queue_narration(narration)


@transaction.atomic
def make_again(narration: Narration, *, by_machine: bool = False) -> None:
    """Have it made once more; `by_machine` deletes the uploaded recording first."""
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
    spans: Sequence[SentenceSpan],
    duration_ms: int,
    voice: str,
) -> None:
    """Publish a finished sound (AAC in .m4a); the previous one is deleted.

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
    """Receiver of post_delete, also when the row was deleted by cascade with its page."""
    remove_when_committed(instance.audio)
    remove_when_committed(instance.recording)


def remove_when_committed(file: FieldFile) -> None:
    """Delete on commit the file that `file` names now."""
    if file.name:
        name, storage = file.name, file.storage
        transaction.on_commit(lambda: storage.delete(name))
