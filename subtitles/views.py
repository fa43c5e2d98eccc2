from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import conditional_page, require_safe

from media.models import Narration
from subtitles.cues import Cue
from subtitles.cues.formats import to_ass, to_srt, to_vtt
from subtitles.models import Track

CONTENT_TYPES = {
    "vtt": "text/vtt; charset=utf-8",
    "srt": "application/x-subrip; charset=utf-8",
    "ass": "text/x-ssa; charset=utf-8",
}


@require_safe
@conditional_page
def track_file(request: HttpRequest, key: UUID, track_id: int, suffix: str) -> HttpResponse:
    """A track as WebVTT, SubRip or Advanced SubStation, as it stands now, for whoever knows the
    film's key, so that nobody finds those of drafts by counting up."""
    if suffix not in CONTENT_TYPES:
        raise Http404
    track = get_object_or_404(Track.objects.prefetch_related("cues"), pk=track_id, video__key=key)
    cues = [row.as_cue() for row in track.cues.all()]
    text = {
        "vtt": lambda: to_vtt(cues, machine_made=track.is_machine_made),
        "srt": lambda: to_srt(cues),
        "ass": lambda: to_ass(cues),
    }[suffix]()
    response = HttpResponse(text, CONTENT_TYPES[suffix])
    response["Cache-Control"] = "no-cache"  # a correction is seen at the next viewing
    return response


@require_safe
@conditional_page
def narration_file(request: HttpRequest, narration_id: int) -> HttpResponse:
    """The sentences of a page's narration and when each is said: a metadata track, one cue each.

    What is not published is for staff, as the page is.
    """
    narrations = Narration.objects.exclude(audio="")
    if not request.user.has_perm("media.change_narration"):
        narrations = narrations.filter(page__live=True)
    narration = get_object_or_404(narrations, pk=narration_id)
    cues = [
        Cue(start_ms=said["start_ms"], end_ms=said["end_ms"], lines=(said["text"],))
        for said in narration.sentences
    ]
    response = HttpResponse(to_vtt(cues, machine_made=False), CONTENT_TYPES["vtt"])
    response["Cache-Control"] = "no-cache"
    return response
