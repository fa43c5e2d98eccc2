from django import template
from django.utils.safestring import SafeString, mark_safe

from courses.own_parts import between_marks

register = template.Library()


@register.simple_block_tag(end_name="endown")
def own(content: SafeString, name: str, key: object = "") -> SafeString:
    """What is each learner's own (courses/own_parts.py); `key` tells several of a name apart."""
    return mark_safe(between_marks(f"{name}{key}", content))  # noqa: S308  # rendered, so escaped
