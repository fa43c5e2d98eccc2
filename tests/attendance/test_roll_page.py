"""The roll's page: who gets it, that a phone may keep it, and what the phone is told to keep."""

import json
import re
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from lms.attendance.views.roll import LINKED, WORDS
from lms.people.choices import Role
from lms.people.models import RoleAssignment

pytestmark = pytest.mark.django_db


def test_whoever_is_not_signed_in_is_asked_to_and_comes_back(client):
    answer = client.get("/roll/")
    assert answer.status_code == 302
    assert answer.url.endswith("?next=/roll/")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("teacher", 200),
        ("other_teacher", 200),
        ("stranger", 403),
        ("volunteer", 403),
        ("city_officer", 403),
    ],
)
def test_teachers_get_the_page_and_others_a_plain_sentence(client, cast, who, status):
    client.force_login(getattr(cast, who))
    answer = client.get("/roll/")
    assert answer.status_code == status
    assert ("您的账号现在没有班" in answer.content.decode()) == (status == 403)


def test_a_teacher_without_a_class_yet_gets_the_page(client, cast, units):
    RoleAssignment.objects.create(
        person=cast.stranger, role=Role.TEACHER, unit=units["440103001001"]
    )
    client.force_login(cast.stranger)
    assert client.get("/roll/").status_code == 200


def test_the_page_is_the_same_for_everybody_so_that_it_may_be_kept(client, cast):
    pages = []
    for person in (cast.teacher, cast.other_teacher):
        client.force_login(person)
        pages.append(client.get("/roll/").content)
    assert pages[0] == pages[1]


def test_nothing_on_the_page_needs_a_weaker_content_security_policy(client, cast):
    client.force_login(cast.teacher)
    answer = client.get("/roll/")
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    html = answer.content.decode()
    scripts = re.findall(r"<script[^>]*>", html)
    assert [tag for tag in scripts if "src=" not in tag and "application/json" not in tag] == []
    assert not re.search(r"<style|\sstyle=|\son\w+=", html)


def test_the_phone_keeps_every_file_that_the_page_or_a_file_of_it_asks_for(client, cast):
    text = client.get("/roll/service-worker.js").content.decode()
    [kept_text] = re.findall(r'serve\("\w+", (\[.*\])\);', text)
    kept = set(json.loads(kept_text))
    client.force_login(cast.teacher)
    html = client.get("/roll/").content.decode()
    wanted = set(re.findall(r'<(?:link|script)[^>]+(?:href|src)="([^"]+)"', html))
    wanted |= {use.partition("#")[0] for use in re.findall(r'<use href="([^"]+)"', html)}
    unkept = {"/static/attendance/icon-192.png"}  # an iPhone asks for it once, when it installs
    for name in [*LINKED, "attendance/worker.js"]:
        if name.startswith("attendance/") and name.endswith(".js"):
            imports = re.findall(r'from "\./([\w.]+)"', read(name))
            wanted |= {f"/static/attendance/{imported}" for imported in imports}
    assert wanted - unkept <= kept
    assert "/roll/" in kept
    for address in kept:
        assert address.startswith(("/static/", "/roll/"))


def read(name):
    path = finders.find(name)
    assert isinstance(path, str)
    return Path(path).read_text()


def test_the_worker_serves_the_roll_alone_and_is_asked_for_each_time(client):
    answer = client.get("/roll/service-worker.js")
    assert answer.headers["Content-Type"] == "text/javascript"
    assert "no-cache" in answer.headers["Cache-Control"]
    [module] = re.findall(r'from "/static/([^"]+)"', answer.content.decode())
    assert "export function serve" in read(module)


def test_the_page_can_be_put_among_a_phones_apps(client):
    answer = client.get("/roll/manifest.webmanifest")
    assert answer.headers["Content-Type"] == "application/manifest+json"
    manifest = answer.json()
    assert (manifest["start_url"], manifest["scope"]) == ("/roll/", "/roll/")
    assert {icon["sizes"] for icon in manifest["icons"]} == {"192x192", "512x512"}
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/"))


def test_every_sentence_that_the_script_says_is_there():
    said = set()
    for name in ("classes", "learners", "page", "scanning", "walk_ins"):
        said |= set(re.findall(r'\bsay\(\s*"(\w+)"', read(f"attendance/{name}.js")))
    assert said <= WORDS.keys()
    assert len(said) > 20


def test_signing_out_takes_a_request_that_another_site_cannot_make(cast):
    from django.test import Client

    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.teacher)
    assert client.get("/roll/sign-out").status_code == 405
    assert client.post("/roll/sign-out").status_code == 403
    me = client.get("/roll/api/me").json()
    assert me["id"] == cast.teacher.pk
    assert client.post("/roll/sign-out", headers={"X-CSRFToken": me["csrf"]}).status_code == 204
    assert client.get("/roll/api/me").status_code == 401


def test_the_api_describes_itself(client):
    paths = client.get("/roll/api/openapi.json").json()["paths"]
    assert "/roll/api/devices/{device}/events" in paths
