"""Signing in: teachers and staff with a name and a password, by one door."""

import re

import pytest
from django.conf import settings
from django.contrib.auth.models import Group
from django.test import Client

from lms.accounts import middleware

BEGIN = "/work/begin/"  # which sends elders home, and others to their work

pytestmark = pytest.mark.django_db

PASSWORD = "梧桐 树下 三点 半"
LOGIN = "/accounts/login/"
WRONG = "用户名或密码不对，请再输一次。"
LOCKED = "输错的次数太多了，请过15分钟再试。"
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture
def clock(monkeypatch):
    """Turns the hands of the clocks that sign-in looks at."""

    class Clock:
        now = 1_800_000_000.0

        def later(self, *, minutes: float) -> None:
            self.now += minutes * 60

    clock = Clock()
    monkeypatch.setattr(middleware, "time", lambda: clock.now)
    monkeypatch.setattr("allauth.core.internal.ratelimit.time.time", lambda: clock.now)
    return clock


@pytest.fixture
def teacher(django_user_model):
    return django_user_model.objects.create_user(
        "wang", "laoshi@example.com", PASSWORD, last_name="王", first_name="老师"
    )


@pytest.fixture
def editor(django_user_model):
    user = django_user_model.objects.create_user("lin", password=PASSWORD)
    user.groups.add(Group.objects.get(name="课程编辑"))
    return user


def sign_in(client, name="wang", password=PASSWORD, address="10.0.0.1", **fields):
    data = {"login": name, "password": password, **fields}
    return client.post(LOGIN, data, REMOTE_ADDR=address)


def is_signed_in(client) -> bool:
    return client.get("/accounts/password/change/").status_code == 200


def words(response) -> str:
    """What a person reads of a page, its title included."""
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def fail(client, times: int, **who) -> None:
    for _ in range(times):
        assert WRONG in words(sign_in(client, password="不对", **who))


# --- The door -----------------------------------------------------------------------------------


def test_name_and_password_let_a_teacher_in(client, teacher):
    assert sign_in(client).url == BEGIN
    assert is_signed_in(client)


@pytest.mark.parametrize("name", ["WANG", " wang "])
def test_capitals_and_blanks_around_a_name_do_no_harm(client, teacher, name):
    assert sign_in(client, name=name).url == BEGIN


def test_a_wrong_password_keeps_the_name_and_forgets_the_password(client, teacher):
    page = sign_in(client, password="不是这个密码").content.decode()
    assert WRONG in page
    assert 'value="wang"' in page
    assert "不是这个密码" not in page
    assert not is_signed_in(client)


def test_a_name_that_nobody_has_is_answered_just_as_a_wrong_password(client, teacher):
    pages = [
        re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", page.content.decode())
        for page in (
            sign_in(client, password="不对"),
            sign_in(client, name="zhang", password="不对"),
        )
    ]
    assert pages[0] == pages[1].replace("zhang", "wang")


def test_an_account_that_is_stopped_says_whom_to_ask(client, teacher):
    teacher.is_active = False
    teacher.save()
    assert WRONG in words(sign_in(client, password="不对"))
    page = client.get(sign_in(client).url)
    assert "要恢复，请找本单位管理员。" in words(page)
    assert not is_signed_in(client)


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [({"name": ""}, "请输入用户名。"), ({"password": ""}, "请输入密码。")],
)
def test_an_empty_box_says_what_belongs_into_it(client, fields, sentence):
    assert sentence in words(sign_in(client, **fields))


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)"],
)
def test_it_leads_to_no_other_site(client, teacher, elsewhere):
    assert sign_in(client, next=elsewhere).url == BEGIN


def test_it_leads_to_where_one_wanted_to_go(client, teacher):
    assert sign_in(client, next="/accounts/password/change/").url == "/accounts/password/change/"


def test_nobody_makes_an_account_for_himself(client, django_user_model):
    form = {"username": "li", "password1": PASSWORD, "password2": PASSWORD}
    assert "老师和工作人员请找本单位管理员开通。" in words(client.post("/accounts/signup/", form))
    assert not django_user_model.objects.exists()


