"""The code that is printed on a box leads to its manual, however it is typed."""

import pytest

from lms.manuals.catalogue.codes import TAKEN_FOR, codes_meant
from lms.manuals.models import Manual
from lms.manuals.models.manuals import SHORT_CODE_SIGNS

CODE = "VKJN3Q"


@pytest.fixture
def manual(make_manual, publish):
    manual = publish(make_manual())
    Manual.objects.filter(pk=manual.pk).update(short_code=CODE)
    return f"/m/{CODE}/"


@pytest.mark.parametrize(
    "typed", ["vkjn3q", "VKJ-N3Q", " vkj n3q ", "ＶＫＪＮ３Ｑ", "vkjn30", "UKIN3O"]
)
@pytest.mark.django_db
def test_it_is_found_however_it_is_typed(typed, manual, client):
    assert client.get("/m/", {"code": typed, "go": "1"}).url == manual
    assert client.get(f"/m/{typed}/").url == manual


@pytest.mark.django_db
def test_two_that_may_be_meant_are_none(manual, make_manual, publish, client):
    other = publish(make_manual(model="QS-41"))
    Manual.objects.filter(pk=other.pk).update(short_code="VKJN3D")
    assert "没有“VKJN30”这个号码" in client.get("/m/", {"code": "VKJN30"}).content.decode()
    assert client.get("/m/", {"code": "vkjn3q"}).url == manual


@pytest.mark.django_db
def test_without_a_script_each_key_is_a_page_and_the_sixth_opens_the_manual(manual, client):
    page = client.get("/m/", {"code": "VKJN", "digit": "3"}).content.decode()
    assert 'value="VKJN3"' in page
    assert 'role="alert"' not in page
    assert 'value="VKJN"' in client.get("/m/", {"code": "VKJN3", "erase": "1"}).content.decode()
    assert client.get("/m/", {"code": "VKJN3", "digit": "Q"}).url == manual


@pytest.mark.parametrize("typed", ["", "VKJ", "VKJN3QQ", "号码", "💡"])
@pytest.mark.django_db
def test_what_is_no_code_is_said_to_be_none(typed, client):
    page = client.get("/m/", {"code": typed, "go": "1"})
    assert page.status_code == 200
    assert 'role="alert"' in page.content.decode()


def test_every_letter_and_digit_is_a_codes_sign_or_taken_for_one():
    signs = set("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
    assert signs - set(SHORT_CODE_SIGNS) == set(TAKEN_FOR)
    assert set("".join(TAKEN_FOR.values())) <= set(SHORT_CODE_SIGNS)
    assert codes_meant("0OOOOO") == codes_meant("000000")
    assert len(codes_meant("000000")) == 64
