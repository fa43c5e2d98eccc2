"""The one worker of the learners' site."""

import json
import re

import pytest
from django.contrib.staticfiles import finders

pytestmark = pytest.mark.django_db


def said(client) -> dict:
    text = client.get("/worker.js").content.decode()
    return json.loads(text.split("self.site = ")[1].split(";\n")[0])


def test_it_lies_at_the_root_and_may_keep_the_whole_site(client):
    answer = client.get("/worker.js")
    assert answer["Content-Type"] == "text/javascript"
    assert "no-cache" in answer["Cache-Control"]


def test_what_it_reads_and_keeps_is_there(client):
    site = said(client)
    files = [*site["files"], *site["read"]]
    assert all(finders.find(name.removeprefix("/static/")) for name in files)
    assert len(site["files"]) == len(set(site["files"]))
    assert [client.get(site[name]).status_code for name in ("start", "away", "list")] == [200] * 3


def test_it_knows_by_their_addresses_what_lessons_send(client):
    assert said(client)["told"] == "/my/lesson/(number)/(what)/"


def test_the_site_registers_no_other_at_the_root(checkout):
    """Two at one place would throw each other out."""
    registered = set()
    for path in (checkout / "lms/static").rglob("*.js"):
        if re.search(r"serviceWorker\.register\(", path.read_text(encoding="utf-8")):
            registered.add(path.relative_to(checkout / "lms/static").as_posix())
    narrow = {"attendance/page.js", "tv/screen.js"}  # /roll/ and /screen/
    assert registered - narrow == {"offline/shelf.js", "tv/keep-start.js"}
    templates = "".join(
        (checkout / "templates" / name).read_text(encoding="utf-8")
        for name in ("base.html", "tv/start.html", "offline/away.html")
    )
    assert templates.count('{% url "offline:worker" %}') == 3