@pytest.mark.parametrize(
    "path", ["/accounts/password/reset/", "/accounts/email/", "/admin/password_reset/"]
)
def test_nothing_is_reset_or_changed_by_mail(client, path):
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("door", ["/admin/login/", "/_util/login/"])
def test_wagtails_own_doors_lead_to_ours(client, editor, door):
    assert client.get(door + "?next=/admin/").url == LOGIN + "?next=/admin/"
    client.post(door, {"username": "lin", "password": PASSWORD})
    assert not is_signed_in(client)


# --- Lock-out -----------------------------------------------------------------------------------


def test_after_five_wrong_passwords_it_says_when_to_try_again(client, teacher, clock):
    fail(client, 5)
    refused = sign_in(client)
    assert LOCKED in words(refused)
    assert not is_signed_in(client)
    clock.later(minutes=15)
    assert sign_in(client).url == BEGIN


def test_the_lock_is_on_the_name_and_the_address_together(client, teacher, editor):
    fail(client, 5)
    assert LOCKED in words(sign_in(client))
    assert sign_in(Client(), address="10.0.0.2").url == BEGIN
    assert sign_in(Client(), name="lin").url == BEGIN


def test_a_whole_classroom_behind_one_address_may_mistype(client, teacher):
    for number in range(20):
        fail(client, 2, name=f"pupil{number}")
    assert sign_in(client).url == BEGIN


def test_trying_while_locked_makes_it_no_longer(client, teacher, clock):
    fail(client, 5)
    clock.later(minutes=14)
    assert LOCKED in words(sign_in(client))
    clock.later(minutes=1)
    assert sign_in(client).url == BEGIN


def test_a_lock_tells_nothing_about_who_has_an_account(client):
    fail(client, 5, name="nobody")
    assert LOCKED in words(sign_in(client, name="nobody"))


@pytest.mark.parametrize("name", ["WANG", " wang"])
def test_another_spelling_of_a_name_gives_no_more_tries(client, teacher, name):
    fail(client, 5)
    assert LOCKED in words(sign_in(client, name=name))


def test_another_of_our_host_names_gives_no_more_tries(client, teacher):
    fail(client, 5)
    again = client.post(LOGIN, {"login": "wang", "password": PASSWORD},
                        REMOTE_ADDR="10.0.0.1", HTTP_HOST="localhost")  # fmt: skip
    assert LOCKED in words(again)


def test_the_addresses_of_one_ipv6_line_count_as_one(client, teacher):
    fail(client, 5, address="2001:db8::1")
    assert LOCKED in words(sign_in(client, address="2001:db8::2"))


def test_signing_in_oneself_in_between_gives_no_more_tries_at_another(client, teacher, editor):
    fail(client, 4)
    assert sign_in(Client(), name="lin").url == BEGIN
    fail(client, 1)
    assert LOCKED in words(sign_in(client))


