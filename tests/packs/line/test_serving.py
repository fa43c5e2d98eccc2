"""What a city's site gives to whoever fetches its newest pack."""

from hashlib import sha256
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from lms.packs.choices import JobState
from lms.packs.making.services import packs_folder
from lms.packs.manifest import MANIFEST, SIGNATURE
from lms.packs.models import PackMaking
from tests.packs.line.conftest import FILES

pytestmark = pytest.mark.django_db
FILM = FILES["课程/01 看天气.mp4"]


@pytest.fixture
def newest(site, made, monkeypatch):
    """The pack that stands as the newest of the city that was made on the page."""
    monkeypatch.undo()
    folder = packs_folder() / "all-subtitled"
    folder.parent.mkdir(parents=True, exist_ok=True)
    site.folder.rename(folder)
    PackMaking.objects.create(folder=folder.name, state=JobState.DONE, edition=1)
    return folder


def get(name, *args, **headers):
    return Client().get(reverse(f"packs:{name}", args=args), headers=headers)


def file(content, **headers):
    return get("file", sha256(content).hexdigest(), **headers)


def test_manifest_and_signature_are_given_as_they_are(newest):
    assert get("newest_manifest").content == (newest / MANIFEST).read_bytes()
    assert get("newest_signature").content == (newest / SIGNATURE).read_bytes()


def test_a_file_is_given_by_what_is_in_it_and_from_any_byte_on(newest):
    assert file(FILM).getvalue() == FILM
    rest = file(FILM, range="bytes=500000-")
    assert rest.status_code == 206
    assert rest.getvalue() == FILM[500_000:]
    assert rest["Content-Range"] == f"bytes 500000-{len(FILM) - 1}/{len(FILM)}"
    assert file(FILM, range=f"bytes={len(FILM)}-").status_code == 416


def test_what_is_not_in_the_pack_is_not_given(newest):
    (newest / "secret").write_bytes(b"secret")
    assert file(b"secret").status_code == 404
    assert get("file", "0" * 64).status_code == 404
    assert Client().get("/packs/files/../manifest").status_code == 404


def test_a_file_that_is_being_written_anew_is_not_given(newest):
    Path(newest / "课程/01 看天气.mp4").write_bytes(FILM[:-1])
    assert file(FILM).status_code == 404


def test_before_the_first_pack_and_while_one_is_made_there_is_none(newest):
    (newest / MANIFEST).unlink()
    assert get("newest_manifest").status_code == 404
    PackMaking.objects.all().delete()
    assert get("newest_manifest").status_code == 404


def test_the_bytes_come_from_here_where_nginx_sends_media(newest, settings):
    settings.MEDIA_ACCEL_PREFIX = "/inside/"
    assert file(FILM).getvalue() == FILM


def test_only_reading(newest):
    assert Client().post(reverse("packs:newest_manifest")).status_code == 405
