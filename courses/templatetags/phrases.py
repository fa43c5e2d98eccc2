from django import template
from django.utils.safestring import SafeString

from courses.phrases import by_phrases

register = template.Library()


@register.filter
def phrased(text: object) -> SafeString:
    """A title or a goal, to be broken between phrases (courses/phrases.py)."""
    return by_phrases(str(text))
