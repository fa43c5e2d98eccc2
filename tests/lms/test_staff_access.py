"""Who may open which of the teachers' and officers' pages: the same table for all rooms."""

from datetime import date, timedelta

import pytest
from django.core.cache import cache
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.attendance import urls as attendance_urls
from lms.classes import urls as classes_urls
from lms.classes.models import CalendarDay, ClosingDay
from lms.people import urls as people_urls
from lms.people import urls_staff
from lms.people.choices import Consent, DelegateScope, Role, RoleAct
from lms.people.models import RoleEvent
from lms.people.services.learners import appoint_delegate, register_learner
from lms.people.services.merging import merge_learners
from lms.rosters.choices import RosterState
from lms.rosters.learners import urls as rosters_urls
from lms.rosters.models import RosterImport, StaffImport
from lms.rosters.staff import urls as staff_lists_urls
from lms.work import urls as work_urls
from tests.access_table import DONE, NONE, OK, ROLES, SIGN_IN, WRONG, instead, row, what_came
from tests.staff_pages import VILLAGE, class_form

pytestmark = pytest.mark.django_db


EVERYBODY = row(SIGN_IN, OK, OK, OK, OK, OK, OK, OK, OK, OK)
SEES = row(SIGN_IN, NONE, NONE, NONE, OK, OK, OK, NONE, OK, OK)
KEEPS = row(SIGN_IN, NONE, NONE, NONE, NONE, DONE, DONE, NONE, DONE, DONE)
KEEPS_AND_READS = instead(KEEPS, DONE, OK)
#: Who keeps the class is told what is wrong with an empty form.
KEEPS_ERR = instead(KEEPS, DONE, WRONG)
SETS_UP = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, NONE, OK, OK)
SETS_UP_ERR = instead(SETS_UP, OK, WRONG)
SETS_UP_DONE = instead(SETS_UP, OK, DONE)
ANY_OFFICER = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
OFFICERS_ERR = {who: 422 for who, outcome in ANY_OFFICER.items() if outcome == OK}
CITY = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, OK, OK)
WHO_SENT_IT = row(SIGN_IN, NONE, NONE, NONE, NONE, OK, NONE, NONE, NONE, NONE)
OFFICER_WHO_SENT_IT = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, NONE, NONE, NONE)
OF_A_LIST = ("staff_lists:preview", "staff_lists:left_out", "staff_lists:slips", "staff_lists:undo")
WITH_KEY_ONLY = row(NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE, NONE)

WITHOUT_ARGUMENTS = (
    "attendance:mine",
    "attendance:directory",
    "attendance:directory_cards",
    "attendance:doubles",
    "attendance:merges",
    "classes:new",
    "rosters:villages",
    "classes:my_calendar",
    "classes:days",
    "classes:close_days",
    "classes:correct_calendar",
    "classes:reset_calendar",
    "staff:list",
    "staff:appoint",
    "staff:units",
    "staff_lists:send",
    "work:mine",
    "work:begin",
    "work:queue",
    "work:without_class",
)
OF_A_ROLE = ("staff:end", "staff:move", "staff:hand_over")
OF_A_PERSON = ("staff:person", "staff:another_role", "staff:slip", "staff:telephone")
#: These show their form when they are opened.
HAS_A_FORM = (
    "classes:new_in",
    "rosters:send",
    "rosters:send_to",
    "rosters:preview",
    "classes:edit",
    "classes:add",
    "people:edit_learner",
    "people:erase_learner",
    "people:new_delegate",
    "attendance:merge",
    "attendance:merge_done",
    "classes:open_days",
    "classes:drop_correction",
    "staff:appoint",
    *OF_A_ROLE,
    *OF_A_PERSON,
    "staff:unit_telephone",
    "staff:change_unit",
    "staff_lists:send",
    "staff_lists:preview",
)

MOVED = {"move-day": "2026-12-01", "move-clock": "09:00", "move-reason": "装修"}

