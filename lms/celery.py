"""The Celery application. Its worker carries the dispatcher; see media/pipeline/dispatcher.py."""

import atexit
import os
from typing import Any

from celery import Celery
from celery.signals import (
    beat_init,
    before_task_publish,
    task_postrun,
    task_prerun,
    worker_shutdown,
)
from django.db import connections

from lms.operations.watching import request_ids

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "lms.settings.production")

app = Celery("lms")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.steps["worker"].add("media.pipeline.dispatcher:Dispatcher")
app.steps["worker"].add("lms.operations.watching.pulse:Pulse")
before_task_publish.connect(request_ids.send_along)
task_prerun.connect(request_ids.begin_task)
task_postrun.connect(request_ids.end_task)


@worker_shutdown.connect
def leave_at_once(**kwargs: Any) -> None:
    """Skip the interpreter's own exit, which takes 10–30 s with Wagtail loaded."""
    os._exit(0)


@beat_init.connect
def do_the_jobs_without_a_broker(**kwargs: Any) -> None:
    """memory:// does not reach another process, so there beat does itself what it would send
    (decision 013). It leaves at once as well."""
    if app.conf.broker_url.startswith("memory:"):
        app.conf.task_always_eager = True
        task_postrun.connect(close_connections)
    atexit.register(os._exit, 0)


def close_connections(**kwargs: Any) -> None:
    """Or beat would hold on to one that its database has long dropped."""
    connections.close_all()
