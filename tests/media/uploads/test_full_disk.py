"""An upload whose disk fills: nothing is lost, and it goes on when there is room again."""

import os

import pytest

from media.models import Upload, Video
from media.uploads import services
from tests.media.uploads.sending import FILM, SIZE, files

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("own_folders")]


class Disk:
    """Has room for so many bytes more; then the kernel itself says that there is no space left."""

    def __init__(self, full: int):
        self.full = full
        self.room = 0
        self.tells_late = False

    def write(self, file, block):
        if self.tells_late:
            return os.write(file, block)
        if not self.room:
            return os.write(self.full, block)
        written = os.write(file, block[: self.room])
        self.room -= written
        return written

    def fsync(self, file):
        if self.tells_late:
            os.write(self.full, b"what was to be kept")
        os.fsync(file)

    def __getattr__(self, name):
        return getattr(os, name)


@pytest.fixture
def disk(monkeypatch):
    """That of the uploads, full."""
    full = os.open("/dev/full", os.O_WRONLY)
    disk = Disk(full)
    monkeypatch.setattr(services, "os", disk)
    yield disk
    os.close(full)


@pytest.mark.parametrize("before", [0, 4000], ids=["at the first byte", "further on"])
@pytest.mark.parametrize("room", [0, 1500], ids=["no room", "room for a part"])
def test_a_disk_that_fills_keeps_what_is_on_it_and_the_rest_comes_later(
    sender, disk, tmp_path, before, room
):
    url = sender.begin()["Location"]
    disk.room = before
    sender.send(url, FILM[:before], at=0)
    disk.room = room
    answer = sender.send(url, FILM[before:], at=before)
    assert answer.status_code == 507
    assert "磁盘快满了" in answer.content.decode()
    here = sender.offset(url)
    assert here == before + room
    assert Upload.objects.get().path.read_bytes() == FILM[:here]
    assert sender.send(url, FILM[here:], at=here).status_code == 507  # still
    assert sender.offset(url) == here
    disk.room = SIZE
    assert sender.begin()["Location"] == url
    assert sender.send(url, FILM[here:], at=here)["Upload-Offset"] == str(SIZE)
    sender.hand_in(url)
    assert Video.objects.get().original.read() == FILM
    assert files(tmp_path) == ["originals"]


def test_a_piece_that_a_disk_takes_and_cannot_keep_is_asked_for_again(sender, disk):
    url = sender.begin()["Location"]
    disk.room = SIZE
    sender.send(url, FILM[:4000], at=0)
    disk.tells_late = True
    assert sender.send(url, FILM[4000:], at=4000).status_code == 507
    assert sender.offset(url) == 4000
    disk.tells_late = False
    sender.send(url, FILM[4000:], at=4000)
    sender.hand_in(url)
    assert Video.objects.get().original.read() == FILM
