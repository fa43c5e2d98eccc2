"""Every link on every page of every role leads somewhere, and everybody finds his own work."""

from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone

from lms.classes.services.sessions import record_help
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

STAFF = (
    "volunteer", "teacher", "other_teacher", "auditor", "street_officer", "other_street_officer",
    "city_officer", "village_officer", "superuser", "editor", "ended",
)  # fmt: skip


class Links(HTMLParser):
    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attributes):
        href = dict(attributes).get("href")
        if tag == "a" and href and not href.startswith(("#", "tel:", "mailto:", "webcal:")):
            self.found.append(href)


def links_of(url, response):
    parser = Links()
    parser.feed(response.content.decode())
    there = (urljoin(url, link) for link in parser.found)
    return {link.partition("#")[0] for link in there if not urlsplit(link).netloc}


@pytest.fixture
def everybody(as_, cast, units, django_user_model):
    """The cast with an officer of a village, an editor, and somebody whose role is over."""

    def person(username, role=None, code=None, **dates):
        user = django_user_model.objects.create_user(username, first_name=username)
        if role:
            RoleAssignment.objects.create(person=user, role=role, unit=units[code], **dates)
        setattr(cast, username, user)
        return user

    person("village_officer", Role.OFFICER, "440103001001")
    person("editor").groups.add(Group.objects.get(name="课程编辑"))
    today = timezone.localdate()
    person("ended", Role.TEACHER, "440103001001", from_date=today, until_date=today)
    cast.class_group.teachers.add(cast.ended)
    return as_


@pytest.mark.parametrize(("who", "pages"), [
    ("teacher", 12),
    ("street_officer", 12),
    *(
        pytest.param(who, 60, marks=pytest.mark.thorough("two roles look at twelve pages each"))
        for who in STAFF
    ),
])  # fmt: skip
def test_no_link_on_a_page_of_work_is_refused(everybody, begun, running, starter, who, pages):
    """From 我的工作 on, as far as links lead within the school's own pages."""
    client = everybody(who)
    to_see, refused = ["/work/", "/"], []
    seen: set[str] = set()
    while to_see and len(seen) < pages:
        url = to_see.pop(0)
        if url in seen or url.startswith("/accounts/logout"):
            continue
        seen.add(url)
        response = client.get(url, follow=True)
        if response.status_code != 200:
            refused.append((url, response.status_code))
            continue
        ours = (
            "/ledger/",
            "/work/",
            "/people/",
            "/classes/",
            "/reports/",
            "/roll/",
            "/workbench/",
            "/admin/",
        )
        is_page = response["Content-Type"].startswith("text/html")
        if is_page and (url == "/" or url.startswith(ours[:6])):
            to_see += sorted(link for link in links_of(url, response) if link.startswith(ours))
    assert refused == []


@pytest.mark.parametrize("who", STAFF)
def test_my_work_is_one_press_away_for_whoever_works_here_and_for_nobody_else(
    everybody, starter, who
):
    links = links_of("/", everybody(who).get("/"))
    assert ("/work/" in links) is (who != "ended")


@pytest.mark.parametrize("who", ["anonymous", "stranger", "ended"])
def test_elders_keep_their_home(everybody, starter, who):
    client = everybody(who)
    assert "/work/" not in links_of("/", client.get("/"))
    assert client.get("/work/begin/").url == "/"
    assert client.get("/work/").status_code == 302


@pytest.mark.parametrize("who", [name for name in STAFF if name != "ended"])
def test_signing_in_leads_to_ones_work(everybody, cast, client, who):
    person = getattr(cast, who)
    person.set_password("大榕树下的1952年")
    person.save()
    client.logout()
    sent = {"login": person.get_username(), "password": "大榕树下的1952年"}
    response = client.post("/accounts/login/", sent, follow=True)
    assert response.redirect_chain[-1][0] == "/work/"


def test_a_teacher_finds_todays_class_and_the_rolls_to_finish(everybody, cast, begun, running):
    page = words(everybody("teacher").get("/work/"))
    assert "翠洲手机班" in page
    assert "今天我的课" in page
    begun.starts_at -= timedelta(days=2)
    begun.ends_at -= timedelta(days=2)
    begun.save()
    assert "我还没有点完的" in words(everybody("teacher").get("/work/"))


def test_a_volunteer_finds_where_to_help_and_how_long_it_was(everybody, cast, begun):
    record_help(begun, person=cast.volunteer, minutes=90, recorded_by=cast.teacher)
    page = words(everybody("volunteer").get("/work/"))
    assert "翠洲社区" in page
    assert "这个月1小时30分钟" in page


def test_an_officer_finds_what_waits_below(everybody, cast, begun, units):
    begun.starts_at -= timedelta(days=2)
    begun.ends_at -= timedelta(days=2)
    begun.save()
    RoleAssignment.objects.create(
        person=cast.stranger, role=Role.TEACHER, unit=units["440103001002"]
    )
    response = everybody("street_officer").get("/work/")
    page = words(response)
    assert "次课的点名没有结束" in page
    assert "位教师还没有班" in page
    elsewhere = words(everybody("other_street_officer").get("/work/"))
    assert "次课的点名没有结束" not in elsewhere


def test_the_phones_roll_is_offered_to_who_may_call_one(everybody, running):
    assert "/roll/" in links_of("/work/", everybody("teacher").get("/work/"))
    for who in ("volunteer", "auditor", "street_officer", "city_officer"):
        assert "/roll/" not in links_of("/work/", everybody(who).get("/work/"))
