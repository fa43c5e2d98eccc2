"""A process with a worker and a broker: two requests that each send a task, and a task that nobody
asked for. Writes the log's lines, and the name that each answer bore."""

import logging
import logging.config
import time

import django
from celery import Celery
from celery.contrib.testing.worker import start_worker
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.test import RequestFactory

logger = logging.getLogger(__name__)
app = Celery("carrying", broker="memory://carrying/", set_as_current=False)
app.conf.update(task_ignore_result=True, worker_hijack_root_logger=False)
carried: list[str] = []


@app.task(name="carry")
def carry(what: str) -> None:
    logger.warning("carried %s", what)
    carried.append(what)


def ask_for_it(request: HttpRequest) -> HttpResponse:
    logger.warning("asked for %s", request.GET["what"])
    carry.delay(request.GET["what"])
    return HttpResponse("it will be done")


def answer(what: str, **headers: str) -> HttpResponseBase:
    from lms.operations.watching.middleware import RequestMiddleware  # needs Django ready

    request = RequestFactory().get("/carry", {"what": what}, headers=headers)
    return RequestMiddleware(ask_for_it)(request)


def main() -> None:
    django.setup()
    settings.LOGGING["handlers"]["console"]["formatter"] = "json"  # as production has it
    logging.config.dictConfig(settings.LOGGING)
    with start_worker(app, perform_ping_check=False, loglevel="WARNING"):
        for what in ("first", "second"):
            logger.warning("answered %s %s", what, answer(what).headers["X-Request-ID"])
        sent = carry.delay("by itself")
        logger.warning("sent by itself %s", sent.id)
        deadline = time.monotonic() + 30
        while len(carried) < 3 and time.monotonic() < deadline:
            time.sleep(0.05)


if __name__ == "__main__":
    main()
