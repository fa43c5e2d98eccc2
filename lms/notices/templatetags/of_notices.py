"""What pages of lower rooms show of notices. Rooms meet in templates (decision 021)."""

from django import template

from lms.classes.models import ClassSession
from lms.notices.consent import answers_of
from lms.notices.models import Notice
from lms.notices.queries import unread_of
from lms.notices.services.classes import news_of, told_of
from lms.people.models import Learner

register = template.Library()
register.simple_tag(unread_of, name="unread_notices")


@register.simple_tag
def notice_of(session: ClassSession) -> Notice | None:
    """Of how the session stands now; None: nobody was told."""
    return told_of(session)


@register.simple_tag
def is_to_be_told(session: ClassSession) -> bool:
    """Whether it was moved or cancelled, is to come, and nobody was told."""
    return told_of(session) is None and news_of(session) is not None


@register.simple_tag
def wants_messages(learner: Learner) -> bool | None:
    """None: nobody has asked yet."""
    return answers_of([learner]).get(learner.pk)


@register.filter
def yuan(fen: int) -> str:
    return f"{fen / 100:.2f}"
