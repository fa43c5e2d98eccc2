"""Who works here shows a second factor besides the password, where the site asks for it."""

import re
import time
from io import StringIO

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.contrib.auth.models import AnonymousUser, Group
from django.core.management import CommandError, call_command
from django.db import connection
from django.http import HttpResponse
from django.test import Client, RequestFactory
from django.test.utils import CaptureQueriesContext

from lms.accounts import second_factor
from lms.accounts.second_factor import has_second_factor, second_factor_required
from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.units.models import Unit

BEGIN = "/work/begin/"  # which sends elders home, and others to their work

pytestmark = pytest.mark.django_db

PASSWORD = "梧桐 树下 三点 半"
SET_UP, START, SHOW, AGAIN, PAPER, NEW_PAPER, RENEW = (
    f"/accounts/second-factor/{page}"
    for page in ("", "set-up/", "show/", "again/", "paper/", "paper/new/", "renew/")
)
LATIN = re.compile(r"[A-Za-z]{2,}")


@pytest.fixture(autouse=True)
def _asked_for(settings):
    settings.STAFF_SECOND_FACTOR = True


@pytest.fixture
def people(django_user_model):
    """One of each kind, by what they are."""
    village = Unit.add_root(code="440103001001", name="翠洲社区", level="village")
    cast = {
        name: django_user_model.objects.create_user(name, password=PASSWORD)
        for name in ("administrator", "editor", "officer", "auditor", "teacher", "learner")
    }
    cast["administrator"].is_staff = cast["administrator"].is_superuser = True
    cast["administrator"].save()
    cast["editor"].groups.add(Group.objects.get(name="课程编辑"))
    for role in (Role.OFFICER, Role.AUDITOR, Role.TEACHER):
        RoleAssignment.objects.create(person=cast[role.value], role=role, unit=village)
    return cast


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user)
    return client


def sign_in(client, name="officer", password=PASSWORD):
    return client.post("/accounts/login/", {"login": name, "password": password})


def words(response) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", response.content.decode()).split())


def number_now(user) -> str:
    """What the app on the user's phone shows."""
    data = Authenticator.objects.get(user=user, type=Authenticator.Type.TOTP).data
    return number_of(totp.decrypt(data["secret"]))


def number_of(secret: str) -> str:
    counter = int(time.time()) // 30
    return totp.format_hotp_value(totp.hotp_value(secret, counter))


def wrong(number: str) -> str:
    return number[:-1] + str((int(number[-1]) + 5) % 10)


@pytest.fixture
def set_up(monkeypatch):
    """As a person does; returns the numbers for paper. A test's transaction never ends, so what
    waits for its end is done at once."""
    monkeypatch.setattr("django.db.transaction.on_commit", lambda function, **more: function())

    def set_up(client) -> list[str]:
        client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": START})
        secret = client.get(START).context["form"].secret
        assert client.post(START, {"code": number_of(secret)}).url == PAPER
        return client.get(PAPER).context["unused_codes"]

    return set_up


OFFICE, HERE, TELEVISION, HELP = "/classes/", "/here/", "/tv/", "/help/"


#: What only staff may have, however it is asked for.
FILES = [
    "/media/originals/a.mp4",
    "/media/videos/../originals/a.mp4",
    "/manufacturers/documents/1/licence/",
]


@pytest.mark.parametrize(
    ("who", "closed", "open_"),
    [
        ("administrator", ["/admin/", OFFICE, "/reports/", "/roll/"], [TELEVISION, HERE, HELP]),
        ("editor", ["/admin/", "/admin/images/", *FILES], [TELEVISION, HELP]),
        ("officer", [OFFICE, "/reports/", "/roll/"], [TELEVISION, HERE, HELP]),
        ("auditor", [OFFICE, "/reports/"], [TELEVISION]),
        ("teacher", [], [OFFICE, "/roll/", TELEVISION]),
        ("learner", [], [TELEVISION, HERE, HELP, "/accounts/password/change/"]),
    ],
)
def test_the_office_opens_to_no_one_without_it_who_must_have_one(people, who, closed, open_):
    client = signed_in(people[who])
    assert [client.get(path).headers.get("Location") for path in closed] == [SET_UP] * len(closed)
    assert [client.get(path).status_code for path in open_] == [200] * len(open_)


