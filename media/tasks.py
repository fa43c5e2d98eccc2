from uuid import UUID

from celery import shared_task

from media import services, tidying

#: No stage may hold a process longer than this, whatever it waits for.
STAGE_TIME_LIMIT_SECONDS = 12 * 3600


@shared_task(name="media.run_stage", time_limit=STAGE_TIME_LIMIT_SECONDS)
def run_stage(stage_id: int, token: str) -> None:
    services.run_stage(stage_id, token=UUID(token))


@shared_task(name="media.tidy", time_limit=3600)
def tidy() -> None:
    tidying.tidy_media()
