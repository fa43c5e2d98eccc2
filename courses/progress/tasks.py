from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from courses.progress.records import forget_unused
from courses.progress.screen import COOKIE_SECONDS
from courses.progress.tallies import forget_old_tallies


@shared_task(name="progress.forget_unused_records", time_limit=600)
def forget_unused_records() -> None:
    today = timezone.localdate()
    forget_unused(
        with_code_before=today - timedelta(days=settings.LEARNER_RECORD_KEPT_DAYS),
        without_before=today - timedelta(seconds=COOKIE_SECONDS),
    )


@shared_task(name="progress.forget_old_tallies", time_limit=600)
def forget_tallies() -> None:
    forget_old_tallies()