#: Name of the address, method, what is sent → who gets what. Every address must stand here.
ACCESS = [
    ("attendance:mine", "get", {}, EVERYBODY),
    ("classes:new", "get", {}, {**ANY_OFFICER, "teacher": DONE, "other_teacher": DONE,
                                 "other_street_officer": DONE}),
    ("classes:new_in", "get", {}, {**SETS_UP, "teacher": OK}),
    ("classes:new_in", "post", {}, {**SETS_UP_ERR, "teacher": 422}),
    ("classes:my_calendar", "get", {}, WITH_KEY_ONLY),
    ("classes:reset_calendar", "post", {}, row(SIGN_IN, *[DONE] * 9)),
    ("classes:class", "get", {}, SEES),
    ("classes:edit", "get", {}, KEEPS_AND_READS),
    ("classes:edit", "post", "class", KEEPS),
    ("classes:add", "get", {}, KEEPS_AND_READS),
    ("classes:add", "post", {}, KEEPS_ERR),
    ("classes:enrol_number", "post", "number", KEEPS),
    ("classes:enrol_name", "post", {"new-name": "何叔", "new-door": "in_person"}, KEEPS),
    ("classes:leave", "post", {}, KEEPS),
    ("attendance:cards", "get", {}, SEES),
    ("classes:calendar", "get", {}, SEES),
    ("classes:days", "get", {}, {**EVERYBODY, "stranger": NONE, "volunteer": NONE}),
    ("classes:close_days", "post", {}, {**ANY_OFFICER, **OFFICERS_ERR}),
    ("classes:open_days", "get", {}, SETS_UP),
    ("classes:open_days", "post", {"confirm": "1"}, SETS_UP_DONE),
    ("classes:correct_calendar", "post", {}, {**CITY, "city_officer": 422, "superuser": 422}),
    ("classes:drop_correction", "get", {}, CITY),
    ("classes:drop_correction", "post", {"confirm": "1"},
     {**CITY, "city_officer": DONE, "superuser": DONE}),
    ("rosters:send", "get", {}, KEEPS_AND_READS),
    ("rosters:send", "post", {}, KEEPS_ERR),
    ("rosters:villages", "get", {}, ANY_OFFICER),
    ("rosters:send_to", "get", {}, SETS_UP),
    ("rosters:send_to", "post", {}, SETS_UP_ERR),
    ("rosters:template", "get", {}, EVERYBODY),
    ("rosters:preview", "get", {}, WHO_SENT_IT),
    ("rosters:preview", "post", {"do": "drop"}, {**WHO_SENT_IT, "teacher": DONE}),
    ("rosters:left_out", "get", {}, WHO_SENT_IT),
    ("rosters:undo", "post", {}, KEEPS),
    ("people:learner", "get", {}, KEEPS_AND_READS),
    ("people:edit_learner", "get", {}, KEEPS_AND_READS),
    ("people:edit_learner", "post", {"name": "陈阿婆"}, KEEPS),
    ("people:erase_learner", "get", {}, SETS_UP),
    ("people:erase_learner", "post", {"reason": "本人要求"}, SETS_UP_DONE),
    ("people:new_delegate", "get", {}, KEEPS_AND_READS),
    ("people:new_delegate", "post", "delegate", KEEPS),
    ("people:revoke_delegate", "post", {}, KEEPS),
    ("attendance:directory", "get", {}, EVERYBODY),
    ("attendance:directory_file", "get", {}, KEEPS_AND_READS),
    ("attendance:directory_cards", "get", {}, KEEPS_AND_READS),
    ("attendance:doubles", "get", {}, ANY_OFFICER),
    ("attendance:merges", "get", {}, ANY_OFFICER),
    ("attendance:choose_other", "get", {}, SETS_UP),
    ("attendance:merge", "get", {}, SETS_UP),
    ("attendance:merge", "post", {}, SETS_UP_ERR),
    ("attendance:apart", "post", {}, SETS_UP_DONE),
    ("attendance:merge_done", "get", {}, SETS_UP),
    ("attendance:merge_done", "post", {}, SETS_UP_ERR),
    ("attendance:class_file", "get", {}, SEES),
    ("attendance:grid_file", "get", {}, SEES),
    ("attendance:of_learner", "get", {}, SEES),
    ("attendance:sessions", "get", {}, SEES),
    ("attendance:qr", "get", {}, SEES),
    ("attendance:session", "get", {}, SEES),
    ("attendance:session", "get", {"correct": ""}, SEES),
    ("attendance:mark", "post", {"rest": "present"}, KEEPS),
    ("attendance:close", "post", {}, KEEPS),
    ("attendance:move", "post", MOVED, KEEPS),
    ("attendance:cancel", "post", {"cancel-reason": "台风"}, KEEPS),
    ("attendance:reopen", "post", {}, KEEPS_ERR),
    ("attendance:not_held", "post", {}, KEEPS_ERR),
    ("attendance:headcount", "post", {"headcount-headcount": "30"}, KEEPS),
    ("attendance:correction", "post", {}, KEEPS_ERR),
    ("attendance:walk_in", "post", {}, KEEPS_ERR),
    ("attendance:code", "get", {}, KEEPS_AND_READS),
    ("attendance:code_picture", "get", {}, KEEPS_AND_READS),
    ("attendance:helper_time", "post", "help", KEEPS),
    ("attendance:sheet", "get", {}, SEES),
    ("attendance:session_qr", "get", {}, SEES),
    ("staff:list", "get", {}, ANY_OFFICER),
    ("staff:appoint", "get", {}, ANY_OFFICER),
    ("staff:appoint", "post", {}, {**ANY_OFFICER, **OFFICERS_ERR}),
    ("staff:person", "get", {}, SETS_UP),
    *[(name, "get", {}, SETS_UP) for name in (*OF_A_ROLE, *OF_A_PERSON[1:])],
    *[(name, "post", {}, SETS_UP_ERR) for name in (*OF_A_ROLE, *OF_A_PERSON[1:])],
    ("staff:units", "get", {}, {who: DONE if outcome == OK else outcome
                                for who, outcome in ANY_OFFICER.items()}),
    ("staff:unit", "get", {}, SETS_UP),
    ("staff:unit_telephone", "get", {}, SETS_UP),
    ("staff:unit_telephone", "post", {"telephone": "1"}, SETS_UP_DONE),
    ("staff:change_unit", "get", {}, SETS_UP),
    ("staff:change_unit", "post", {}, SETS_UP_ERR),
    ("staff_lists:send", "get", {}, ANY_OFFICER),
    ("staff_lists:send", "post", {}, {**ANY_OFFICER, **OFFICERS_ERR}),
    ("staff_lists:template", "get", {}, EVERYBODY),
    ("staff_lists:preview", "get", {}, OFFICER_WHO_SENT_IT),
    ("staff_lists:left_out", "get", {}, OFFICER_WHO_SENT_IT),
    ("staff_lists:preview", "post", {"do": "drop"},
     {**OFFICER_WHO_SENT_IT, "street_officer": DONE}),
    ("staff_lists:slips", "post", {}, {**OFFICER_WHO_SENT_IT, "street_officer": DONE}),
    ("staff_lists:undo", "post", {}, {**OFFICER_WHO_SENT_IT, "street_officer": DONE}),
    ("work:mine", "get", {}, {**EVERYBODY, "stranger": DONE}),
    ("work:begin", "get", {}, row(*[DONE] * 10)),
    ("work:queue", "get", {}, ANY_OFFICER),
    ("work:without_class", "get", {}, ANY_OFFICER),
]  # fmt: skip


