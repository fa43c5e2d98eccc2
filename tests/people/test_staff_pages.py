"""人员: the list, one person, appointing by telephone or with a slip, and who cannot sign in."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from lms.accounts.models import User
from lms.people.choices import Role, RoleAct
from lms.people.models import RoleAssignment, RoleEvent, Slip
from lms.people.services.roles import appoint, find_or_make_account
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

VILLAGE = "440103001001"
NEW = {
    "name": "何老师",
    "telephone": "199 0000 0021",
    "unit": VILLAGE,
    "role": "teacher",
    "from_date": timezone.localdate().isoformat(),
    "reason": "新聘",
}


def appointed(
    cast, units, *, name="何老师", telephone="", role=Role.TEACHER, code=VILLAGE, by=None
):
    person, made = find_or_make_account(name=name, telephone=telephone)
    appoint(
        person=person,
        role=role,
        unit=units[code],
        reason="新聘",
        by=cast.city_officer,
        made_account=made,
    )
    return person


def test_the_list_holds_who_works_here_and_below_and_nobody_else(as_, cast):
    page = words(as_("street_officer").get("/people/"))
    assert "teacher" in page
    assert "volunteer" in page
    assert "other" not in re.sub("other_street", "", page)
    assert " city " not in page


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("role=volunteer&state=current", "volunteer", "teacher"),
        ("state=ended", "", "volunteer"),
        (f"unit={VILLAGE}&state=current", "volunteer", "street"),
        ("q=volunt", "volunteer", "teacher"),
        ("q=0000+0021", "何老师", "volunteer"),
        ("q=何老", "何老师", "volunteer"),
    ],
)
def test_the_list_is_searched(as_, cast, units, query, found, missing):
    appointed(cast, units, telephone="+8619900000021")
    response = as_("street_officer").get(f"/people/?{query}")
    names = re.findall(r'table__cell--name">([^<]*)<', response.content.decode())
    assert not found or found in names
    assert missing not in names


def test_the_list_has_pages_of_thirty(as_, cast, units):
    for number in range(31):
        appointed(cast, units, name=f"老师{number:02}")
    client = as_("street_officer")
    first, second = client.get("/people/"), client.get("/people/?state=current&p=2")
    assert first.content.decode().count('<tr class="table__row">') == 30
    assert "第2页，共2页" in words(second)


def test_somebody_is_appointed_by_telephone_and_signs_in_by_code(as_, cast):
    client = as_("street_officer")
    response = client.post("/people/new/", NEW)
    person = User.objects.get(telephone="+8619900000021")
    assert response.url == f"/people/{person.pk}/"
    page = words(client.get(response.url))
    assert "何老师" in page
    assert "新聘" in page
    assert "199 0000 0021" in page
    assert person.role_assignments.get().unit.code == VILLAGE


def test_a_wrong_telephone_or_a_unit_elsewhere_is_said_at_its_field(as_, cast):
    client = as_("street_officer")
    response = client.post("/people/new/", {**NEW, "telephone": "020 8123 4567"})
    assert response.status_code == 422
    assert "座机" in words(response)
    response = client.post("/people/new/", {**NEW, "unit": "440103002001"})
    assert response.status_code == 422
    assert not User.objects.filter(first_name="何老师").exists()


def test_a_refused_appointment_leaves_no_account_behind(as_, cast):
    response = as_("street_officer").post(
        "/people/new/", {**NEW, "unit": "440103001", "role": "officer"}
    )
    assert response.status_code == 422
    assert not User.objects.filter(telephone="+8619900000021").exists()


def printed(response):
    return re.findall(r'slip__value">([^<]+)<', response.content.decode())


def signed_in_with(username, password):
    browser = Client()
    browser.post("/accounts/login/", {"login": username, "password": password})
    return browser


def test_who_has_no_telephone_signs_in_with_a_slip_and_changes_its_password_first(as_, cast):
    client = as_("street_officer")
    response = client.post("/people/new/", {**NEW, "telephone": ""})
    person = User.objects.get(first_name="何老师")
    assert "打印登录条" in words(client.get(response.url))
    username, password = printed(client.post(f"/people/{person.pk}/slip/", {"reason": "第一次"}))
    browser = signed_in_with(username, password)
    assert browser.get("/classes/").url == "/accounts/first-password/"
    assert browser.get("/roll/api/me").status_code == 403
    same = {"password": password, "again": password}
    assert browser.post("/accounts/first-password/", same).status_code == 422
    own = {"password": "大榕树下的1952年", "again": "大榕树下的1952年"}
    assert browser.post("/accounts/first-password/", own).status_code == 302
    assert browser.get("/classes/").status_code == 200
    assert not Slip.objects.exists()
    assert signed_in_with(username, password).get("/classes/").status_code == 302
    assert signed_in_with(username, own["password"]).get("/classes/").status_code == 200


def test_an_expired_slip_opens_nothing(as_, cast, units):
    person = appointed(cast, units)
    client = as_("street_officer")
    username, password = printed(client.post(f"/people/{person.pk}/slip/", {"reason": "第一次"}))
    now = timezone.now()
    Slip.objects.update(issued_at=now - timedelta(days=20), expires_at=now - timedelta(days=6))
    browser = signed_in_with(username, password)
    assert browser.get("/classes/").url == "/accounts/login/"
    assert "过期" in words(browser.get("/accounts/login/"))
    assert browser.get("/classes/").url.startswith("/accounts/login/?")


def test_a_new_slip_ends_the_sessions_and_the_password_before(as_, cast, units):
    person = appointed(cast, units)
    client = as_("street_officer")
    first = printed(client.post(f"/people/{person.pk}/slip/", {"reason": "第一次"}))
    browser = signed_in_with(*first)
    second = printed(client.post(f"/people/{person.pk}/slip/", {"reason": "丢了"}))
    assert browser.get("/accounts/first-password/").url.startswith("/accounts/login/")
    assert not signed_in_with(*first).session.get("_auth_user_id")
    assert signed_in_with(*second).session.get("_auth_user_id") == str(person.pk)
    assert RoleEvent.objects.filter(person=person, act=RoleAct.SLIP).count() == 2


def test_a_slip_is_in_no_row_of_the_database(as_, cast, units):
    person = appointed(cast, units)
    client = as_("street_officer")
    _username, password = printed(client.post(f"/people/{person.pk}/slip/", {"reason": "第一次"}))
    person.refresh_from_db()
    assert password not in person.password
    assert not RoleEvent.objects.filter(reason__contains=password).exists()


def test_a_lost_telephone_is_replaced_and_opens_nothing(as_, cast, units):
    person = appointed(cast, units, telephone="+8619900000021")
    lost = Client()
    lost.force_login(person)
    url = f"/people/{person.pk}/telephone/"
    response = as_("street_officer").post(url, {"telephone": "19900000022", "reason": "丢了"})
    assert response.status_code == 302
    person.refresh_from_db()
    assert person.telephone == "+8619900000022"
    assert lost.get("/classes/").status_code == 302


@pytest.mark.parametrize("name", ["staff:slip", "staff:telephone"])
def test_an_own_account_is_not_taken_over_by_appointing_its_owner(
    as_, cast, units, name, django_user_model
):
    """Somebody who signed in by telephone before, and is then made a volunteer."""
    owner = django_user_model.objects.create_user(
        "phone-1", telephone="+8619900000021", first_name="何叔"
    )
    appointed(cast, units, name="何叔", telephone="+8619900000021", role=Role.VOLUNTEER)
    client = as_("street_officer")
    assert "本人自己开的" in words(client.get(f"/people/{owner.pk}/"))
    assert client.get(reverse(name, args=[owner.pk])).status_code == 404


def test_an_own_account_is_helped_once_its_owner_has_come_to_work_with_it(
    as_, cast, units, django_user_model
):
    owner = django_user_model.objects.create_user("phone-1", telephone="+8619900000021")
    Client().force_login(owner)  # as a learner, before
    appointed(cast, units, name="何叔", telephone="+8619900000021")
    client = as_("street_officer")
    assert client.get(f"/people/{owner.pk}/slip/").status_code == 404
    Client().force_login(owner)
    assert client.get(f"/people/{owner.pk}/slip/").status_code == 200


def test_who_works_elsewhere_too_is_for_the_officer_above(as_, cast, units):
    person = appointed(cast, units)
    appointed_elsewhere = RoleAssignment.objects.create(
        person=person, role=Role.TEACHER, unit=units["440103002001"]
    )
    url = f"/people/{person.pk}/slip/"
    assert as_("street_officer").get(url).status_code == 404
    assert as_("city_officer").get(url).status_code == 200
    page = words(as_("street_officer").get(f"/people/{person.pk}/"))
    assert appointed_elsewhere.unit.name not in page


def test_an_officer_of_an_own_level_is_read_and_not_changed(as_, cast, units):
    colleague = appointed(cast, units, role=Role.OFFICER, code="440103001")
    client = as_("street_officer")
    role = colleague.role_assignments.get()
    assert client.get(f"/people/{colleague.pk}/").status_code == 200
    assert client.get(f"/people/roles/{role.pk}/end/").status_code == 404
    assert client.get(f"/people/{colleague.pk}/slip/").status_code == 404


def test_ending_moving_and_handing_over_each_take_one_page(as_, cast, units):
    client = as_("street_officer")
    today = timezone.localdate().isoformat()
    first = appointed(cast, units, name="甲老师").role_assignments.get()
    moved = {"to": "440103001002", "on": today, "reason": "调动"}
    assert client.post(f"/people/roles/{first.pk}/move/", moved).status_code == 302
    second = first.person.role_assignments.not_over().get()
    assert second.unit.code == "440103001002"
    handed = {"person": "", "name": "乙老师", "on": today, "reason": "接班"}
    response = client.post(f"/people/roles/{second.pk}/hand-over/", handed)
    third = RoleAssignment.objects.not_over().get(person__first_name="乙老师")
    assert response.url == f"/people/{third.person_id}/"
    ended = {"when": "now", "reason": "不来了"}
    assert client.post(f"/people/roles/{third.pk}/end/", ended).status_code == 302
    assert not third.person.role_assignments.not_over().exists()
    assert client.post(f"/people/roles/{third.pk}/end/", ended).status_code == 404


def test_ending_later_needs_its_last_day(as_, cast, units):
    role = appointed(cast, units).role_assignments.get()
    response = as_("street_officer").post(
        f"/people/roles/{role.pk}/end/", {"when": "later", "reason": "到龄"}
    )
    assert response.status_code == 422
    assert "请选最后一天" in words(response)


def test_signing_in_by_code_never_asks_for_the_slips_password(as_, cast, units, client):
    person = appointed(cast, units, telephone="+8619900000021")
    as_("street_officer").post(f"/people/{person.pk}/slip/", {"reason": "第一次"})
    browser = Client()
    person.refresh_from_db()
    browser.force_login(person)  # as a code does: no password was given
    assert browser.get("/classes/").status_code == 200
