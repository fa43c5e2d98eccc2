from typing import Any

from django import template
from django.utils.translation import gettext as _

from media.models import Video
from subtitles import hearing as told
from subtitles.models import Track
from subtitles.queries import holes_of

register = template.Library()


@register.filter
def clock(at_ms: int) -> str:
    """A place in a video as people read it: 83,400 ms are 1:23."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


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
