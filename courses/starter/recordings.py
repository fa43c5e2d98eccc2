"""The starter lessons read aloud: recordings that come with the source, loaded as they are."""

import json
from typing import Any

from django.core.files import File
from django.db import transaction

from courses.models import LessonPage
from courses.reading_aloud import ask_for_narration
from courses.starter.loading import STARTER_DIR
from media.models import Narration
from media.narration.narrators import SentenceSpan
from media.narration.services import publish_narration

RECORDINGS_DIR = STARTER_DIR / "narration"


@transaction.atomic
def attach_recordings() -> int:
    """Give every live lesson its recording where that says the lesson's text, unless somebody has
    made one of his own; ask a voice to read the others. Returns how many were given. Nothing is
    decoded or encoded."""
    recordings = json.loads((RECORDINGS_DIR / "spans.json").read_text())
    given = 0
    for lesson in LessonPage.objects.live():
        narration = ask_for_narration(lesson)
        facts = recordings.get(lesson.slug)
        if (
            narration is not None
            and facts is not None
            and narration.text_digest == facts["text_digest"]
            and narration.own_recording is None
            and not (narration.reads_the_text and narration.voice == facts["voice"])
        ):
            attach_recording(narration, slug=lesson.slug, facts=facts)
            given += 1
    return given


def attach_recording(narration: Narration, *, slug: str, facts: dict[str, Any]) -> None:
    with (RECORDINGS_DIR / f"{slug}.m4a").open("rb") as audio:
        publish_narration(
            narration,
            text_digest=narration.text_digest,
            audio=File(audio),
            name=f"{slug}.m4a",
            spans=[SentenceSpan(start, end) for start, end in facts["spans_ms"]],
            duration_ms=facts["duration_ms"],
            voice=facts["voice"],
        )
    narration.stages.all().delete()  # it was asked for when the lesson was published
