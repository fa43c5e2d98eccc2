from celery import shared_task
from django.conf import settings

from lms.boxes.line import LineCut, speak_with_city
from lms.boxes.packs import pack_edition
from lms.boxes.refusals import BoxRefused


@shared_task(name="boxes.speak_with_city")
def speak() -> None:
    """On a box alone. Why it did not go stands on the box's page; it is tried again."""
    if not settings.BOX:
        return
    try:
        speak_with_city(pack_edition=pack_edition())
    except (LineCut, BoxRefused):
        return
