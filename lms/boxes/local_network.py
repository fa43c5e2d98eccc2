"""Where this box is found on its own network: by its address as a QR code, and by its name, since
it announces itself (DNS-SD, `_yinling._tcp`)."""

import contextlib
import re
import socket
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest

SERVICE = "_yinling._tcp.local."
LOOPBACK = ("127.", "localhost", "[::1]")
#: An address that nobody has (RFC 5737): by which the machine would send, without sending.
ELSEWHERE = ("192.0.2.1", 9)


def own_address() -> str:
    """Of this machine on the network that it is in; the loopback while it is in none."""
    with contextlib.closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as asking:
        try:
            asking.connect(ELSEWHERE)
            return str(asking.getsockname()[0])
        except OSError:
            return "127.0.0.1"


def address_here(request: HttpRequest) -> str:
    """By which telephones and televisions open this box: as it was opened, unless that was on the
    machine itself."""
    host = request.get_host()
    if not host.startswith(LOOPBACK):
        return f"{request.scheme}://{host}/"
    port = urlsplit(settings.WAGTAILADMIN_BASE_URL).port or int(request.get_port())
    return f"http://{own_address()}:{port}/"


def host_name(name: str, seed: str) -> str:
    """Its name on the network, of signs that a host's may have."""
    plain = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")
    return f"yinling-{plain or seed[:6]}.local."
