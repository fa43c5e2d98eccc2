"""RabbitMQ, as `bin/services start --rabbitmq` has it."""

import base64
import os
import urllib.request
from itertools import count

from tests import workers

_hosts = count(1)


def own_host() -> str:
    """Makes a virtual host, in which a site has its queues for itself; returns its address."""
    host = f"site-{workers.RUN}-{workers.WORKER}-{next(_hosts)}"
    asked = urllib.request.Request(
        f"{os.environ['RABBITMQ_MANAGEMENT']}/api/vhosts/{host}", method="PUT"
    )
    guest = base64.b64encode(b"guest:guest").decode()
    asked.add_header("Authorization", f"Basic {guest}")
    asked.add_header("Content-Type", "application/json")
    urllib.request.urlopen(asked, timeout=30).close()
    return os.environ["RABBITMQ_URL"].removesuffix("%2F") + host
