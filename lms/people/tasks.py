from celery import shared_task
from django.utils import timezone

from lms.people.models import UNDONE_WITHIN
from lms.people.services.merging import forget_notes
from lms.people.services.roles import sign_out_ended


@shared_task(name="people.forget_merges")
def forget_merges() -> None:
    """What was moved by merges that can no longer be undone: old names and telephones."""
    forget_notes(before=timezone.now() - UNDONE_WITHIN)


@shared_task(name="people.sign_out_ended", time_limit=1800)
def sign_out_whose_role_has_ended() -> None:
    sign_out_ended()
