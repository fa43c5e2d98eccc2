"""The Celery application. Its worker carries the dispatcher; see media/pipeline/dispatcher.py."""

import atexit
import gc
import os
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    task_postrun,
    task_prerun,
    worker_init,
    worker_shutdown,
)

from lms.operations.watching import request_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")
#: They would load every page of the site, and Celery does not look at what they find.
os.environ.update(CELERY_SKIP_CHECKS="1")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("media.pipeline.dispatcher:Dispatcher")
app.steps["worker"].add("lms.operations.watching.pulse:Pulse")
app.steps["worker"].add("lms.operations.watching.pulse:OwnClock")
app.steps["worker"].add("lms.boxes.announcing:Announcer")
before_task_publish.connect(request_ids.send_along)
task_prerun.connect(request_ids.begin_task)
task_postrun.connect(request_ids.end_task)


@worker_shutdown.connect
def leave_at_once(**kwargs: Any) -> None:
    """Skip the interpreter's own exit, which takes 10–30 s with Wagtail loaded."""
    os._exit(0)


@worker_init.connect
def leave_what_is_loaded(**kwargs: Any) -> None:
    """Where it lies: what the collector of garbage does not touch, children share."""
    gc.collect()
    gc.freeze()


@beat_init.connect
def leave_as_well(**kwargs: Any) -> None:
    atexit.register(os._exit, 0)
