"""Who may open which of the teachers' and officers' pages, and what my own page shows."""

import re
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.shortcuts import resolve_url
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from lms.schools import urls_classes
from lms.schools.choices import Consent, ProxyScope, RosterState, Status
from lms.schools.models import (
    CalendarDay,
    ClassGroup,
    ClassSession,
    ClosingDay,
    Learner,
    RollEvent,
    RosterImport,
)
from lms.schools.services.people import give_proxy
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
KEEPS_AND_READS = {who: OK if outcome == DONE else outcome for who, outcome in KEEPS.items()}
#: Who keeps the class is told what is wrong with an empty form.
KEEPS_ERR = {who: 422 if outcome == DONE else outcome for who, outcome in KEEPS.items()}
SETS_UP = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, NONE, OK, OK)
ANY_OFFICER = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
OFFICERS_ERR = {who: 422 for who, outcome in ANY_OFFICER.items() if outcome == OK}
CITY = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, OK, OK)
WHO_SENT_IT = row(SIGN_IN, NONE, NONE, NONE, NONE, OK, NONE, NONE, NONE, NONE)
WITH_KEY_ONLY = row(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE)

WITHOUT_ARGUMENTS = (
    "mine",
    "new",
    "rosters",
    "my_calendar",
    "days",
    "close_days",
    "correct_calendar",
    "reset_calendar",
)
#: These show their form when they are opened.
HAS_A_FORM = (
    "new_in",
    "roster",
    "roster_in",
    "roster_preview",
    "edit",
    "edit_learner",
    "erase_learner",
    "new_proxy",
    "open_days",
    "drop_correction",
)

MOVED = {"move-day": "2026-12-01", "move-clock": "09:00", "move-reason": "装修"}

#: Name of the address, method, what is sent → who gets what. Every address must stand here.
ACCESS = [
    ("mine", "get", {}, EVERYBODY),
    ("new", "get", {}, ANY_OFFICER),
    ("new_in", "get", {}, SETS_UP),
    ("new_in", "post", {}, {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), 422)}),
    ("my_calendar", "get", {}, WITH_KEY_ONLY),
    ("reset_calendar", "post", {}, row(SIGN_IN, *[DONE] * 9)),
    ("class", "get", {}, SEES),
    ("edit", "get", {}, SETS_UP),
    ("edit", "post", "class", {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), DONE)}),
    ("enrol_number", "post", "number", KEEPS),
    ("enrol_name", "post", {"new-name": "何叔", "new-door": "desk"}, KEEPS),
    ("leave", "post", {}, KEEPS),
    ("cards", "get", {}, SEES),
    ("calendar", "get", {}, SEES),
    ("days", "get", {}, {**EVERYBODY, "stranger": NONE, "volunteer": NONE}),
    ("close_days", "post", {}, {**ANY_OFFICER, **OFFICERS_ERR}),
    ("open_days", "get", {}, SETS_UP),
    ("open_days", "post", {"confirm": "1"}, {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), DONE)}),
    ("correct_calendar", "post", {}, {**CITY, "city_officer": 422, "superuser": 422}),
    ("drop_correction", "get", {}, CITY),
    ("drop_correction", "post", {"confirm": "1"},
     {**CITY, "city_officer": DONE, "superuser": DONE}),
    ("roster", "get", {}, KEEPS_AND_READS),
    ("roster", "post", {}, KEEPS_ERR),
    ("rosters", "get", {}, ANY_OFFICER),
    ("roster_in", "get", {}, SETS_UP),
    ("roster_in", "post", {}, {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), 422)}),
    ("roster_template", "get", {}, EVERYBODY),
    ("roster_preview", "get", {}, WHO_SENT_IT),
    ("roster_preview", "post", {"do": "drop"}, {**WHO_SENT_IT, "teacher": DONE}),
    ("roster_left_out", "get", {}, WHO_SENT_IT),
    ("roster_undo", "post", {}, KEEPS),
    ("learner", "get", {}, KEEPS_AND_READS),
    ("edit_learner", "get", {}, KEEPS_AND_READS),
    ("edit_learner", "post", {"name": "陈阿婆"}, KEEPS),
    ("erase_learner", "get", {}, SETS_UP),
    ("erase_learner", "post", {"reason": "本人要求"}, {**SETS_UP, **dict.fromkeys(
        ("street_officer", "city_officer", "superuser"), DONE)}),
    ("new_proxy", "get", {}, KEEPS_AND_READS),
    ("new_proxy", "post", "proxy", KEEPS),
    ("revoke_proxy", "post", {}, KEEPS),
    ("qr", "get", {}, SEES),
    ("session", "get", {}, SEES),
    ("session", "get", {"correct": ""}, SEES),
    ("mark", "post", {"rest": "present"}, KEEPS),
    ("close", "post", {}, KEEPS),
    ("move", "post", MOVED, KEEPS),
    ("cancel", "post", {"cancel-reason": "台风"}, KEEPS),
    ("headcount", "post", {"headcount-headcount": "30"}, KEEPS),
    ("correction", "post", {}, KEEPS_ERR),
    ("walk_in", "post", {}, KEEPS_ERR),
    ("code", "get", {}, KEEPS_AND_READS),
    ("code_picture", "get", {}, KEEPS_AND_READS),
    ("help", "post", "help", KEEPS),
    ("sheet", "get", {}, SEES),
    ("session_qr", "get", {}, SEES),
]  # fmt: skip


