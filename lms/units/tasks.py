from celery import shared_task
from django.utils import timezone

from lms.units import planning


@shared_task(name="units.make_due_changes", time_limit=1800)
def make_due_changes() -> None:
    planning.make_due_changes(timezone.localdate())
