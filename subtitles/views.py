from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from subtitles import formats
from subtitles.models import Track

CONTENT_TYPES = {"vtt": "text/vtt; charset=utf-8", "srt": "application/x-subrip; charset=utf-8"}


@require_safe
def track_file(request: HttpRequest, track_id: int, suffix: str) -> HttpResponse:
    """A track as WebVTT or SubRip, as it stands now."""
    if suffix not in CONTENT_TYPES:
        raise Http404
    track = get_object_or_404(Track.objects.prefetch_related("cues"), pk=track_id)
    cues = [formats.cue_from_row(cue) for cue in track.cues.all()]
    write = {"vtt": formats.write_vtt, "srt": formats.write_srt}[suffix]
    return HttpResponse(write(cues, machine_made=track.is_machine_made), CONTENT_TYPES[suffix])
