"""Who opens what of the work ledger: officers of the unit and above, who reads, and who has to do
it; everybody else finds nothing."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from lms.ledger import forms, urls
from lms.ledger.choices import ImportState
from lms.ledger.models import LedgerImport, Measure
from lms.ledger.services.evidence import add_link
from lms.ledger.services.pressing import press_measure
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from tests.access_table import DONE, NONE, OK, ROLES, SIGN_IN, WRONG, instead, row, what_came
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

#: Whoever supervises anything, or has a row to do, has a ledger.
HAS_ONE = row(SIGN_IN, NONE, NONE, NONE, OK, OK, OK, OK, OK, OK)
SEES = row(SIGN_IN, NONE, NONE, NONE, OK, OK, OK, NONE, OK, OK)
ADVANCES = row(SIGN_IN, NONE, NONE, NONE, NONE, DONE, DONE, NONE, DONE, DONE)
EDITS = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, DONE, NONE, DONE, DONE)
EDITS_AND_READS = instead(EDITS, DONE, OK)
EDITS_ERR = instead(EDITS, DONE, WRONG)
ADVANCES_ERR = instead(ADVANCES, DONE, WRONG)
ANY_OFFICER = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, OK, OK, OK)
OFFICERS_ERR = instead(ANY_OFFICER, OK, WRONG)
OF_THE_CITY = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, OK, OK)
CITY_DONE = instead(OF_THE_CITY, OK, DONE)
WHO_SENT_IT = row(SIGN_IN, NONE, NONE, NONE, NONE, NONE, OK, NONE, NONE, NONE)

#: Name of the address, method, what is sent → who gets what. Every address must stand here.
ACCESS = [
    ("list", "get", {}, HAS_ONE),
    ("timetable", "get", {}, HAS_ONE),
    ("file", "get", {}, HAS_ONE),
    ("new", "get", {}, ANY_OFFICER),
    ("new", "post", {}, OFFICERS_ERR),
    ("starter", "get", {}, OF_THE_CITY),
    ("starter", "post", {}, CITY_DONE),
    ("send", "get", {}, ANY_OFFICER),
    ("send", "post", {}, OFFICERS_ERR),
    ("preview", "get", {}, WHO_SENT_IT),
    ("preview", "post", {"do": "drop"}, {**WHO_SENT_IT, "street_officer": DONE}),
    ("undo", "post", {}, EDITS),
    ("row", "get", {}, SEES),
    ("edit", "get", {}, EDITS_AND_READS),
    ("edit", "post", {"version": "1", "task": "四个进课堂"}, EDITS),
    ("progress", "get", {}, ADVANCES),
    ("progress", "post", {"version": "1", "progress": "办了一半"}, ADVANCES),
    ("close", "post", {}, EDITS),
    ("reopen", "post", {}, EDITS_ERR),
    ("take_away", "post", {"why": "重复"}, EDITS),
    ("press", "post", {}, EDITS_ERR),
    ("answer", "post", {"answer": "办了"}, {**ADVANCES, "street_officer": 422}),  # who asked
    ("add_evidence", "post", {}, ADVANCES_ERR),
    ("evidence", "get", {}, row(SIGN_IN, *[NONE] * 9)),  # it is an address, not a file
    ("take_back", "post", {}, ADVANCES),
]  # fmt: skip


def test_the_table_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls.urlpatterns}


@pytest.fixture
def address(measure, cast, units):
    piece = add_link(measure, link="https://example.org/", title="签到表", by=cast.teacher)
    until = timezone.localdate() + timedelta(days=7)
    press_measure(measure, words="请报进度", answer_by=until, by=cast.street_officer)
    of_street = {"unit": units["440103001"], "sent_by": cast.street_officer}
    preview = LedgerImport.objects.create(**of_street)
    done = LedgerImport.objects.create(**of_street, state=ImportState.DONE, done_at=timezone.now())
    layout = {"sheet": "", "above": [], "below": [], "headings": []}
    LedgerImport.objects.update(layout=layout)

    def address(name):
        arguments = {
            "preview": [preview.pk],
            "undo": [done.pk],
            "evidence": [measure.pk, piece.pk],
            "take_back": [measure.pk, piece.pk],
            **{name: [] for name in ("list", "timetable", "file", "new", "starter", "send")},
        }
        return reverse(f"ledger:{name}", args=arguments.get(name, [measure.pk]))

    return address


@pytest.mark.parametrize("who", ROLES)
def test_who_may_open_what(as_, address, who):
    """Each address finds everything as it was before the last one was asked for. One test for all
    of them, since to make the cast and to sign in costs more than to ask."""
    client, came = as_(who), {}
    for place, (name, method, sent, _outcomes) in enumerate(ACCESS):
        with transaction.atomic():
            response = getattr(client, method)(address(name), sent)
            transaction.set_rollback(True)
        came[place, name, method] = what_came(response)
    assert came == {
        (place, name, method): outcomes[who]
        for place, (name, method, _sent, outcomes) in enumerate(ACCESS)
    }


def test_who_has_left_keeps_no_row(as_, measure, cast):
    assert as_("teacher").get(reverse("ledger:row", args=[measure.pk])).status_code == OK
    RoleAssignment.objects.filter(person=cast.teacher).update(until_date=timezone.localdate())
    assert as_("teacher").get(reverse("ledger:row", args=[measure.pk])).status_code == NONE


def test_the_officer_of_the_unit_that_leads_tells_the_progress_and_changes_nothing_else(
    as_, measure, units, cast
):
    Measure.objects.update(unit=units["4401"], lead_unit=units["440103002"])
    client = as_("other_street_officer")
    page = words(client.get(reverse("ledger:row", args=[measure.pk])))
    assert "报进度" in page
    assert "撤下这一条" not in page
    sent = {"version": 1, "progress": "办了一半"}
    client.post(reverse("ledger:progress", args=[measure.pk]), sent)
    measure.refresh_from_db()
    assert measure.progress == "办了一半"
    assert client.get(reverse("ledger:edit", args=[measure.pk])).status_code == NONE


def test_a_row_is_made_where_one_is_an_officer_and_nowhere_else(as_, units):
    client = as_("street_officer")
    sent = {"version": "1", "task": "开班", "unit": "440103002"}
    assert client.post(reverse("ledger:new"), sent).status_code == 422
    sent["unit"] = "440103001001"
    assert client.post(reverse("ledger:new"), sent).status_code == DONE
    assert Measure.objects.get().unit == units["440103001001"]


def test_a_person_is_responsible_only_where_that_person_works(as_, measure, cast):
    RoleAssignment.objects.create(
        person=cast.stranger, role=Role.TEACHER, unit=cast.other_class.unit
    )
    sent = {"version": "1", "task": "四个进课堂", "person": cast.stranger.pk}
    response = as_("street_officer").post(reverse("ledger:edit", args=[measure.pk]), sent)
    assert response.status_code == 422
    assert "请在列出的里面选一个" in words(response)


def test_where_many_work_a_person_is_named_by_how_they_sign_in(as_, measure, cast, monkeypatch):
    monkeypatch.setattr(forms, "PEOPLE_TO_CHOOSE", 0)
    client, url = as_("street_officer"), reverse("ledger:edit", args=[measure.pk])
    assert 'value="teacher"' in client.get(url).content.decode()
    sent = {"version": "1", "task": "四个进课堂", "person": "other"}
    assert "这里没有人用“other”登录" in words(client.post(url, sent))
    assert client.post(url, {**sent, "person": "street"}).status_code == DONE
    measure.refresh_from_db()
    assert measure.person == cast.street_officer