def test_who_held_an_office_until_yesterday_need_not_have_one(people):
    RoleAssignment.objects.update(from_date="2020-01-01", until_date="2020-02-01")
    assert signed_in(people["officer"]).get("/roll/").status_code == 403  # not a teacher, that is


def test_a_site_that_does_not_ask_lets_everybody_work(people, settings):
    settings.STAFF_SECOND_FACTOR = False
    assert signed_in(people["officer"]).get(OFFICE).status_code == 200


def test_a_phones_interface_is_told_so_and_not_sent_to_a_page(people):
    refused = signed_in(people["officer"]).get("/roll/api/me")
    assert refused.status_code == 403
    assert refused.json() == {"detail": "请先设置动态口令。"}


def test_a_learners_page_costs_no_question_about_it(people, settings):
    client = signed_in(people["officer"])
    client.get(HELP)
    counts = []
    for settings.STAFF_SECOND_FACTOR in (True, False):
        with CaptureQueriesContext(connection) as queries:
            client.get(HELP)
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_setting_it_up_opens_the_office_and_leads_back_to_it(people, set_up):
    client = Client()
    sign_in(client)
    assert client.get(OFFICE).url == SET_UP
    paper = set_up(client)
    assert len(set(paper)) == 10
    assert f'href="{OFFICE}"' in client.get(PAPER).content.decode()
    assert client.get(OFFICE).status_code == 200


def test_from_then_on_the_password_alone_lets_nobody_in(people, set_up):
    set_up(signed_in(people["officer"]))
    client = Client()
    assert sign_in(client).url == SHOW
    assert "_auth_user_id" not in client.session
    number = number_now(people["officer"])
    assert "数字不对" in words(client.post(SHOW, {"code": wrong(number)}))
    assert "_auth_user_id" not in client.session
    client.post(SHOW, {"code": number})
    assert client.get(OFFICE).status_code == 200


def test_a_number_lets_in_once(people, set_up):
    set_up(signed_in(people["officer"]))
    number = number_now(people["officer"])
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client)
        answers.append(client.post(SHOW, {"code": number}))
    assert ["数字不对" in words(answer) for answer in answers] == [False, True]


def test_a_number_on_paper_does_in_its_place_once(people, set_up):
    paper = set_up(signed_in(people["officer"]))
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client)
        answers.append(client.post(SHOW, {"code": paper[3]}).status_code)
    assert answers == [302, 200]


def test_guessing_the_number_is_stopped_after_five(people, set_up):
    set_up(signed_in(people["officer"]))
    client = Client()
    sign_in(client)
    number = number_now(people["officer"])
    for _ in range(5):
        client.post(SHOW, {"code": wrong(number)})
    assert "输错的次数太多了" in words(client.post(SHOW, {"code": number}))
    assert "_auth_user_id" not in client.session


def test_a_session_that_never_showed_it_is_asked_in_the_office(people, set_up):
    """As a television's, which was signed in by a picture before its person was appointed."""
    set_up(signed_in(people["officer"]))
    client = signed_in(people["officer"])
    assert client.get(OFFICE).url == f"{AGAIN}?next=%2Fclasses%2F"
    client.post(AGAIN, {"code": number_now(people["officer"]), "next": OFFICE})
    assert client.get(OFFICE).status_code == 200


def test_who_only_knows_the_open_session_cannot_set_one_up(people):
    client = Client()
    sign_in(client)
    assert client.get(START).url.startswith("/accounts/reauthenticate/")
    refused = client.post("/accounts/reauthenticate/", {"password": "不对", "next": START})
    assert "密码不对，请再输一次。" in words(refused)
    assert not has_second_factor(people["officer"])


