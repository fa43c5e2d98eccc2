"""A box is found on its own network."""

import socket

import pytest
from zeroconf import ServiceBrowser, ServiceListener, Zeroconf

from lms.boxes.announcing import Announcer
from lms.boxes.broadcast import Announcement, service_of
from lms.boxes.local_network import SERVICE, host_name, own_address
from lms.boxes.models import Home

LOOPBACK = "127.0.0.1"


@pytest.fixture
def home():
    return Home(name="翠洲的盒子", unit_code="440103001001")


def test_it_is_found_by_its_kind_of_service_with_name_and_address(home):
    class Found(ServiceListener):
        def __init__(self):
            self.names = []

        def add_service(self, zeroconf, kind, name):
            self.names.append(name)

        def update_service(self, zeroconf, kind, name): ...

        def remove_service(self, zeroconf, kind, name):
            self.names.remove(name)

    announced = Announcement(home, address=LOOPBACK, port=8123)
    seeker, found = Zeroconf(interfaces=[LOOPBACK]), Found()
    try:
        ServiceBrowser(seeker, SERVICE, found)
        info = seeker.get_service_info(SERVICE, f"翠洲的盒子.{SERVICE}", timeout=10_000)
        assert info is not None
        assert (info.port, info.parsed_addresses()) == (8123, [LOOPBACK])
        assert info.properties[b"unit"] == b"440103001001"
    finally:
        announced.close()
        seeker.close()


def test_nothing_about_anybody_is_announced(home):
    info = service_of(home, address=LOOPBACK, port=80)
    assert set(info.properties) == {b"path", b"unit"}
    assert info.addresses == [socket.inet_aton(LOOPBACK)]


@pytest.mark.parametrize(
    ("name", "host"),
    [
        ("翠洲的盒子", "yinling-abcdef.local."),
        ("Old Hall 2", "yinling-old-hall-2.local."),
        ("", "yinling-abcdef.local."),
    ],
)
def test_its_name_is_one_that_a_network_takes(name, host):
    assert host_name(name, "abcdef0123") == host


def test_it_knows_an_address_of_its_own():
    assert len(socket.inet_aton(own_address())) == 4


def test_a_city_announces_nothing(settings):
    settings.BOX = False
    assert Announcer(None).enabled is False
