"""Signing in by a telephone and the code that is sent to it; one's own account."""

import re

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lms.accounts import middleware, services
from lms.accounts.models import User
from lms.accounts.services import TelephoneTaken, account_of_telephone, set_telephone
from lms.accounts.telephones import TelephoneRefused, normalised
from tests.lms.short_messages import box

pytestmark = pytest.mark.django_db

ASK, TYPE = "/accounts/code/", "/accounts/code/typed/"
CHANGE, CONFIRM = "/accounts/telephone/", "/accounts/telephone/typed/"
ACCOUNT, EVERYWHERE = "/accounts/", "/accounts/sign-out-everywhere/"
MINE, ANOTHERS = "+8619900000001", "+8619900000002"
PASSWORD = "梧桐 树下 三点 半"
TOO_MANY = "刚才已经发过了，请等一分钟再要。"
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(autouse=True)
def sent(settings):
    """What the gateway was given."""
    settings.SMS_GATEWAY = "tests.lms.short_messages.BoxSms"
    cache.clear()
    box.sent.clear()
    box.is_broken = False
    return box.sent


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1_800_000_000.0

        def later(self, *, minutes: float) -> None:
            self.now += minutes * 60

    clock = Clock()
    for module in (
        "allauth.core.internal.ratelimit",
        "allauth.account.internal.flows.code_verification",
        "allauth.account.internal.stagekit",
        "allauth.account.models",
    ):
        monkeypatch.setattr(f"{module}.time.time", lambda: clock.now)
    monkeypatch.setattr(middleware, "time", lambda: clock.now)
    return clock


@pytest.fixture
def grandmother(django_user_model):
    return django_user_model.objects.create_user(
        "laochen", last_name="陈", first_name="阿婆", telephone=MINE
    )


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def ask(client, number="19900000001", address="10.0.0.1", **more):
    return client.post(ASK, {"digits": number, **more}, REMOTE_ADDR=address)


def give(client, code, **more):
    return client.post(TYPE, {"digits": code, **more})


def sign_in(client, sent, number="19900000001"):
    ask(client, number)
    give(client, sent[-1].code)


def who(client) -> User | None:
    user = client.get("/display/").wsgi_request.user
    return user if user.is_authenticated else None


def wrong(code: str) -> str:
    return code[:-1] + str((int(code[-1]) + 1) % 10)


# --- Numbers ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    ["19900000001", " 199 0000 0001 ", "199-0000-0001", "+86 19900000001", "0086 199 0000 0001",
     "8619900000001", "１９９０００００００１", "＋８６ 199 0000 0001", "(+86)19900000001",
     "199\u20110000\u20110001", "199·0000·0001"],
)  # fmt: skip
def test_a_number_is_known_however_it_is_written(typed):
    assert normalised(typed) == MINE


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ("", "请写手机号。"),
        ("1990000000", "您写了10个"),
        ("199000000012", "您写了12个"),
        ("020-81234567", "座机收不到短信"),
        ("12900000001", "这不像手机号"),
        ("+852 5123 4567", "中国大陆的手机号"),
        ("0044 7700 900123", "中国大陆的手机号"),
        ("陈阿婆", "手机号里只有数字"),
        ("١٩٩٠٠٠٠٠٠٠١", "手机号里只有数字"),
        ("1" * 500, "您写了24个"),
    ],
)
def test_what_takes_no_short_message_is_refused_in_words(typed, says):
    with pytest.raises(TelephoneRefused, match=says):
        normalised(typed)


def test_the_database_keeps_no_number_twice_and_none_as_it_was_typed(grandmother):
    for number in (MINE, "19900000002", "+86199"):
        with pytest.raises(IntegrityError), transaction.atomic():
            User.objects.create(username="another", telephone=number)


# --- Signing in -----------------------------------------------------------------------------------


def test_a_number_and_its_code_sign_in(client, grandmother, sent):
    assert ask(client).url == TYPE
    assert (sent[0].number, sent[0].minutes, len(sent[0].code)) == (MINE, 10, 6)
    assert who(client) is None
    assert give(client, sent[0].code).url == "/"
    assert who(client) == grandmother


def test_somebody_new_has_an_account_with_nothing_but_the_number(client, sent):
    ask(client)
    assert not User.objects.exists()
    give(client, sent[0].code)
    user = User.objects.get()
    assert who(client) == user
    assert (user.telephone, user.email, user.get_full_name()) == (MINE, "", "")
    assert not user.has_usable_password()
    assert "199" not in user.username
    assert user.shown_name() == "手机尾号0001"