def test_the_access_table_holds_every_address():
    there = {
        f"{urls.app_name}:{pattern.name}"
        for urls in (
            people_urls,
            urls_staff,
            classes_urls,
            attendance_urls,
            rosters_urls,
            staff_lists_urls,
            work_urls,
        )
        for pattern in urls.urlpatterns
    }
    assert {name for name, *_ in ACCESS} == there


@pytest.fixture
def delegate(cast):
    return appoint_delegate(
        learner=cast.learners[0],
        person=cast.stranger,
        relation="女儿",
        scope=DelegateScope.ALL,
        consent=Consent.SIGNED,
        recorded_by=cast.teacher,
        until_date=timezone.localdate() + timedelta(days=30),
    )


@pytest.fixture
def address(cast, begun, delegate, units):
    ClosingDay.objects.create(unit=units[VILLAGE], day=date(2026, 9, 2), reason="装修")
    correction = CalendarDay.objects.create(
        unit=units["4401"],
        day=date(2026, 10, 5),
        meets=True,
        reason="通知",
        recorded_by=cast.city_officer,
    )

    RoleEvent.objects.create(  # as if the account had been made with the appointment
        person=cast.teacher,
        act=RoleAct.APPOINTED,
        role=Role.TEACHER,
        unit=units[VILLAGE],
        on=date(2026, 1, 1),
        made_account=True,
        reason="新聘",
    )
    roster = RosterImport.objects.create(
        class_group=cast.class_group,
        unit=cast.class_group.unit,
        uploaded_by=cast.teacher,
        state=RosterState.DONE,
        confirmed_at=timezone.now(),
    )

    staff_list = StaffImport.objects.create(
        uploaded_by=cast.street_officer, state=RosterState.DONE, confirmed_at=timezone.now()
    )

    again = register_learner(name="李婶", unit=units[VILLAGE])
    merged = merge_learners(
        kept=cast.learners[2], gone=again, reason="登记了两次", merged_by=cast.street_officer
    )

    def address(name):
        by_class = {"pk": cast.class_group.pk}
        by_session = {"pk": begun.pk}
        by_roster = {"pk": roster.pk}
        by_number = {"number": cast.learners[0].number}
        by_two = {**by_number, "other": cast.learners[1].number}
        arguments: dict[str, dict] = {
            "classes:new_in": {"code": VILLAGE},
            "rosters:send_to": {"code": VILLAGE},
            "rosters:template": {"ending": "csv"},
            "staff_lists:template": {"ending": "csv"},
            **{name: {"pk": staff_list.pk} for name in OF_A_LIST},
            **dict.fromkeys(("rosters:preview", "rosters:left_out", "rosters:undo"), by_roster),
            "classes:open_days": {
                "code": VILLAGE,
                "first": "2026-09-01",
                "last": "2026-09-03",
            },
            "classes:drop_correction": {"pk": correction.pk},
            "people:revoke_delegate": {**by_number, "pk": delegate.pk},
            **dict.fromkeys(
                (
                    "attendance:qr",
                    "attendance:of_learner",
                    "attendance:choose_other",
                    "people:learner",
                    "people:edit_learner",
                    "people:erase_learner",
                    "people:new_delegate",
                ),
                by_number,
            ),
            **dict.fromkeys(("attendance:merge", "attendance:apart"), by_two),
            "attendance:merge_done": {"pk": merged.pk},
            "attendance:directory_file": {"ending": "xlsx"},
            "attendance:class_file": {**by_class, "ending": "xlsx"},
            "attendance:grid_file": {**by_class, "ending": "csv"},
            "attendance:code_picture": {**by_session, "window": 1},
            "classes:leave": {**by_class, "enrolment": cast.class_group.enrolments.first().pk},
            **{name: {} for name in WITHOUT_ARGUMENTS},
            **{name: {"pk": cast.teacher.pk} for name in OF_A_PERSON},
            **{name: {"code": VILLAGE} for name in ("staff:unit", "staff:unit_telephone")},
            "staff:change_unit": {"code": VILLAGE, "slug": "rename"},
            **{name: {"pk": cast.teacher.role_assignments.get().pk} for name in OF_A_ROLE},
            **dict.fromkeys(
                (
                    "classes:class",
                    "classes:edit",
                    "classes:add",
                    "attendance:sessions",
                    "classes:enrol_number",
                    "classes:enrol_name",
                    "attendance:cards",
                    "classes:calendar",
                    "rosters:send",
                ),
                by_class,
            ),
        }
        return reverse(name, kwargs=arguments.get(name, by_session))

    return address