def test_the_access_table_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls_classes.urlpatterns}


@pytest.fixture
def proxy(cast):
    return give_proxy(
        learner=cast.learners[0],
        person=cast.stranger,
        relation="女儿",
        scope=ProxyScope.ALL,
        consent=Consent.SIGNED,
        recorded_by=cast.teacher,
        until_date=timezone.localdate() + timedelta(days=30),
    )


@pytest.fixture
def address(cast, begun, proxy, units):
    ClosingDay.objects.create(unit=units[VILLAGE], day=date(2026, 9, 2), reason="装修")
    correction = CalendarDay.objects.create(
        unit=units["4401"],
        day=date(2026, 10, 5),
        meets=True,
        reason="通知",
        recorded_by=cast.city_officer,
    )

    roster = RosterImport.objects.create(
        class_group=cast.class_group,
        unit=cast.class_group.unit,
        uploaded_by=cast.teacher,
        state=RosterState.DONE,
        confirmed_at=timezone.now(),
    )

    def address(name):
        by_class = {"pk": cast.class_group.pk}
        by_session = {"pk": begun.pk}
        by_roster = {"pk": roster.pk}
        by_number = {"number": cast.learners[0].number}
        arguments: dict[str, dict] = {
            "new_in": {"code": VILLAGE},
            "roster_in": {"code": VILLAGE},
            "roster_template": {"ending": "csv"},
            **dict.fromkeys(("roster_preview", "roster_left_out", "roster_undo"), by_roster),
            "open_days": {"code": VILLAGE, "first": "2026-09-01", "last": "2026-09-03"},
            "drop_correction": {"pk": correction.pk},
            "revoke_proxy": {**by_number, "pk": proxy.pk},
            **dict.fromkeys(
                ("qr", "learner", "edit_learner", "erase_learner", "new_proxy"), by_number
            ),
            "code_picture": {**by_session, "window": 1},
            "leave": {**by_class, "enrolment": cast.class_group.enrolments.first().pk},
            **{name: {} for name in WITHOUT_ARGUMENTS},
            **dict.fromkeys(
                ("class", "edit", "enrol_number", "enrol_name", "cards", "calendar", "roster"),
                by_class,
            ),
        }
        return reverse(f"classes:{name}", kwargs=arguments.get(name, by_session))

    return address


@pytest.mark.parametrize(
    ("name", "method", "sent", "outcomes"),
    ACCESS,
    ids=[f"{place}-{line[0]}-{line[1]}" for place, line in enumerate(ACCESS)],
)
def test_who_may_open_what(as_, cast, begun, address, name, method, sent, outcomes):
    """Each role finds everything as it was before the last one came."""
    if sent == "class":
        sent = class_form()
    elif sent == "number":
        sent = {"number-number": cast.learners[0].number, "number-door": "desk"}
    elif sent == "proxy":
        sent = {
            "person": "stranger",
            "relation": "女儿",
            "scope": "enrol",
            "consent": "signed",
            "last_day": timezone.localdate().isoformat(),
        }
    elif sent == "help":
        sent = {"help-person": cast.volunteer.pk, "help-minutes": "90"}
    url, sign_in = address(name), resolve_url(settings.LOGIN_URL)
    came = {}
    for who in ROLES:
        with transaction.atomic():
            response = getattr(as_(who), method)(url, sent)
            transaction.set_rollback(True)
        to_sign_in = response.status_code == DONE and response.url.startswith(sign_in)
        came[who] = SIGN_IN if to_sign_in else response.status_code
    assert came == outcomes


def test_a_page_that_writes_does_not_answer_to_a_link(as_, address):
    client = as_("teacher")
    for name, method, *_rest in ACCESS:
        if method == "post" and name not in HAS_A_FORM:
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
        forms = re.findall(r"<form[^>]*", client.get(address(name)).content.decode())
        assert all(reverse("classes:reset_calendar") in form for form in forms)  # one's own key


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
