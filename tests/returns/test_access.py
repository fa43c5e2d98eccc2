"""The rules that a level sets, and who may open what."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client

from lms.returns import urls
from lms.returns.models import NoTeaching
from lms.units.services.tree import move_unit
from tests.returns.conftest import (
    CITY,
    OTHER_STREET,
    SECOND,
    VILLAGE,
    address,
    browser,
)
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


# --- Rules


def test_the_last_days_are_the_citys_to_set(office, units):
    sent = {"village": 2, "street": 4, "district": 6, "city": 9}
    assert browser(office.street).post("/returns/rules/days/", sent).status_code == 404
    page = browser(office.city).post("/returns/rules/days/", sent, follow=True)
    assert "日子改好了" in words(page)
    wrong = browser(office.city).post("/returns/rules/days/", {**sent, "street": 1})
    assert wrong.status_code == 422


def test_a_unit_is_declared_to_hold_no_classes_by_who_keeps_it(office, month, at):
    sent = {"unit": "沙面社区", "year": str(month.starts_on.year), "reason": "拆迁"}
    refused = browser(office.village).post("/returns/rules/without-classes/", sent)
    assert refused.status_code == 422
    page = browser(office.street).post("/returns/rules/without-classes/", sent, follow=True)
    assert "登记了：“沙面社区”" in words(page)
    pk = NoTeaching.objects.get().pk
    withdraw = f"/returns/rules/without-classes/{pk}/withdraw/"
    assert browser(office.village).post(withdraw).status_code == 404
    assert "撤回了" in words(browser(office.street).post(withdraw, follow=True))


# --- Who may open what

ROLES = ("stranger", "teacher", "auditor", "village", "street", "other_street", "district", "city")
FOR_ALL = {
    "mine": "",
    "rules": "rules/",
    "sample": "rules/form/sample.xlsx",
    "days": "rules/days/",
    "upload": "rules/form/",
    "declare": "rules/without-classes/",
}


def row(*outcomes):
    return dict(zip(ROLES, outcomes, strict=True))


ANYBODY_SUPERVISING = row(404, 404, 200, 200, 200, 200, 200, 200)
OFFICERS = row(404, 404, 404, 422, 422, 422, 422, 422)
#: Of the first village's return, which it has handed in.
ACCESS = [
    ("mine", "get", row(404, 404, 302, 302, 302, 302, 302, 302)),
    ("rules", "get", ANYBODY_SUPERVISING),
    ("sample", "get", ANYBODY_SUPERVISING),
    ("days", "post", row(404, 404, 404, 404, 404, 404, 404, 422)),
    ("upload", "post", OFFICERS),
    ("declare", "post", OFFICERS),
    ("withdraw", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("unit", "get", row(404, 404, 200, 200, 200, 404, 200, 200)),
    ("pdf", "get", row(404, 404, 200, 200, 200, 404, 200, 200)),
    ("xlsx", "get", row(404, 404, 200, 200, 200, 404, 200, 200)),
    ("submit", "post", row(404, 404, 404, 302, 302, 404, 302, 302)),
    ("approve", "post", row(404, 404, 404, 302, 302, 404, 302, 302)),
    ("back", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("missing", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("missing_below", "post", row(404, 404, 404, 302, 302, 404, 302, 302)),
    ("expected", "post", row(404, 404, 404, 404, 302, 404, 302, 302)),
    ("lock", "post", row(404, 404, 404, 404, 404, 404, 404, 404)),
    ("unlock", "get", row(404, 404, 404, 404, 200, 404, 200, 200)),
]  # fmt: skip


def test_the_table_of_access_holds_every_address():
    assert {name for name, *_ in ACCESS} == {pattern.name for pattern in urls.urlpatterns}


@pytest.fixture
def people(as_, cast, office):
    as_("anonymous")  # which makes the others of the cast
    return {
        "stranger": cast.stranger,
        "teacher": cast.teacher,
        "auditor": cast.auditor,
        "village": office.village,
        "street": office.street,
        "other_street": cast.other_street_officer,
        "district": office.district,
        "city": office.city,
    }


def where(name, month, declared):
    if name in FOR_ALL:
        return f"/returns/{FOR_ALL[name]}"
    if name == "withdraw":
        return f"/returns/rules/without-classes/{declared.pk}/withdraw/"
    [path] = [str(each.pattern) for each in urls.urlpatterns if each.name == name]
    return "/returns/" + path.replace("<str:code>", VILLAGE).replace("<str:slug>", month.slug)


def test_who_may_open_which_page(people, office, sign, month, units, monkeypatch):
    """Each address finds everything as it was before the last one was asked for."""
    monkeypatch.setattr("lms.returns.views.pages.pdf_of", lambda one, snapshot: b"%PDF")
    sign(VILLAGE, office.second)
    declared = NoTeaching.objects.create(
        unit=units[SECOND], year=2025, reason="拆迁", declared_by=office.city
    )
    for name, method, outcomes in ACCESS:
        url = where(name, month, declared)
        came = {}
        for who, person in people.items():
            with transaction.atomic():
                came[who] = getattr(browser(person), method)(url).status_code
                transaction.set_rollback(True)
        assert came == outcomes, (name, method)
        answer = getattr(Client(), method)(url)
        assert answer.url.startswith("/accounts/login/")
        if method == "post":
            assert browser(office.city).get(url).status_code == 405


@pytest.mark.parametrize("slug", ["2026", "2026-spring", "2026-13", "x"])
def test_what_is_no_month_is_not_there(office, slug):
    assert browser(office.city).get(f"/returns/{CITY}/{slug}/").status_code == 404


def test_who_took_a_village_over_later_reads_its_old_returns_and_signs_none(
    office, cast, units, month, as_, at
):
    as_("anonymous")
    units[VILLAGE].refresh_from_db()
    move_unit(units[VILLAGE], parent=units[OTHER_STREET], on=month.ends_on + timedelta(days=1))
    other = browser(cast.other_street_officer)
    assert other.get(address(VILLAGE, month)).status_code == 200
    assert other.post(address(VILLAGE, month, "submit/")).status_code == 404
    assert browser(office.street).get(address(VILLAGE, month)).status_code == 200
