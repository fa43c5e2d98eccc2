"""One name for all that a request causes: in the log's lines, in the answer's X-Request-ID, and in
the tasks that it sends.

Python's own logging and a context variable do it. structlog and django-structlog would be a second
way to log, beside that of Django, Celery and all our modules; two lines for every request and four
for every task of the clock; and a look at the session for each request's user.
"""

import re
from contextvars import ContextVar
from typing import Any
from uuid import uuid4

HEADER = "X-Request-ID"
#: What a proxy may call a request; anything else is named anew.
ACCEPTED = re.compile(r"[0-9A-Za-z-]{8,64}", re.ASCII)

#: Of what is done now; "": nothing that a request or task has caused.
request_id: ContextVar[str] = ContextVar("request_id", default="")


def named(given: str) -> str:
    """The name that a proxy has given, or a new one."""
    return given if ACCEPTED.fullmatch(given) else uuid4().hex


def send_along(*, headers: dict[str, Any], **published: Any) -> None:
    """Receiver of Celery's `before_task_publish`."""
    if current := request_id.get():
        headers["request_id"] = current


def begin_task(*, task: Any, task_id: str, **announced: Any) -> None:
    """Receiver of `task_prerun`. What nobody asked for goes by its own id; what is done at once
    (without a broker) by that of whoever asked."""
    task.request.request_id_before = request_id.get()
    sent = getattr(task.request, "request_id", None)
    request_id.set(sent or request_id.get() or task_id)


def end_task(*, task: Any, **announced: Any) -> None:
    """Receiver of `task_postrun`."""
    request_id.set(task.request.request_id_before)