def test_taking_it_away_closes_the_office_at_once(people, set_up):
    client = signed_in(people["officer"])
    set_up(client)
    client.post(RENEW)
    assert not has_second_factor(people["officer"])
    assert client.get(OFFICE).url == SET_UP


def test_its_key_does_not_lie_in_the_database_and_outlives_a_new_secret_key(people, settings):
    client = signed_in(people["officer"])
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": START})
    secret = client.get(START).context["form"].secret
    totp.TOTP.activate(people["officer"], secret)
    stored = Authenticator.objects.get(user=people["officer"]).data["secret"]
    assert secret not in stored
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one", [settings.SECRET_KEY]
    assert totp.decrypt(stored) == secret


def test_its_key_is_encrypted_anew_so_that_the_earlier_secret_key_can_go(people, settings):
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(people["officer"], secret)
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "another one", [settings.SECRET_KEY]
    call_command("renew_secrets", stdout=StringIO())
    settings.SECRET_KEY_FALLBACKS = []
    assert totp.decrypt(Authenticator.objects.first().data["secret"]) == secret


def test_somebody_who_is_signed_in_can_become_another_with_a_second_factor(people, set_up):
    set_up(signed_in(people["officer"]))
    client = signed_in(people["learner"])
    assert sign_in(client).url == SHOW
    assert "六位数字" in words(client.get(SHOW))
    client.post(SHOW, {"code": number_now(people["officer"])})
    assert client.get(OFFICE).context["request"].user == people["officer"]


def test_a_lost_phones_second_factor_is_taken_away_and_its_sessions_with_it(people, set_up):
    client = signed_in(people["officer"])
    set_up(client)
    call_command("remove_second_factor", "officer", stdout=StringIO())
    assert client.get(OFFICE).url == "/accounts/login/?next=/classes/"
    again = Client()
    assert sign_in(again).url == BEGIN
    assert again.get(OFFICE).url == SET_UP
    with pytest.raises(CommandError, match="没有用户名是“nobody”的账号"):
        call_command("remove_second_factor", "nobody")


# --- For other rooms ------------------------------------------------------------------------------


@pytest.fixture
def guarded(rf: RequestFactory, client):
    def ask(user):
        request = rf.get("/manufacturers/")
        request.user, request.session = user, client.session
        return second_factor_required(lambda request: HttpResponse("in"))(request)

    return ask


def test_a_guarded_view_asks_whoever_comes(people, guarded, settings):
    assert guarded(AnonymousUser()).url == "/accounts/login/?next=/manufacturers/"
    assert guarded(people["learner"]).url == SET_UP
    settings.STAFF_SECOND_FACTOR = False
    assert guarded(people["learner"]).content == b"in"


def test_a_guarded_view_opens_to_who_has_shown_it(people, rf, client):
    totp.TOTP.activate(people["learner"], totp.generate_totp_secret())
    request = rf.get("/manufacturers/")
    request.user, request.session = people["learner"], client.session
    view = second_factor_required(lambda request: HttpResponse("in"))
    assert view(request).url == f"{AGAIN}?next=%2Fmanufacturers%2F"
    second_factor.note_shown(request=request, user=people["learner"])
    assert view(request).content == b"in"


# --- Words ----------------------------------------------------------------------------------------


def test_every_word_is_chinese(people, set_up):
    client = signed_in(people["officer"])
    pages = [client.get(SET_UP), client.get(f"/accounts/reauthenticate/?next={START}")]
    client.post("/accounts/reauthenticate/", {"password": PASSWORD, "next": START})
    secret = client.get(START).context["form"].secret
    pages += [client.post(START, {"code": "12"}), client.post(START)]
    assert [LATIN.findall(words(page).replace(secret, "")) for page in pages] == [[]] * 4
    set_up(client)
    pages = [client.get(path) for path in (SET_UP, PAPER, NEW_PAPER, RENEW, AGAIN)]
    assert [LATIN.findall(words(page)) for page in pages] == [[]] * 5
