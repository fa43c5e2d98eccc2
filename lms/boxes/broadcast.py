"""The box says on its own network that it is there, so that nobody types an address. Loaded on a
box alone."""

import socket

from zeroconf import ServiceInfo, Zeroconf

from lms.boxes.local_network import SERVICE, host_name
from lms.boxes.models import Home


def service_of(home: Home, *, address: str, port: int) -> ServiceInfo:
    """What is announced: name, address, and what it serves. Nothing about anybody."""
    name = home.name or "银龄学堂"
    return ServiceInfo(
        SERVICE,
        f"{name}.{SERVICE}",
        addresses=[socket.inet_aton(address)],
        port=port,
        server=host_name(home.name, home.seed.hex),
        properties={"path": "/", "unit": home.unit_code},
    )


class Announcement:
    """Holds as long as it is open."""

    def __init__(self, home: Home, *, address: str, port: int) -> None:
        self._zeroconf = Zeroconf(interfaces=[address])
        self._zeroconf.register_service(
            service_of(home, address=address, port=port), allow_name_change=True
        )

    def close(self) -> None:
        self._zeroconf.unregister_all_services()
        self._zeroconf.close()
