import logging

from celery import shared_task
from django.conf import settings

from lms.boxes.line import LineCut, speak_with_city
from lms.boxes.packs import fetch_newest, pack_edition
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.registering import this_box

logger = logging.getLogger(__name__)


@shared_task(name="boxes.speak_with_city")
def speak() -> None:
    """On a box alone. Why it did not go stands on the box's page; it is tried again."""
    if not settings.BOX:
        return
    try:
        speak_with_city(pack_edition=pack_edition())
    except (LineCut, BoxRefused):
        return


@shared_task(name="boxes.fetch_pack")
def fetch() -> None:
    """On a box that has a line. What came of it stands on the box's page under 课程."""
    home = this_box() if settings.BOX else None
    if home is None or not (home.is_registered and home.city_address):
        return
    try:
        fetch_newest(home.city_address, pace=settings.BOX_PACK_PACE)
    except BoxRefused as why:
        logger.info("No pack was fetched: %s", why)
