"""Files in an object store: who may have them, which bytes, and where FFmpeg finds them."""

import os
import socket
import subprocess
import urllib.request
from contextlib import suppress
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar
from urllib.error import HTTPError

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import ImproperlyConfigured
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import Http404
from django.utils import timezone

from lms.settings import env
from media import views
from media.files import FinishedFile, on_disk
from media.models import Thumbnail, Video
from media.pipeline import cleanup
from tests.media.objects import new_bucket, object_store
from tests.media.uploads.sending import FILM

CONTENT = bytes(range(256)) * 40
FILM_NAME = "videos/ab/720p.mp4"


@pytest.fixture(scope="module")
def endpoint():
    with object_store() as address:
        yield address


@pytest.fixture
def bucket(endpoint, settings, monkeypatch, tmp_path):
    """What the site keeps lies there, and nothing of it on this disk."""
    monkeypatch.setenv("STORAGE_URL", new_bucket(endpoint))
    settings.STORAGES = {**settings.STORAGES, "default": env.storage("STORAGE_URL")}
    settings.MEDIA_ROOT, settings.VAR_DIR = tmp_path / "media", tmp_path
    settings.DISK_RESERVE_MIB = 0
    return default_storage


@pytest.fixture
def film(bucket):
    bucket.save(FILM_NAME, ContentFile(CONTENT))
    return FILM_NAME


def ask(rf, name, *, user=None, **headers):
    request = rf.get("/", headers=headers)
    request.user = user or AnonymousUser()
    return views.serve_media(request, name)


def body(response) -> bytes:
    return b"".join(response.streaming_content)


def test_a_page_names_the_sites_own_address(film, bucket):
    assert bucket.url(film) == f"/media/{film}"


def test_a_film_comes_whole_and_in_any_part(rf, film):
    whole = ask(rf, film)
    assert (whole.status_code, whole["Content-Type"], body(whole)) == (200, "video/mp4", CONTENT)
    part = ask(rf, film, Range="bytes=300-309")
    assert (part.status_code, body(part)) == (206, CONTENT[300:310])
    assert part["Content-Range"] == f"bytes 300-309/{len(CONTENT)}"
    assert body(ask(rf, film, Range="bytes=-5")) == CONTENT[-5:]
    assert ask(rf, film, Range="bytes=99999-").status_code == 416


def test_who_has_it_gets_it_once(rf, film):
    etag = ask(rf, film)["ETag"]
    assert ask(rf, film, **{"If-None-Match": etag}).status_code == 304


def test_what_is_not_open_is_not_there(rf, bucket):
    for name in ("originals/a.mp4", "documents/a.pdf", "manufacturers/1/licence.jpg"):
        bucket.save(name, ContentFile(CONTENT))
        for way in (name, f"videos/../{name}", f"/{name}"):
            with pytest.raises(Http404):
                ask(rf, way)
    with pytest.raises(Http404):
        ask(rf, "videos/gone.mp4")


def test_nginx_is_given_a_signature_by_which_the_store_knows_it(rf, film, settings, endpoint):
    settings.MEDIA_ACCEL_PREFIX = "/films-and-pictures"
    told = ask(rf, film)["X-Accel-Redirect"]
    address, _mark, signature = told.partition("?")
    assert address == f"/films-and-pictures/{film}"
    assert "X-Amz-Expires=300" in signature
    bucket = settings.STORAGES["default"]["OPTIONS"]["bucket_name"]
    asked = urllib.request.Request(
        f"{endpoint}/{bucket}/{film}?{signature}", headers={"Range": "bytes=0-3"}
    )
    with urllib.request.urlopen(asked) as answer:
        assert (answer.status, answer.read()) == (206, CONTENT[:4])


def test_the_bucket_shows_nobody_a_file_by_its_name_alone(film, settings, endpoint):
    bucket = settings.STORAGES["default"]["OPTIONS"]["bucket_name"]
    with pytest.raises(HTTPError) as refused:
        urllib.request.urlopen(f"{endpoint}/{bucket}/{film}")
    assert refused.value.code == 403


def test_ffmpeg_finds_a_copy_that_is_gone_afterwards(db, bucket, tmp_path):
    video = Video.objects.create(title="量血压", original=ContentFile(FILM, name="a.mp4"))
    with on_disk(video.original) as path:
        assert path.read_bytes() == FILM
        assert path.suffix == ".mp4"
        assert path.is_relative_to(tmp_path / "work")
    assert not path.exists()
    assert [each for each in tmp_path.rglob("*") if each.is_file()] == []


def test_what_is_made_is_put_there_whole(bucket, tmp_path):
    made = tmp_path / "720p.mp4"
    made.write_bytes(CONTENT)
    with FinishedFile(made) as content:
        name = bucket.save(FILM_NAME, content)
    assert bucket.open(name).read() == CONTENT
    assert bucket.save(name, ContentFile(b"another")) != name  # nothing is written over


