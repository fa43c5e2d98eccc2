from uuid import UUID

from celery import shared_task

from media.pipeline import cleanup, services

#: No stage may occupy a process for longer.
STAGE_TIME_LIMIT_SECONDS = 12 * 3600


@shared_task(name="media.run_stage", time_limit=STAGE_TIME_LIMIT_SECONDS)
def run_stage(stage_id: int, token: str) -> None:
    services.run_stage(stage_id, token=UUID(token))


@shared_task(name="media.clean_up", time_limit=3600)
def clean_up() -> None:
    cleanup.clean_up_media()
