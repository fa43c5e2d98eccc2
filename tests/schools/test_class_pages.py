"""Who may open which of the teachers' and officers' pages, and what my own page shows."""

import pytest
from django.conf import settings
from django.db import connection
from django.shortcuts import resolve_url
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.schools import urls_classes
from lms.schools.choices import Status
from lms.schools.models import (
    ClassGroup,
    ClassSession,
    Learner,
    RollEvent,
)
from lms.schools.services.roll_page import mark_on_page
from tests.schools.class_pages import VILLAGE, class_form, session_of, words
from tests.schools.conftest import make_class

pytestmark = pytest.mark.django_db


SIGN_IN, OK, DONE, NONE = "sign-in", 200, 302, 404
ROLES = (
    "anonymous", "stranger", "volunteer", "other_teacher", "auditor", "teacher",
    "street_officer", "other_street_officer", "city_officer", "superuser",
)  # fmt: skip


def row(*outcomes):
    return dict(zip(ROLES, outcomes, strict=True))


EVERYBODY = row(SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK, OK)
SEES = row(SIGN_IN, NONE, NONE, NONE, OK, OK, OK, NONE, OK, OK)
KEEPS = row(SIGN_IN, NONE, NONE, NONE, NONE, DONE, DONE, NONE, DONE, DONE)
SETS_UP = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, NONE, OK, OK)
ANY_OFFICER = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
WITH_KEY_ONLY = row(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE)

MOVED = {"move-day": "2026-12-01", "move-clock": "09:00", "move-reason": "装修"}

#: Name of the address, method, what is sent → who gets what. Every address must stand here.
ACCESS = [
    ("mine", "get", {}, EVERYBODY),
    ("new", "get", {}, ANY_OFFICER),
    ("new_in", "get", {}, SETS_UP),
    ("new_in", "post", {}, {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), 422)}),
    ("my_calendar", "get", {}, WITH_KEY_ONLY),
    ("class", "get", {}, SEES),
    ("edit", "get", {}, SETS_UP),
    ("edit", "post", "class", {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), DONE)}),
    ("enrol_number", "post", "number", KEEPS),
    ("enrol_name", "post", {"new-name": "何叔", "new-door": "desk"}, KEEPS),
    ("leave", "post", {}, KEEPS),
    ("cards", "get", {}, SEES),
    ("calendar", "get", {}, SEES),
    ("qr", "get", {}, SEES),
    ("session", "get", {}, SEES),
    ("session", "get", {"correct": ""}, SEES),
    ("mark", "post", {"rest": "present"}, KEEPS),
    ("close", "post", {}, KEEPS),
    ("move", "post", MOVED, KEEPS),
    ("cancel", "post", {"cancel-reason": "台风"}, KEEPS),
    ("headcount", "post", {"headcount-headcount": "30"}, KEEPS),
    ("help", "post", "help", KEEPS),
    ("sheet", "get", {}, SEES),
    ("session_qr", "get", {}, SEES),
]  # fmt: skip


def test_the_access_table_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls_classes.urlpatterns}


@pytest.fixture
def address(cast, begun):
    def address(name):
        by_class = {"pk": cast.class_group.pk}
        by_session = {"pk": begun.pk}
        arguments = {
            "new_in": {"code": VILLAGE},
            "qr": {"number": cast.learners[0].number},
            "leave": {**by_class, "enrolment": cast.class_group.enrolments.first().pk},
            **{name: {} for name in ("mine", "new", "my_calendar")},
            **dict.fromkeys(
                ("class", "edit", "enrol_number", "enrol_name", "cards", "calendar"), by_class
            ),
        }
        return reverse(f"classes:{name}", kwargs=arguments.get(name, by_session))

    return address


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.parametrize(
    ("name", "method", "sent", "outcomes"),
    ACCESS,
    ids=[f"{place}-{line[0]}-{line[1]}" for place, line in enumerate(ACCESS)],
)
def test_who_may_open_what(as_, cast, begun, address, name, method, sent, outcomes, who):
    if sent == "class":
        sent = class_form()
    elif sent == "number":
        sent = {"number-number": cast.learners[0].number, "number-door": "desk"}
    elif sent == "help":
        sent = {"help-person": cast.volunteer.pk, "help-minutes": "90"}
    response = getattr(as_(who), method)(address(name), sent)
    if outcomes[who] == SIGN_IN:
        assert response.status_code == 302
        assert response.url.startswith(resolve_url(settings.LOGIN_URL))
    else:
        assert response.status_code == outcomes[who]


