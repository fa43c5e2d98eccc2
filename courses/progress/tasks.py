from celery import shared_task

from courses.progress.tallies import forget_old_tallies


@shared_task(name="progress.forget_old_tallies", time_limit=600)
def forget_tallies() -> None:
    forget_old_tallies()
