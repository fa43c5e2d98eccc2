"""Who opens which page of this room; every address stands in the table."""

from datetime import date

import pytest
from django.urls import reverse

from lms.evaluation import urls
from lms.evaluation.models import OpenFigures
from lms.evaluation.services.answers import key_in_paper
from lms.evaluation.services.cases import CaseWords, choose_case, send_back, send_up, submit_case
from tests.access_table import DONE, NONE, OK, ROLES, WRONG, instead, row
from tests.access_table import SIGN_IN as IN
from tests.staff_pages import VILLAGE

pytestmark = pytest.mark.django_db

ANYBODY = row(*[OK] * 10)
WORKS = row(IN, NONE, NONE, OK, OK, OK, OK, OK, OK, OK)
HANDS_IN = row(IN, NONE, NONE, OK, NONE, OK, OK, OK, OK, OK)
HANDS_IN_WRONG = instead(HANDS_IN, OK, WRONG)
KEYS_IN = row(IN, NONE, NONE, NONE, NONE, OK, OK, NONE, OK, OK)
KEYS_IN_WRONG = instead(KEYS_IN, OK, WRONG)
KEYS_IN_DONE = instead(KEYS_IN, OK, DONE)
SEES_FIGURES = row(IN, NONE, NONE, NONE, OK, NONE, OK, NONE, OK, OK)
SEES_CASE = row(IN, NONE, NONE, NONE, OK, OK, OK, NONE, OK, OK)
SEES_CASE_DONE = instead(SEES_CASE, OK, DONE)
OWN = row(IN, NONE, NONE, NONE, NONE, OK, NONE, NONE, NONE, NONE)
TOP = row(IN, NONE, NONE, NONE, NONE, NONE, NONE, NONE, OK, OK)
TOP_WRONG = instead(TOP, OK, WRONG)

ACCESS = [
    ("faces", "get", ANYBODY),
    ("faces_of", "get", ANYBODY),
    ("public_cases", "get", ANYBODY),
    ("public_case", "get", ANYBODY),
    ("open_data", "get", ANYBODY),
    ("open_file", "get", ANYBODY),
    ("home", "get", WORKS),
    ("cases", "get", WORKS),
    ("new_case", "get", HANDS_IN),
    ("new_case", "post", HANDS_IN_WRONG),
    ("case", "get", SEES_CASE),
    ("edit_case", "get", OWN),
    ("decide", "post", SEES_CASE_DONE),
    ("figures", "get", TOP),
    ("figures", "post", TOP_WRONG),
    ("results", "get", SEES_FIGURES),
    ("paper", "get", KEYS_IN),
    ("paper", "post", KEYS_IN_WRONG),
    ("take_back", "post", KEYS_IN_DONE),
    ("sheet", "get", KEYS_IN),
    ("sheet_qr", "get", KEYS_IN),
]


def test_the_table_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls.urlpatterns}


@pytest.fixture
def arguments(cast, units):
    told = CaseWords("题目", "情况", "做法", "成效", names_people=False)

    def case():
        return submit_case(unit=units[VILLAGE], told=told, submitted_by=cast.teacher)

    back, chosen = case(), case()
    send_back(back, by=cast.street_officer, reason="写清楚")
    cast.district = type(cast.teacher).objects.create_superuser("district")
    for by in (cast.street_officer, cast.district):
        send_up(chosen, by=by)
    choose_case(chosen, by=cast.city_officer)
    pile = key_in_paper(
        unit=units[VILLAGE],
        month=date(2026, 1, 1),
        sheets=9,
        counts={"overall": [0, 0, 0, 0, 9]},
        keyed_by=cast.teacher,
    )
    OpenFigures.objects.create(
        year=2025, content=b"x", dictionary=b"y", sha256="0", rows=1, made_by=cast.city_officer
    )
    of_unit, of_back = {"code": VILLAGE}, {"pk": back.pk}
    return {
        **dict.fromkeys(("faces_of", "results", "paper", "sheet", "sheet_qr"), of_unit),
        "public_case": {"pk": chosen.pk},
        "open_file": {"year": 2025, "edition": 1, "what": "figures"},
        "case": of_back,
        "edit_case": of_back,
        "decide": {**of_back, "act": "up"},
        "take_back": {"pk": pile.pk},
    }


@pytest.mark.parametrize("who", ROLES)
def test_each_role_opens_what_is_its_own(as_, arguments, who):
    browser = as_(who)
    for name, method, outcomes in ACCESS:
        url = reverse(f"evaluation:{name}", kwargs=arguments.get(name))
        answer = getattr(browser, method)(url)
        if outcomes[who] == IN:
            assert answer["Location"].startswith("/accounts/login/"), name
        else:
            assert answer.status_code == outcomes[who], (name, method)
            assert not answer.get("Location", "").startswith("/accounts/"), name


@pytest.mark.parametrize("name", ["decide", "take_back"])
def test_what_writes_is_not_done_by_opening_an_address(as_, arguments, name):
    url = reverse(f"evaluation:{name}", kwargs=arguments[name])
    assert as_("superuser").get(url).status_code == 405
