from django import template

register = template.Library()


@register.filter
def clock(at_ms: int) -> str:
    """A place in a video as people read it: 83,400 ms are 1:23."""
    minutes, seconds = divmod(at_ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
