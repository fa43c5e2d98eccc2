"""A real city is set up by one command: its units, its administrator, and nobody invented."""

import json
from io import StringIO

import pytest
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command

from courses.models import LessonPage
from courses.starter.loading import STARTER_DIR
from lms.classes.models import ClassGroup
from lms.manuals.models import Manual
from lms.operations.management.commands import set_up
from lms.people.models import Learner
from lms.people.services.slips import choose_password
from lms.units.models import Unit

pytestmark = pytest.mark.django_db
User = get_user_model()

UNITS = "code,name\n3502,厦门市\n350203,思明区\n350203001,厦港街道\n350203001001,巡司顶社区\n"
TELEPHONE = "199 0000 0001"


@pytest.fixture
def city(tmp_path, settings):
    """Runs set_up as in production, with that file of units; returns what it said."""
    settings.DEMO_ALLOWED = False
    settings.SMS_GATEWAY = ""
    file = tmp_path / "units.csv"

    def city(*options, units=UNITS):
        file.write_text(units)
        said = StringIO()
        call_command("set_up", f"--units={file}", *options, stdout=said)
        return said.getvalue()

    return city


@pytest.fixture
def only_units(monkeypatch):
    """Of the commands that set_up calls in turn: the first test calls all of them."""

    def call(name, *arguments, **options):
        if name == "import_units":
            call_command(name, *arguments, **options)

    monkeypatch.setattr(set_up, "call_command", call)


def test_a_city_gets_its_units_its_lessons_and_an_administrator_and_nobody_invented(city, client):
    said = city(f"--admin={TELEPHONE}")
    assert Unit.objects.count() == 4
    lessons = json.loads((STARTER_DIR / "curriculum.json").read_text())["lessons"]
    assert LessonPage.objects.live().count() == len(lessons)
    admin = User.objects.get()
    assert (admin.telephone, admin.is_superuser, admin.is_staff) == ("+8619900000001", True, True)
    assert not Learner.objects.exists()
    assert not ClassGroup.objects.exists()
    assert not Manual.objects.exists()
    assert f"用户名      {admin.username}" in said
    client.post("/accounts/login/", {"login": admin.username, "password": printed(said)})
    assert client.get("/work/").url == "/accounts/first-password/"
    own = {"password": "榕树下的石凳1952", "again": "榕树下的石凳1952"}
    assert client.post("/accounts/first-password/", own).url == "/work/begin/"
    assert client.get("/work/").status_code == 200


def printed(said):
    return said.split("一次性密码")[1].split()[0]


def test_a_one_time_password_that_was_lost_is_made_anew(only_units, city, client):
    lost, found = printed(city(f"--admin={TELEPHONE}")), printed(city(f"--admin={TELEPHONE}"))
    name = User.objects.get().username
    assert not client.login(username=name, password=lost)
    assert client.login(username=name, password=found)


def test_a_second_time_nothing_is_lost(only_units, city):
    city(f"--admin={TELEPHONE}")
    choose_password(User.objects.get(), password="榕树下的石凳1952")
    before = User.objects.get().password
    said = city(f"--admin={TELEPHONE}", units=UNITS + "350203001002,沙坡尾社区\n")
    assert Unit.objects.count() == 5
    assert User.objects.get().password == before
    assert "密码没有变" in said


def test_with_short_messages_nobody_needs_a_password(only_units, city, settings):
    settings.SMS_GATEWAY = "lms.accounts.sms.ConsoleSms"
    said = city(f"--admin={TELEPHONE}")
    assert "收验证码登录" in said
    assert "/accounts/code/" in said
    assert "密码" not in said


def test_without_short_messages_it_says_that_nobody_signs_in_by_telephone(only_units, city):
    said = city(f"--admin={TELEPHONE}")
    assert "没有设 SMS_GATEWAY" in said
    assert "/accounts/login/" in said


def test_it_says_that_nobody_is_administrator_yet(only_units, city):
    assert "还没有管理员" in city()


@pytest.mark.parametrize(
    ("option", "units", "words"),
    [
        ("--admin=020-8888", UNITS, "座机收不到短信"),
        ("--admin=" + TELEPHONE, "350203,思明区\n35020,x\n", "第2行"),
    ],
)
def test_what_is_wrong_is_told_before_anything_is_written(city, option, units, words):
    with pytest.raises(CommandError, match=words):
        city(option, units=units)
    assert not User.objects.exists()
    assert not LessonPage.objects.exists()


def test_a_missing_file_is_told_in_words(settings, tmp_path):
    with pytest.raises(CommandError, match="打不开文件"):
        call_command("set_up", f"--units={tmp_path}/none.csv")


def test_nothing_to_try_enters_a_real_city(settings):
    settings.DEMO_ALLOWED = False
    with pytest.raises(CommandError, match="set_up --units"):
        call_command("load_demo")
    assert not User.objects.exists()
