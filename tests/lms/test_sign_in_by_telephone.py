"""Signing in by a telephone and the code that is sent to it."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client
from django.urls import reverse

from lms.accounts import checks, middleware
from lms.accounts.models import User
from lms.accounts.services import account_of_telephone
from lms.accounts.telephones import TelephoneRefused, normalised
from tests.lms.short_messages import ASK, MINE, TYPE, ask, box, give, sign_in, who, words, wrong

BEGIN = "/work/begin/"  # which sends elders home, and others to their work

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("sent")]

TOO_MANY = "刚才已经发过了，请等一分钟再要。"
LATIN = re.compile(r"[A-Za-z]{2,}")


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
    assert give(client, sent[0].code).url == BEGIN
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
    [("/tv/confirm/?code=123456", "/tv/confirm/?code=123456"), ("https://evil.example/", BEGIN)],
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
        assert "数字不对" in words(give(client, wrong(code)))
    over = client.post(TYPE, {"digits": wrong(code)}, follow=True)
    assert "写错的次数太多了" in words(over)
    assert give(client, code).url == ASK
    assert who(client) is None


def test_a_code_is_over_after_ten_minutes(client, grandmother, sent, clock):
    ask(client)
    clock.later(minutes=10.1)
    late = client.post(TYPE, {"digits": sent[0].code}, follow=True)
    assert "短信里的数字过时了" in words(late)
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
        answer = None
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
        assert "这里还不能用手机号进来" in words(page)


@pytest.mark.parametrize(
    ("gateway", "found"),
    [
        ("", []),
        ("tests.lms.short_messages.BoxSms", []),
        ("tests.lms.short_messages.NoSuch", ["accounts.E001"]),
        ("tests.lms.short_messages.Box", ["accounts.E002"]),
        ("lms.accounts.sms.ConsoleSms", ["accounts.W001"]),
    ],
)
def test_a_deployer_hears_of_a_gateway_that_will_not_do(settings, gateway, found):
    settings.SMS_GATEWAY = gateway
    complaints = checks.the_gateway_is_there() + checks.no_code_is_written_to_the_log()
    assert [each.id for each in complaints] == found


def test_the_gateway_for_trying_writes_the_code_where_the_program_writes(client, settings, caplog):
    settings.SMS_GATEWAY = "lms.accounts.sms.ConsoleSms"
    ask(client)
    [code] = re.findall(r"短信：验证码 (\d{6})，10分钟内有效。", caplog.text)
    assert "19900000001" not in caplog.text
    assert give(client, code).url == BEGIN


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


def test_every_word_is_chinese(client, sent):
    pages = [client.get(ASK), client.post(ASK)]
    ask(client)
    pages += [client.get(TYPE), give(client, wrong(sent[0].code))]
    pages.append(client.get(reverse("account_login")))
    assert [LATIN.findall(words(page)) for page in pages] == [[]] * len(pages)
