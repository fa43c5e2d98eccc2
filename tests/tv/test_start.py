"""What a box opens at power-on."""

import json

import pytest
from django.contrib.staticfiles import finders

from lms.tv.views.start import KEPT

pytestmark = pytest.mark.django_db


def test_the_page_has_a_way_on_without_script(client):
    page = client.get("/tv/start/").content.decode()
    assert 'href="/"' in page
    assert "再试一次" in page
    assert 'data-asks="/healthz"' in page


def test_the_worker_keeps_the_page_for_the_whole_site(client):
    answer = client.get("/tv/start/worker.js")
    assert answer["Service-Worker-Allowed"] == "/"
    assert answer["Content-Type"] == "text/javascript"
    said = json.loads(answer.content.decode().split("self.start = ")[1].split(";\n")[0])
    assert said["kept"][0] == said["page"] == "/tv/start/"
    assert len(said["kept"]) == len(KEPT) + 1
    assert all(finders.find(name) for name in KEPT)
