"""Machines that share nothing but a database, a broker and an object store: what comes in on one is
worked on by another and shown by a third."""

from contextlib import contextmanager
from pathlib import Path

import pytest
import requests
from django.conf import settings

from tests.journeys.conftest import Site
from tests.media.objects import new_bucket, object_store
from tests.media.uploads.sending import Sender

CLIP = settings.BASE_DIR / "courses/starter/media/clip.mp4"
SIGN_IN = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
client = Client()
client.force_login(get_user_model().objects.get(username="editor"))
print(client.cookies[settings.SESSION_COOKIE_NAME].value)
"""


class Browser:
    """As Sender has the test client, over HTTP."""

    def __init__(self, site: Site, session: str) -> None:
        self.site, self.token = site, "0" * 32
        self.cookies = {"sessionid": session, "csrftoken": self.token}

    def generic(self, method, url, body, content_type="", *, headers):
        headers = headers | {"X-CSRFToken": self.token, "Content-Type": content_type}
        address = url if url.startswith("http") else self.site.url + url
        return requests.request(
            method, address, data=body, headers=headers, cookies=self.cookies, timeout=60
        )

    def post(self, url, data):
        headers = {"X-CSRFToken": self.token}
        return requests.post(
            self.site.url + url, data, headers=headers, cookies=self.cookies, timeout=60
        )


@contextmanager
def machine(folder: Path, **environment: str):
    """With nothing of its own: database, broker and store are those of `environment`."""
    site = Site(folder, LESSON_FILMS="0", **environment)
    try:
        yield site
    finally:
        site.stop()


def files(site: Site, folder: str) -> list[str]:
    return [path.name for path in (site.folder / folder).rglob("*") if path.is_file()]


@pytest.mark.broker
@pytest.mark.thorough("three machines; test_objects puts and fetches what they do")
def test_a_film_comes_in_on_one_is_made_by_another_and_shown_by_a_third(new_site, tmp_path):
    with object_store() as endpoint:
        store = new_bucket(endpoint)
        first = new_site(STORAGE_URL=store)
        first.decide_the_rest()
        shared = {
            name: first.environment[name]
            for name in ("DATABASE_URL", "CELERY_BROKER_URL", "CACHE_URL", "STORAGE_URL")
        }
        first.manage("make_demo_accounts")
        session = first.manage("shell", "-v0", "-c", SIGN_IN).splitlines()[-1]
        first.go_on()
        sender, film = Sender(Browser(first, session)), CLIP.read_bytes()
        url = sender.begin(name="clip.mp4", size=len(film)).headers["Location"]
        half = len(film) // 2
        assert sender.send(url, film[:half], at=0).status_code == 204
        assert sender.send(url, film[half:], at=half).status_code == 204
        assert sender.hand_in(url).status_code == 200
        assert files(first, "media") == []
        first.kill("web")

        newest = "(SELECT max(id) FROM media_video)"
        made = f"SELECT state FROM media_stage WHERE video_id = {newest} AND kind = 'storyboard'"
        with machine(tmp_path / "worker", **shared) as worker:
            worker.start("worker")
            worker.wait_until(lambda: first.rows(made) == [("done",)], "the film is made")
            worker.kill("worker")
            assert files(worker, "media") == []
            left = [name for name in files(worker, "work") if not name.endswith(".json")]
            assert [name for name in left if name.endswith((".mp4", ".m4a"))] == []

        [[name, size]] = first.rows(
            "SELECT file, size_bytes FROM media_rendition"
            f" WHERE video_id = {newest} AND name = '360p'"
        )
        with machine(tmp_path / "third", **shared) as third:
            third.go_on()
            whole = third.get(f"/media/{name}")
            assert (len(whole), whole[4:8]) == (size, b"ftyp")
            part = requests.get(
                f"{third.url}/media/{name}", headers={"Range": "bytes=4-7"}, timeout=30
            )
            assert (part.status_code, part.content) == (206, b"ftyp")
            assert files(third, "media") == []
