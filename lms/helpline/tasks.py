from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from lms.helpline.services import forget_closed_help


@shared_task(name="helpline.forget_help", time_limit=600)
def forget_help() -> None:
    forget_closed_help(before=timezone.now() - timedelta(days=settings.HELP_KEPT_DAYS))
