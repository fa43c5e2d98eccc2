from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from courses.progress.notebooks import forget_unused
from courses.progress.screen import COOKIE_SECONDS


@shared_task(name="courses.forget_notebooks", time_limit=600)
def forget_notebooks() -> None:
    today = timezone.localdate()
    forget_unused(
        with_code_before=today - timedelta(days=settings.NOTEBOOK_KEPT_DAYS),
        without_before=today - timedelta(seconds=COOKIE_SECONDS),
    )
