from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from lms.schools.services import counting, recounting
from lms.schools.services.help import forget_closed_help


@shared_task(name="schools.count_learners", time_limit=1800)
def count_learners() -> None:
    counting.count_learners()


@shared_task(name="schools.recount", time_limit=6 * 3600)
def recount() -> None:
    recounting.recount()


@shared_task(name="schools.forget_help", time_limit=600)
def forget_help() -> None:
    forget_closed_help(before=timezone.now() - timedelta(days=settings.HELP_KEPT_DAYS))
