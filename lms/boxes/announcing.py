"""In the worker of a box: says on the local network where it is, as long as it runs."""

import logging
from typing import Any
from urllib.parse import urlsplit

from celery import bootsteps
from django.conf import settings
from django.utils.module_loading import import_string

from lms.boxes.local_network import own_address
from lms.boxes.services.registering import this_box

logger = logging.getLogger(__name__)

#: Named, so that a city's workers never load what only a box needs.
BROADCAST = "lms.boxes.broadcast.Announcement"


class Announcer(bootsteps.StartStopStep):
    """A boot step; does nothing in a city."""

    def __init__(self, worker: Any, **options: Any) -> None:
        super().__init__(worker, **options)
        self.enabled = settings.BOX
        self.announcement: Any = None

    def start(self, worker: Any) -> None:
        port = urlsplit(settings.WAGTAILADMIN_BASE_URL).port or 80
        try:
            announcement = import_string(BROADCAST)
            self.announcement = announcement(this_box(), address=own_address(), port=port)
        except Exception:  # whatever the network does, the box works
            logger.warning("This box cannot be announced on its network", exc_info=True)

    def stop(self, worker: Any) -> None:
        if self.announcement is not None:
            self.announcement.close()
            self.announcement = None