def test_behind_a_proxy_of_ours_the_address_is_the_one_before_it(client, teacher, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    data = {"login": "wang", "password": "不对"}
    for spoofed in range(5):
        client.post(LOGIN, data, headers={"x-forwarded-for": f"9.9.9.{spoofed}, 10.0.0.7"})
    locked = client.post(LOGIN, data, headers={"x-forwarded-for": "1.2.3.4, 10.0.0.7"})
    assert LOCKED in words(locked)
    other = client.post(LOGIN, data, headers={"x-forwarded-for": "10.0.0.8"})
    assert WRONG in words(other)


def test_a_flood_from_one_address_is_stopped_in_words(client, settings):
    settings.ACCOUNT_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS | {"login": "1/m/ip"}
    sign_in(client)
    stopped = sign_in(client)
    assert stopped.status_code == 429
    assert "过一分钟，请再试一次。" in words(stopped)


# --- The admin ----------------------------------------------------------------------------------


def test_the_admin_sends_to_our_page_and_that_back_again(client, editor):
    sent = client.get("/admin/images/")
    assert sent.url == LOGIN + "?next=/admin/images/"
    assert '<input type="hidden" name="next" value="/admin/images/">' in (
        client.get(sent.url).content.decode()
    )
    assert sign_in(client, name="lin", next="/admin/images/").url == "/admin/images/"
    assert client.get("/admin/images/").status_code == 200


def test_a_teacher_at_the_admins_door_is_told_so_and_not_sent_round_for_ever(client, teacher):
    sign_in(client)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain == [(LOGIN + "?next=/admin/", 302)]
    assert "权限" in words(page)
    assert "您已经登录了，名字是“王老师”。" in words(page)


# --- Leaving ------------------------------------------------------------------------------------


def test_one_leaves_by_pressing_the_button_not_by_following_a_link(client, teacher):
    sign_in(client)
    assert "退出以后，再用要重新输入密码。" in words(client.get("/accounts/logout/"))
    assert is_signed_in(client)
    page = client.post("/accounts/logout/", follow=True)
    assert "已经退出。" in words(page)
    assert not is_signed_in(client)


def test_no_other_site_can_press_the_button(teacher):
    client = Client(enforce_csrf_checks=True)
    client.force_login(teacher)
    refused = client.post("/accounts/logout/")
    assert refused.status_code == 403
    assert "请返回，刷新一下，再填一次。" in words(refused)
    assert is_signed_in(client)


def test_idle_staff_is_signed_out_and_told_why(client, editor, clock):
    sign_in(client, name="lin")
    clock.later(minutes=30)
    assert client.get("/admin/").status_code == 200
    clock.later(minutes=31)
    page = client.get("/admin/", follow=True)
    assert page.redirect_chain == [(LOGIN + "?next=/admin/", 302)]
    assert "您有30分钟没有操作，已经自动退出。请重新登录。" in words(page)
    assert not is_signed_in(client)


def test_staff_that_goes_on_working_stays(client, editor, clock):
    sign_in(client, name="lin")
    for _ in range(4):
        clock.later(minutes=20)
        assert client.get("/admin/").status_code == 200


def test_the_half_hour_begins_with_signing_in(client, editor, clock):
    sign_in(client, name="lin")
    clock.later(minutes=31)
    assert not is_signed_in(client)


def test_an_open_page_that_asks_by_itself_keeps_nobody_signed_in(client, editor, clock):
    sign_in(client, name="lin")
    for _ in range(4):
        clock.later(minutes=10)
        client.get("/media/progress/00000000-0000-4000-8000-000000000000.json")
    assert not is_signed_in(client)


def test_a_teachers_session_goes_on_through_an_offline_class(client, teacher, clock):
    sign_in(client)
    clock.later(minutes=8 * 60)
    assert is_signed_in(client)


def test_a_teachers_thirty_days_begin_anew_with_each_use(client, teacher, clock):
    sign_in(client)
    assert settings.SESSION_COOKIE_NAME not in client.get("/accounts/password/change/").cookies
    clock.later(minutes=2)
    cookies = client.get("/accounts/password/change/").cookies
    assert cookies[settings.SESSION_COOKIE_NAME]["max-age"] == 30 * 24 * 3600


# --- A new password -----------------------------------------------------------------------------


def change_password(client, old=PASSWORD, new="老槐树 下 乘凉 听 蝉声", again=None):
    data = {"oldpassword": old, "password1": new, "password2": new if again is None else again}
    return client.post("/accounts/password/change/", data, follow=True)


def test_a_new_password_holds_and_one_stays_signed_in(client, teacher):
    sign_in(client)
    assert "密码改好了，下次请用新密码登录。" in words(change_password(client))
    assert sign_in(Client(), password="老槐树 下 乘凉 听 蝉声").url == BEGIN
    assert WRONG in words(sign_in(Client(), password=PASSWORD))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"old": "不对"}, "现在的密码不对，请再输一次。"),
        ({"again": "别的"}, "两次输入的新密码不一样，请再输一次。"),
        ({"new": "短"}, "密码太短了，请至少用10个字符。"),
        ({"new": "laoshi@example"}, "密码和您的电子邮件地址太像了，请换一个。"),
        ({"new": "qwertyuiop"}, "这个密码用的人太多，容易被猜到，请换一个。"),
        ({"new": "80361957240"}, "密码不能全是数字，请加上几个字母。"),
    ],
)
def test_a_new_password_that_will_not_do_says_why(client, teacher, fields, sentence):
    sign_in(client)
    page = words(change_password(client, **fields))
    assert sentence in page
    assert LATIN.findall(page) == []
    assert sign_in(Client()).url == BEGIN


# --- Words --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [LOGIN, "/accounts/signup/", "/accounts/inactive/", "/accounts/logout/",
             "/accounts/password/change/"]
)  # fmt: skip
def test_every_word_is_chinese(client, teacher, path):
    if "logout" in path or "password" in path:
        sign_in(client)
    for response in (client.get(path), client.post(path)):
        assert LATIN.findall(words(response)) == []