def test_nothing_tells_whether_a_number_is_known(grandmother, sent):
    answers = []
    for number in ("19900000001", "19900000002"):
        client = Client()
        asked = ask(client, number)
        page = give(client, wrong(sent[-1].code)).content.decode()
        for particular in (r'name="csrfmiddlewaretoken" value="\w+"', "199 0000 000[12]"):
            page = re.sub(particular, "", page)
        answers.append((asked.status_code, asked.url, sent[-1].minutes, page))
    assert answers[0] == answers[1]


@pytest.mark.parametrize(
    ("wanted", "led"),
    [("/tv/confirm/?code=123456", "/tv/confirm/?code=123456"), ("https://evil.example/", "/")],
)
def test_it_leads_to_where_one_wanted_to_go_and_to_no_other_site(
    client, grandmother, sent, wanted, led
):
    assert "evil" not in ask(client, next=wanted).url
    assert give(client, sent[-1].code, next=wanted).url == led


def test_the_session_has_another_key_after_it(client, grandmother, sent):
    ask(client)
    before = client.session.session_key
    give(client, sent[0].code)
    assert client.session.session_key != before


@pytest.mark.parametrize("written", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "wide"])
def test_a_code_is_known_however_it_is_written(client, grandmother, sent, written):
    ask(client)
    code = sent[0].code
    wide = code.translate({ord(str(digit)): chr(0xFF10 + digit) for digit in range(10)})
    give(client, wide if written == "wide" else written.format(code))
    assert who(client) == grandmother


def test_a_code_is_for_one_use_and_for_the_screen_that_asked(client, grandmother, sent):
    ask(client)
    stranger = Client()
    assert give(stranger, sent[0].code).url == ASK
    give(client, sent[0].code)
    client.post("/accounts/logout/")
    assert give(client, sent[0].code).url == ASK
    assert who(client) is None


def test_after_five_wrong_codes_the_right_one_does_not_help(client, grandmother, sent):
    ask(client)
    code = sent[0].code
    for _ in range(4):
        assert "验证码不对" in words(give(client, wrong(code)))
    over = client.post(TYPE, {"digits": wrong(code)}, follow=True)
    assert "写错的次数太多了" in words(over)
    assert give(client, code).url == ASK
    assert who(client) is None


def test_a_code_is_over_after_ten_minutes(client, grandmother, sent, clock):
    ask(client)
    clock.later(minutes=10.1)
    late = client.post(TYPE, {"digits": sent[0].code}, follow=True)
    assert "验证码过期了" in words(late)
    assert who(client) is None


def test_another_code_may_be_had_after_a_minute_and_the_first_is_void(
    client, grandmother, sent, clock
):
    ask(client)
    too_soon = client.post(TYPE, {"again": "1"}, follow=True)
    assert TOO_MANY in words(too_soon)
    clock.later(minutes=1)
    client.post(TYPE, {"again": "1"})
    assert len(sent) == 2
    give(client, sent[0].code)
    assert who(client) is None
    give(client, sent[1].code)
    assert who(client) == grandmother


def test_a_telephone_is_not_rung_without_end_from_however_many_addresses(sent, clock):
    def ring(times):
        for _ in range(times):
            clock.later(minutes=2)
            place = f"10.{len(sent)}.{int(clock.now) % 250}.1"
            answer = ask(Client(), "+86 199-0000-0001", address=place)
        return answer

    assert TOO_MANY in words(ring(7))
    assert len(sent) == 5  # in an hour
    clock.later(minutes=60)
    ring(5)
    clock.later(minutes=60)
    assert TOO_MANY in words(ring(1))
    assert len(sent) == 10  # in a day


def test_a_class_behind_one_address_gets_in_and_a_flood_does_not(sent):
    asked = [ask(Client(), f"199{number:08}").status_code for number in range(61)]
    assert asked == [302] * 60 + [422]


def test_when_the_message_does_not_go_out_it_says_so(client, sent):
    box.is_broken = True
    assert "短信没有发出去" in words(ask(client))
    assert give(client, "123456").url == ASK


def test_a_site_without_a_gateway_says_so_and_asks_for_no_number(client, settings):
    settings.SMS_GATEWAY = ""
    for page in (client.get(ASK), ask(client)):
        assert "这里还不能用手机号登录" in words(page)