@pytest.fixture
def filled_in(cast):
    """What is sent with a form that ACCESS names."""
    return {
        "class": class_form(),
        "number": {"number-number": cast.learners[0].number, "number-door": "in_person"},
        "delegate": {
            "person": "stranger",
            "relation": "女儿",
            "scope": "enrol",
            "consent": "signed",
            "last_day": timezone.localdate().isoformat(),
        },
        "help": {"help-person": cast.volunteer.pk, "help-minutes": "90"},
    }


@pytest.mark.parametrize("who", ROLES)
def test_who_may_open_what(as_, address, filled_in, who):
    """Each address finds everything as it was before the last one was asked for. One test for all
    of them, since to make the cast and to sign in costs more than to ask."""
    client, came = as_(who), {}
    for place, (name, method, sent, _outcomes) in enumerate(ACCESS):
        form = filled_in[sent] if isinstance(sent, str) else sent
        cache.clear()
        with transaction.atomic():
            response = getattr(client, method)(address(name), form)
            transaction.set_rollback(True)
        came[place, name, method] = what_came(response)
    assert came == {
        (place, name, method): outcomes[who]
        for place, (name, method, _sent, outcomes) in enumerate(ACCESS)
    }


def test_a_page_that_writes_does_not_answer_to_a_link(as_, address):
    client = as_("teacher")
    for name, method, *_rest in ACCESS:
        if method == "post" and name not in HAS_A_FORM:
            assert client.get(address(name)).status_code == 405