def test_what_no_row_names_goes_after_two_days(db, film, bucket, monkeypatch):
    video = Video.objects.create(title="量血压", original=ContentFile(FILM, name="a.mp4"))
    picture = Thumbnail(video=video, at_ms=0)
    picture.file.save("picture.jpg", ContentFile(b"small"))
    assert cleanup.clean_up_media() == 0  # it may be in use still
    later = timezone.now() + timedelta(days=3)
    monkeypatch.setattr(cleanup.timezone, "now", lambda: later)
    assert cleanup.clean_up_media() == 1
    assert not bucket.exists(film)
    assert bucket.exists(picture.file.name)
    assert bucket.exists(video.original.name)


@pytest.mark.parametrize(
    "url",
    [
        "s3://quince/bucket",
        "s3://key:quince@host",
        "s3://key:quince@host/a/b",
        "http://key:quince@host/bucket",
        "s3://key:quince@host/bucket?adressing=virtual",
    ],
)
def test_an_address_that_is_half_said_is_refused_without_its_secret(monkeypatch, url):
    monkeypatch.setenv("STORAGE_URL", url)
    with pytest.raises(ImproperlyConfigured, match="STORAGE_URL is not s3://") as refusal:
        env.storage("STORAGE_URL")
    assert "quince" not in str(refusal.value)


def test_a_bucket_may_be_part_of_the_hosts_name(monkeypatch):
    url = "s3://key:a%2Fb@oss-cn-guangzhou.example/films?region=cn-guangzhou&addressing=virtual"
    monkeypatch.setenv("STORAGE_URL", url)
    options = env.storage("STORAGE_URL")["OPTIONS"]
    assert options["endpoint_url"] == "https://oss-cn-guangzhou.example"
    assert (options["secret_key"], options["addressing_style"]) == ("a/b", "virtual")
    assert options["region_name"] == "cn-guangzhou"


def test_nothing_set_is_the_disk(monkeypatch):
    monkeypatch.delenv("STORAGE_URL", raising=False)
    assert env.storage("STORAGE_URL")["BACKEND"].endswith("FileSystemStorage")
    assert Path(default_storage.path("a")).name == "a"


class Answering(BaseHTTPRequestHandler):
    """The site, which has nginx fetch the one file."""

    told: ClassVar[dict[str, str]] = {}

    def do_GET(self) -> None:
        self.send_response(200)
        for name, value in self.told.items():
            self.send_header(name, value)
        self.end_headers()

    do_HEAD = do_GET  # noqa: N815 - as http.server calls it

    def log_message(self, *said: object) -> None:
        pass


NGINX = """
daemon off; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{}}
http {{
  access_log off; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b;
  fastcgi_temp_path {folder}/c; uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e;
  server {{
    listen 127.0.0.1:{port};
    location /films-and-pictures/ {{ internal;
{files} }}
    location / {{ proxy_pass http://127.0.0.1:{site}; }}
  }}
}}
"""


@pytest.fixture
def nginx(bucket, tmp_path):
    """An address, behind which nginx does what deploy/nginx-files says."""
    told = ["deploy/nginx-files", tmp_path / "media", os.environ["STORAGE_URL"]]
    files = subprocess.run(told, check=True, capture_output=True, text=True).stdout
    site = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=site.serve_forever, daemon=True).start()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = tmp_path / "nginx.conf"
    config.write_text(
        NGINX.format(folder=tmp_path, port=port, files=files, site=site.server_address[1])
    )
    server = subprocess.Popen(["/usr/sbin/nginx", "-c", config, "-e", tmp_path / "error.log"])
    while server.poll() is None:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            break
    yield f"http://127.0.0.1:{port}"
    server.terminate()
    server.wait()
    site.shutdown()


def through(nginx: str, path: str = "/media/x", *, method: str = "GET", **headers: str):
    return urllib.request.urlopen(
        urllib.request.Request(nginx + path, method=method, headers=headers)
    )


def test_nginx_fetches_what_the_site_says_and_nothing_else(rf, film, nginx, settings):
    settings.MEDIA_ACCEL_PREFIX = "/films-and-pictures"
    Answering.told = dict(ask(rf, film).headers)
    with through(nginx) as whole:
        assert whole.read() == CONTENT
        assert whole.headers.get_all("Content-Type") == ["video/mp4"]
        assert whole.headers.get_all("Cache-Control") == ["private, max-age=3600"]
    with through(nginx, Range="bytes=300-309") as part:
        assert (part.status, part.read()) == (206, CONTENT[300:310])
    with through(nginx, method="HEAD") as head:
        assert int(head.headers["Content-Length"]) == len(CONTENT)
    with pytest.raises(HTTPError) as refused:
        through(nginx, f"/films-and-pictures/{film}")
    assert refused.value.code == 404


def test_nginx_keeps_what_the_site_says_of_a_page_that_calls_itself_a_film(
    rf, bucket, nginx, settings
):
    settings.MEDIA_ACCEL_PREFIX = "/films-and-pictures"
    bucket.save("videos/a.html", ContentFile(b"<script>alert(1)</script>"))
    Answering.told = dict(ask(rf, "videos/a.html").headers)
    with through(nginx) as page:
        assert page.headers["Content-Type"] == "application/octet-stream"
        assert page.headers["Content-Disposition"] == "attachment"