def test_an_account_that_is_stopped_is_not_replaced_by_a_new_one(client, grandmother, sent):
    User.objects.update(is_active=False)
    ask(client)
    assert give(client, sent[0].code).url == "/accounts/inactive/"
    assert who(client) is None
    assert User.objects.count() == 1


def test_somebody_signed_in_can_become_another(client, grandmother, sent, django_user_model):
    client.force_login(django_user_model.objects.create_user("laohuang"))
    assert "要换一个人" in words(client.get(ASK))
    sign_in(client, sent)
    assert who(client) == grandmother


def test_the_keys_on_the_page_do_without_a_script_and_send_nothing(client, sent):
    digits = ""
    for key in "1990":
        page = client.post(ASK, {"digits": digits, "digit": key})
        digits = page.context["digits"]
    assert digits == "1990"
    assert client.post(ASK, {"digits": digits, "erase": "1"}).context["digits"] == "199"
    assert sent == []
    ask(client)
    for _ in range(6):  # more than wrong codes would be allowed
        assert client.post(TYPE, {"digits": "12", "digit": "3"}).context["digits"] == "123"


def test_two_screens_that_confirm_a_new_number_at_once_make_one_account(monkeypatch):
    first = account_of_telephone(MINE)
    nobody = User.objects.none()
    monkeypatch.setattr(User.objects, "filter", lambda **asked: nobody)  # not there yet
    assert account_of_telephone(MINE) == first


# --- One's own account ----------------------------------------------------------------------------


@pytest.mark.parametrize("path", [ACCOUNT, "/accounts/name/", CHANGE, CONFIRM, EVERYWHERE])
def test_whoever_is_not_signed_in_is_asked_for_a_number(client, path):
    assert client.get(path).url == f"{ASK}?next={path}"


def test_a_number_can_be_added_and_changed_by_its_code(client, sent, django_user_model):
    user = django_user_model.objects.create_user("laohuang")
    client.force_login(user)
    for number in ("199 0000 0001", "199 0000 0002"):
        assert client.post(CHANGE, {"digits": number}).url == CONFIRM
        before = User.objects.get().telephone
        assert "验证码不对" in words(client.post(CONFIRM, {"digits": wrong(sent[-1].code)}))
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
    assert "这个号码已经在另一个账号上" in words(told)
    assert User.objects.get(username="laohuang").telephone == ""
    with pytest.raises(TelephoneTaken):
        set_telephone(User.objects.get(username="laohuang"), number=MINE)


def test_who_has_a_password_gives_it_before_another_number(client, sent, django_user_model):
    client.force_login(django_user_model.objects.create_user("wang", password=PASSWORD))
    asked = client.post(CHANGE, {"digits": "19900000001"})
    assert asked.url == f"/accounts/reauthenticate/?next={CHANGE.replace('/', '%2F')}"
    assert sent == []
    cache.clear()
    form = {"password": PASSWORD, "next": CHANGE}
    assert client.post("/accounts/reauthenticate/", form).url == CONFIRM
    assert sent[0].number == MINE


def test_wrong_codes_for_another_number_are_limited(client, sent, django_user_model):
    client.force_login(django_user_model.objects.create_user("laohuang"))
    client.post(CHANGE, {"digits": "19900000001"})
    for _ in range(5):
        last = client.post(CONFIRM, {"digits": wrong(sent[0].code)})
    assert last.url == CHANGE
    client.post(CONFIRM, {"digits": sent[0].code})
    assert User.objects.get().telephone == ""


def test_signing_out_everywhere_leaves_this_screen_only(client, grandmother, sent):
    elsewhere = Client()
    elsewhere.force_login(grandmother)
    client.force_login(grandmother)
    assert client.get(EVERYWHERE).status_code == 200
    assert who(elsewhere) == grandmother
    said = client.post(EVERYWHERE, follow=True)
    assert "只有这里还登录着" in words(said)
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


def test_every_word_is_chinese(client, grandmother, sent):
    pages = [client.get(ASK), client.post(ASK)]
    ask(client)
    pages += [client.get(TYPE), give(client, wrong(sent[0].code))]
    give(client, sent[0].code)
    paths = (ACCOUNT, CHANGE, "/accounts/name/", EVERYWHERE)
    pages += [client.get(path) for path in paths]
    client.post(CHANGE, {"digits": "19900000002"})
    pages += [client.get(CONFIRM), client.get(reverse("account_login"))]
    assert [LATIN.findall(words(page)) for page in pages] == [[]] * len(pages)