def test_a_page_that_writes_does_not_answer_to_a_link(as_, address):
    client = as_("teacher")
    for name, method, *_rest in ACCESS:
        if method == "post" and name not in ("new_in", "edit"):
            assert client.get(address(name)).status_code == 405


@pytest.mark.parametrize("who", ["auditor", "volunteer", "other_teacher", "stranger"])
def test_who_may_not_mark_leaves_no_event_whatever_is_sent(as_, begun, cast, address, who):
    as_(who).post(address("mark"), {"rest": "present"})
    assert not RollEvent.objects.exists()


def test_an_auditor_marks_nobody_by_the_phones_way_in_either(as_, begun, cast):
    answers = mark_on_page(
        begun, statuses={cast.learners[0].number: Status.PRESENT}, recorded_by=cast.auditor
    )
    assert [answer.outcome for answer in answers] == ["no_session"]
    url = f"/roll/api/sessions/{begun.pk}/close"
    assert as_("auditor").post(url, "{}", content_type="application/json").status_code == 404


def test_a_page_for_an_auditor_offers_nothing_that_would_be_refused(as_, begun, address):
    client = as_("auditor")
    for name in ("class", "session"):
        assert "<form" not in client.get(address(name)).content.decode()


def test_nobody_signed_in_sees_a_class_that_nobody_teaches(cast):
    from django.contrib.auth.models import AnonymousUser

    cast.class_group.teachers.clear()
    for see in (ClassGroup.objects.visible_to, ClassGroup.objects.changeable_by):
        assert not see(AnonymousUser()).exists()
    assert not Learner.objects.visible_to(AnonymousUser()).exists()


# --- My classes ---------------------------------------------------------------------------------


def test_a_person_without_any_role_reads_one_plain_sentence(as_, address):
    assert "您还没有带班" in words(as_("stranger").get(address("mine")))
    assert "您还没有带班" in words(as_("volunteer").get(address("mine")))


def test_todays_sessions_come_first_and_lead_to_the_roll(as_, cast, begun, monkeypatch):
    ClassSession.objects.update(starts_at=timezone.now(), ends_at=timezone.now())
    page = as_("teacher").get("/classes/")
    html = page.content.decode()
    assert html.index("今天的课") < html.index("翠洲手机班")
    assert reverse("roll") in html[html.index("今天的课") :]
    assert "和平手机班" not in html


def test_a_roll_of_last_week_that_nobody_closed_is_listed(as_, cast, begun):
    session_of(cast.class_group, days=-7)
    assert "点名还没有结束的" in words(as_("teacher").get("/classes/"))


def test_my_classes_cost_no_more_queries_when_there_are_many(as_, cast, begun, units):
    def one_more():
        group = make_class(units[VILLAGE], "又一班", cast.teacher)
        session_of(group, days=-1)

    client = as_("teacher")
    one_more()
    with CaptureQueriesContext(connection) as few:
        client.get("/classes/")
    for _ in range(8):
        one_more()
    with CaptureQueriesContext(connection) as many:
        client.get("/classes/")
    assert len(many) == len(few)


def test_an_officer_finds_a_class_by_the_name_of_its_village(as_, cast):
    text = words(as_("city_officer").get("/classes/", {"q": "和平"}))
    assert "和平手机班" in text
    assert "翠洲手机班" not in text
