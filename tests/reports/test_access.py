"""Who sees figures: officers and auditors, of their units and below; all others find nothing."""

from datetime import date

import pytest

from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.reports.registry import REPORTS
from lms.tables import CONTENT_TYPES
from lms.units.services.tree import close_unit
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

CITY, DISTRICT, STREET, VILLAGE = "4401", "440103", "440103001", "440103001001"
OTHER_STREET = "440103002"
UNITS = (CITY, DISTRICT, STREET, VILLAGE, OTHER_STREET)

# Which of the units below each may see; "anonymous" is asked to sign in.
SEES = {
    "city_officer": {CITY, DISTRICT, STREET, VILLAGE, OTHER_STREET},
    "auditor": {DISTRICT, STREET, VILLAGE, OTHER_STREET},
    "street_officer": {STREET, VILLAGE},
    "other_street_officer": {OTHER_STREET},
    "superuser": {CITY, DISTRICT, STREET, VILLAGE, OTHER_STREET},
    "teacher": set(),
    "volunteer": set(),
    "stranger": set(),
    "anonymous": None,
}
#: Who sees some units and not others, who sees none, and who must sign in.
EVERY_TIME = {"street_officer", "teacher", "anonymous"}
ADDRESSES = [
    "/reports/{code}/",
    *[f"/reports/{{code}}/{report.name}/" for report in REPORTS],
    *[f"/reports/{{code}}/{report.name}.{kind}" for report in REPORTS for kind in CONTENT_TYPES],
]
#: All reports come through the same two views: of these two they are asked of every unit, of the
#: others of the village and of the other street.
ASKED_OF_ALL = ("attendance", "open-rolls")


def units_asked(address):
    whole = address == ADDRESSES[0] or any(f"/{name}" in address for name in ASKED_OF_ALL)
    return UNITS if whole else (VILLAGE, OTHER_STREET)


@pytest.mark.parametrize("who", [
    who if who in EVERY_TIME
    else pytest.param(who, marks=pytest.mark.thorough("each kind of answer is asked of another"))
    for who in SEES
])  # fmt: skip
def test_each_role_sees_its_own_units_in_every_format(as_, who):
    browser = as_(who)
    for address in (each.format(code=code) for each in ADDRESSES for code in units_asked(each)):
        answer = browser.get(address)
        if SEES[who] is None:
            assert answer["Location"].startswith("/accounts/login/?next="), address
        else:
            seen = any(address.startswith(f"/reports/{code}/") for code in SEES[who])
            assert answer.status_code == (200 if seen else 404), address


def test_figures_are_only_read(as_):
    browser = as_("city_officer")
    answers = [browser.post(address.format(code=CITY)).status_code for address in ADDRESSES]
    assert set(answers) == {405}


@pytest.mark.parametrize(
    ("who", "goes_to"),
    [
        ("city_officer", CITY),
        ("street_officer", STREET),
        ("superuser", CITY),
        ("auditor", DISTRICT),
    ],
)
def test_my_units_lead_straight_to_the_only_one(as_, who, goes_to):
    answer = as_(who).get("/reports/")
    assert (answer.status_code, answer["Location"]) == (302, f"/reports/{goes_to}/")


@pytest.mark.parametrize("who", ["teacher", "volunteer", "stranger"])
def test_who_supervises_nothing_finds_nothing_and_is_shown_no_way_there(as_, who):
    browser = as_(who)
    assert browser.get("/reports/").status_code == 404
    assert 'href="/reports/"' not in browser.get("/classes/").content.decode()


def test_who_supervises_finds_the_way_from_the_classes(as_):
    assert 'href="/reports/"' in as_("auditor").get("/classes/").content.decode()


def test_several_units_are_listed_without_those_below_another(as_, cast, units):
    for code in (DISTRICT, "440104", VILLAGE):
        RoleAssignment.objects.create(
            person=cast.street_officer, role=Role.AUDITOR, unit=units[code], from_date="2026-01-01"
        )
    said = words(as_("street_officer").get("/reports/"))
    assert "荔湾区" in said
    assert "越秀区" in said
    assert "沙面街道" not in said
    assert "翠洲社区" not in said


def test_the_way_up_ends_where_the_user_does(as_):
    page = as_("street_officer").get(f"/reports/{VILLAGE}/").content.decode()
    assert f'href="/reports/{STREET}/' in page
    assert f'href="/reports/{DISTRICT}/' not in page


def test_a_unit_that_closed_is_still_seen_for_its_time(as_, march, units):
    close_unit(units[VILLAGE], on=date(2026, 6, 1))
    said = words(as_("street_officer").get(f"/reports/{VILLAGE}/?period=2026-03"))
    assert "2026-06-01撤销" in said
    assert "2026-03-03 09:30" in said


def test_a_word_that_is_none_of_ours_finds_nothing_rather_than_other_figures(as_):
    browser = as_("city_officer")
    for wrong in (
        "period=2026-13",
        "period=March",
        "period=1999-01",
        "tree=tomorrow",
        "kind=school",
        "subject=x",
        "split=day",
    ):
        assert browser.get(f"/reports/{CITY}/?{wrong}").status_code == 404, wrong
        assert browser.get(f"/reports/{CITY}/attendance.csv?{wrong}").status_code == 404, wrong


def test_other_reports_and_formats_are_not_there(as_):
    browser = as_("city_officer")
    assert browser.get(f"/reports/{CITY}/salaries/").status_code == 404
    assert browser.get(f"/reports/{CITY}/attendance.pdf").status_code == 404
