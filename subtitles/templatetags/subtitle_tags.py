from typing import Any

from django import template
from django.utils.translation import gettext as _

from media.models import Video
from subtitles.cues.formats import clock
from subtitles.models import Track
from subtitles.recognition import hearing as told
from subtitles.review.queries import holes_of

register = template.Library()
register.filter(clock)


@register.filter
def holes_in_words(track: Track) -> str:
    """What of a track nobody has understood yet; "" where that is nothing."""
    holes = holes_of(track)
    if not holes.count:
        return ""
    return _("有%(count)d处没听清，共%(seconds)d秒") % {
        "count": holes.count,
        "seconds": max(1, round(holes.duration_ms / 1000)),
    }


@register.inclusion_tag("subtitles/admin/hearing.html")
def hearing(video: Video) -> dict[str, Any]:
    """What heard a video, and what one has to know of it."""
    return {"heard_by": told.heard_by(video), "cautions": told.cautions_about(video)}
