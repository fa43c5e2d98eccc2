from celery import shared_task

from media.covers.services import draw_waiting_covers


@shared_task(name="media.draw_covers", time_limit=900)
def draw_covers() -> None:
    draw_waiting_covers()
