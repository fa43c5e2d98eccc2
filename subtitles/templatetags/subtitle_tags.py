from typing import Any

from django import template

from media.models import Video
from subtitles import hearing as told

register = template.Library()


@register.filter
def clock(at_ms: int) -> str:
    """A place in a video as people read it: 83,400 ms are 1:23."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


@register.inclusion_tag("subtitles/admin/hearing.html")
def hearing(video: Video) -> dict[str, Any]:
    """What heard a video, and what one has to know of it."""
    return {"heard_by": told.heard_by(video), "cautions": told.cautions_about(video)}
