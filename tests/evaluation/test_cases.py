"""典型案例: handed in, sent up a level at a time, chosen at the top by somebody else, public."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from lms.evaluation.choices import CaseAct, CaseState
from lms.evaluation.models import CaseEvent, CaseEventIsFinal, TypicalCase
from lms.evaluation.services.cases import (
    CaseRefused,
    CaseWords,
    choose_case,
    send_back,
    send_up,
    submit_again,
    submit_case,
    withdraw_case,
)
from lms.people.choices import Consent, Role
from lms.people.models import RoleAssignment
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db

STREET, DISTRICT, CITY = "440103001", "440103", "4401"
TOLD = CaseWords(
    title="榕树下的手机课",
    situation="村里老人不会用手机挂号。",
    deed="每周三在榕树下上课，一对一教。",
    outcome="三个月教会了四十人。",
    names_people=False,
)
FORM = {
    "title": TOLD.title,
    "situation": TOLD.situation,
    "deed": TOLD.deed,
    "outcome": TOLD.outcome,
    "names_people": "no",
}


@pytest.fixture
def case(cast, units):
    return submit_case(unit=units[VILLAGE], told=TOLD, submitted_by=cast.teacher)


@pytest.fixture
def district_officer(cast, units, django_user_model):
    person = django_user_model.objects.create_user("district")
    RoleAssignment.objects.create(
        person=person, role=Role.OFFICER, unit=units[DISTRICT], from_date=date(2026, 1, 1)
    )
    return person


@pytest.fixture
def at_the_top(case, cast, district_officer):
    send_up(case, by=cast.street_officer)
    send_up(case, by=district_officer)
    case.refresh_from_db()
    return case


def acts(case):
    return list(case.events.values_list("act", "unit__code"))


def test_it_goes_up_a_level_at_a_time_and_is_public_once_chosen(at_the_top, cast, client):
    assert client.get(f"/cases/{at_the_top.pk}/").status_code == 404
    choose_case(at_the_top, by=cast.city_officer)
    assert acts(at_the_top) == [
        (CaseAct.SUBMITTED, STREET),
        (CaseAct.SENT_UP, STREET),
        (CaseAct.SENT_UP, DISTRICT),
        (CaseAct.CHOSEN, CITY),
    ]
    assert TOLD.title in words(client.get("/cases/")).replace(" ", "")  # phrases are apart
    page = words(client.get(f"/cases/{at_the_top.pk}/"))
    assert TOLD.deed in page
    assert "翠洲社区" in page


def test_it_is_not_chosen_below_the_top(case, cast):
    with pytest.raises(CaseRefused, match="最上面一级"):
        choose_case(case, by=cast.street_officer)


def test_nobody_decides_on_the_own_case(cast, units):
    own = submit_case(unit=units[CITY], told=TOLD, submitted_by=cast.city_officer)
    for verb in (choose_case, send_up):
        with pytest.raises(CaseRefused, match="请别人"):
            verb(own, by=cast.city_officer)


def test_who_is_no_officer_where_it_lies_decides_nothing(case, cast, as_):
    as_("anonymous")  # which makes the further cast
    for person in (cast.other_street_officer, cast.auditor, cast.volunteer):
        with pytest.raises(CaseRefused):
            send_up(case, by=person)


def test_one_that_was_sent_back_is_changed_and_comes_again(case, cast):
    with pytest.raises(CaseRefused, match="原因"):
        send_back(case, by=cast.street_officer, reason=" ")
    send_back(case, by=cast.street_officer, reason="请写多少人学会了")
    with pytest.raises(CaseRefused):
        send_up(case, by=cast.street_officer)
    submit_again(case, told=TOLD, submitted_by=cast.teacher)
    case.refresh_from_db()
    assert case.state == CaseState.SUBMITTED
    with pytest.raises(CaseRefused):
        submit_again(case, told=TOLD, submitted_by=cast.teacher)


def test_a_public_case_is_withdrawn_with_a_reason_and_is_gone(at_the_top, cast, client):
    choose_case(at_the_top, by=cast.city_officer)
    with pytest.raises(CaseRefused, match="原因"):
        withdraw_case(at_the_top, by=cast.city_officer, reason="")
    withdraw_case(at_the_top, by=cast.city_officer, reason="本人要求")
    assert client.get(f"/cases/{at_the_top.pk}/").status_code == 404
    assert TOLD.title not in words(client.get("/cases/")).replace(" ", "")
    with pytest.raises(CaseRefused):
        withdraw_case(at_the_top, by=cast.city_officer, reason="再撤")


def test_people_are_named_only_with_their_consent(cast, units):
    for wrong in (
        {"names_people": True},
        {"names_people": True, "consent": Consent.SIGNED},
        {"names_people": False, "consent": Consent.SIGNED, "consented_on": date(2026, 3, 1)},
    ):
        told = CaseWords(**{**vars(TOLD), **wrong})
        with pytest.raises(IntegrityError), transaction.atomic():
            submit_case(unit=units[VILLAGE], told=told, submitted_by=cast.teacher)


def test_what_was_done_is_never_changed(case):
    event = case.events.get()
    for change in (
        event.save,
        event.delete,
        lambda: CaseEvent.objects.update(reason="x"),
        CaseEvent.objects.all().delete,
    ):
        with pytest.raises(CaseEventIsFinal):
            change()


# --- Pages ------------------------------------------------------------------------------------


def test_a_teacher_hands_one_in_and_the_street_finds_it(as_, cast, units):
    browser = as_("teacher")
    answer = browser.post("/evaluation/cases/new/", {**FORM, "unit": units[VILLAGE].pk})
    case = TypicalCase.objects.get()
    assert answer["Location"] == f"/evaluation/cases/{case.pk}/"
    assert "往上报" not in words(browser.get(answer["Location"]))
    browser = as_("street_officer")
    assert "个典型案例等您看" in words(browser.get("/work/"))
    assert TOLD.title in words(browser.get("/evaluation/cases/"))
    browser.post(f"/evaluation/cases/{case.pk}/up/")
    case.refresh_from_db()
    assert case.lies_at == units[DISTRICT]


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ({"names_people": "yes"}, "本人怎么同意的"),
        ({"deed": "打13800000000报名"}, "一长串数字"),
        ({"title": ""}, "这里还没有填"),
        ({"names_people": ""}, "这里还没有"),
    ],
)
def test_a_case_that_cannot_be_public_is_stopped_at_the_form(as_, units, more, said):
    answer = as_("teacher").post(
        "/evaluation/cases/new/", {**FORM, "unit": units[VILLAGE].pk, **more}
    )
    assert answer.status_code == 422
    assert said in words(answer)
    assert not TypicalCase.objects.exists()


def test_nobody_hands_in_for_anothers_unit(as_, units):
    answer = as_("teacher").post("/evaluation/cases/new/", {**FORM, "unit": units[STREET].pk})
    assert answer.status_code == 422


def test_who_handed_it_in_mends_it(as_, case, cast):
    send_back(case, by=cast.street_officer, reason="写清楚")
    browser, address = as_("teacher"), f"/evaluation/cases/{case.pk}/edit/"
    assert TOLD.deed in words(browser.get(address))
    browser.post(address, {**FORM, "title": "榕树下学手机"})
    case.refresh_from_db()
    assert (case.title, case.state) == ("榕树下学手机", CaseState.SUBMITTED)
    assert browser.get(address).status_code == 404
    assert as_("street_officer").get(address).status_code == 404


def test_a_decision_that_came_too_late_is_told(as_, case, cast):
    browser = as_("street_officer")
    send_up(case, by=cast.street_officer)
    answer = browser.post(f"/evaluation/cases/{case.pk}/back/", {"reason": "写清楚"}, follow=True)
    assert "这个案例不在您这里" in words(answer)
    assert browser.post(f"/evaluation/cases/{case.pk}/burn/").status_code == 404
