from celery import shared_task

from lms.packs.making.asking import forget_old_packs, make_waiting
from lms.packs.taking.asking import take_waiting

#: A pack of all lessons to a slow disk, or from a slow stick.
LONGEST_SECONDS = 6 * 3600


@shared_task(name="packs.make_waiting", time_limit=LONGEST_SECONDS)
def make_packs() -> None:
    make_waiting()


@shared_task(name="packs.take_waiting", time_limit=LONGEST_SECONDS)
def take_packs() -> None:
    take_waiting()


@shared_task(name="packs.forget_old", time_limit=3600)
def forget_old() -> None:
    forget_old_packs()
