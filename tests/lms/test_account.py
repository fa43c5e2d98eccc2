"""One's own account: how one is called, one's number, leaving everywhere."""

import re

import pytest
from django.core.cache import cache
from django.test import Client

from lms.accounts import services
from lms.accounts.models import User
from lms.accounts.services import TelephoneTaken, set_telephone
from tests.lms.short_messages import ASK, MINE, sign_in, who, words, wrong

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

CHANGE, CONFIRM = "/accounts/telephone/", "/accounts/telephone/typed/"
ACCOUNT, EVERYWHERE = "/accounts/", "/accounts/sign-out-everywhere/"
PASSWORD = "梧桐 树下 三点 半"
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.mark.parametrize("path", [ACCOUNT, "/accounts/name/", CHANGE, CONFIRM, EVERYWHERE])
def test_whoever_is_not_signed_in_is_asked_for_a_number(client, path):
    assert client.get(path).url == f"{ASK}?next={path}"


def test_a_number_can_be_added_and_changed_by_its_code(client, sent, django_user_model):
    user = django_user_model.objects.create_user("laohuang")
    client.force_login(user)
    for number in ("199 0000 0001", "199 0000 0002"):
        assert client.post(CHANGE, {"digits": number}).url == CONFIRM
        before = User.objects.get().telephone
        assert "数字不对" in words(client.post(CONFIRM, {"digits": wrong(sent[-1].code)}))
        assert User.objects.get().telephone == before
        client.post(CONFIRM, {"digits": sent[-1].code})
        assert User.objects.get().telephone == sent[-1].number
    assert "199 **** 0002" in words(client.get(ACCOUNT))
    cache.clear()
    other = Client()
    sign_in(other, sent, "19900000002")
    assert who(other) == user


def test_whose_number_it_is_is_told_only_to_who_holds_it(
    client, grandmother, sent, django_user_model
):
    client.force_login(django_user_model.objects.create_user("laohuang"))
    assert client.post(CHANGE, {"digits": "19900000001"}).url == CONFIRM
    told = client.post(CONFIRM, {"digits": sent[0].code}, follow=True)
    assert "这个号码已经记在另一个名字上" in words(told)
    assert User.objects.get(username="laohuang").telephone == ""
    with pytest.raises(TelephoneTaken):
        set_telephone(User.objects.get(username="laohuang"), number=MINE)


def test_who_has_a_password_gives_it_before_another_number(client, sent, django_user_model):
    client.force_login(django_user_model.objects.create_user("wang", password=PASSWORD))
    asked = client.post(CHANGE, {"digits": "19900000001"})
    assert asked.url == f"/accounts/reauthenticate/?next={CHANGE.replace('/', '%2F')}"
    assert sent == []
    form = {"password": PASSWORD, "next": CHANGE}
    assert client.post("/accounts/reauthenticate/", form).url == CONFIRM
    assert sent[0].number == MINE


def test_wrong_codes_for_another_number_are_limited(client, sent, django_user_model):
    client.force_login(django_user_model.objects.create_user("laohuang"))
    client.post(CHANGE, {"digits": "19900000001"})
    answers = [client.post(CONFIRM, {"digits": wrong(sent[0].code)}) for _ in range(5)]
    assert answers[-1].url == CHANGE
    client.post(CONFIRM, {"digits": sent[0].code})
    assert User.objects.get().telephone == ""


def test_signing_out_everywhere_leaves_this_screen_only(client, grandmother, sent):
    elsewhere = Client()
    elsewhere.force_login(grandmother)
    client.force_login(grandmother)
    assert client.get(EVERYWHERE).status_code == 200
    assert who(elsewhere) == grandmother
    said = client.post(EVERYWHERE, follow=True)
    assert "只有这里还能用" in words(said)
    assert who(client) == grandmother
    assert who(elsewhere) is None


def test_it_ends_no_other_persons_sessions(client, grandmother, django_user_model):
    grandfather = django_user_model.objects.create_user("laohuang")
    client.force_login(grandfather)
    services.sign_out_everywhere(grandmother)
    assert who(client) == grandfather


def test_who_has_no_password_is_led_past_changing_it(client, grandmother, sent):
    sign_in(client, sent)
    assert "改密码" not in words(client.get(ACCOUNT))
    page = client.get("/accounts/password/change/", follow=True)
    assert page.redirect_chain[-1][0] == ACCOUNT


def test_one_says_how_one_is_called(client, grandmother):
    client.force_login(grandmother)
    assert "请写一个称呼" in words(client.post("/accounts/name/", {"name": " "}))
    client.post("/accounts/name/", {"name": "阿陈"})
    assert who(client).shown_name() == "阿陈"


def test_every_word_is_chinese(client, grandmother):
    client.force_login(grandmother)
    pages = [client.get(path) for path in (ACCOUNT, CHANGE, "/accounts/name/", EVERYWHERE)]
    client.post(CHANGE, {"digits": "19900000002"})
    pages.append(client.get(CONFIRM))
    assert [LATIN.findall(words(page)) for page in pages] == [[]] * len(pages)
