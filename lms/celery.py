"""The Celery application. Its worker carries the dispatcher; see media/dispatcher.py."""

import os
from typing import Any

from celery import Celery
from celery.signals import worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.dev")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("media.dispatcher:Dispatcher")


@worker_shutdown.connect
def leave_at_once(**kwargs: Any) -> None:
    """Skip the interpreter's own exit, which takes 10–30 s with Wagtail loaded."""
    os._exit(0)
