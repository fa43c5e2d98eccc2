from celery import shared_task
from django.core.management import call_command


@shared_task(name="courses.publish_scheduled")
def publish_scheduled() -> None:
    """What an editor planned for a day: pages and manuals that are due appear, those that have
    expired are taken down."""
    call_command("publish_scheduled")
