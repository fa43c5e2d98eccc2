"""How long what is kept about people is kept, and the nightly job that sees to it."""

from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.test import Client
from django.utils import timezone

from lms.accounts.models import User
from lms.accounts.services import account_of_telephone
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceRecord
from lms.attendance.services.page import mark_on_page
from lms.people.choices import Looked
from lms.people.models import Learner, Look
from lms.people.services.looks import note_look
from lms.privacy import retention
from lms.privacy.models import PeriodRun
from lms.privacy.retention import PERIODS, keep_periods
from lms.privacy.tasks import keep_periods_tonight
from lms.settings import env
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

STATUS = "/admin/status/"


def long_ago(setting, *, days=1):
    return timezone.now() - timedelta(days=getattr(settings, setting) + days)


def test_every_period_runs_and_its_last_result_is_shown(admin_client):
    assert "到期删除" in words(admin_client.get(STATUS))
    assert "还没有做过，今天夜里会做。" in words(admin_client.get(STATUS))
    keep_periods_tonight()
    assert set(PeriodRun.objects.values_list("period", flat=True)) == {p.name for p in PERIODS}
    assert "没有到期的。" in words(admin_client.get(STATUS))


def test_one_that_fails_keeps_none_of_the_others_and_is_told(admin_client, monkeypatch, caplog):
    def fail(before):
        raise RuntimeError("planted")

    broken = [
        retention.Period("help", "求助人的电话", timedelta, fail) if each.name == "help" else each
        for each in PERIODS
    ]
    monkeypatch.setattr(retention, "PERIODS", broken)
    keep_periods()
    assert PeriodRun.objects.get(period="help").count is None
    assert PeriodRun.objects.exclude(count=None).count() == len(PERIODS) - 1
    assert "The period help was not kept" in caplog.text
    assert "没有删成：求助人的电话" in words(admin_client.get(STATUS))


def test_a_night_that_was_left_out_is_told(admin_client):
    keep_periods()
    PeriodRun.objects.update(ended_at=timezone.now() - timedelta(days=3))
    assert "到期删除 不正常 最近一次是" in words(admin_client.get(STATUS))


def test_a_learner_who_came_to_no_class_for_so_long_loses_the_name_and_no_mark(begun, cast):
    learner = cast.learners[0]
    statuses = {learner.number: AttendanceStatus.PRESENT}
    mark_on_page(begun, statuses=statuses, recorded_by=cast.teacher)
    Learner.objects.update(registered_at=long_ago("LEARNERS_KEPT_DAYS"))
    keep_periods()
    learner.refresh_from_db()
    assert learner.erased_at is None  # a class of lately
    type(cast.class_group).objects.update(starts_on=date(2000, 1, 1), ends_on=date(2000, 2, 1))
    begun.starts_at = long_ago("LEARNERS_KEPT_DAYS")
    begun.ends_at = begun.starts_at + timedelta(hours=1)
    begun.save()
    keep_periods()
    learner.refresh_from_db()
    assert (learner.name, learner.erased_by) == ("已注销学员", None)
    assert AttendanceRecord.objects.filter(learner=learner).exists()
    assert PeriodRun.objects.get(period="learners").count == 3


def test_an_account_that_nobody_uses_goes_and_one_that_is_on_a_screen_stays(cast):
    idle, used = (account_of_telephone(f"+861990000000{n}") for n in (1, 2))
    Client().force_login(used)
    User.objects.update(last_login=long_ago("ACCOUNTS_KEPT_DAYS"))
    keep_periods()
    left = set(User.objects.values_list("pk", flat=True))
    assert idle.pk not in left
    assert {used.pk, cast.teacher.pk} <= left


def test_lines_of_the_log_go_in_their_time_and_no_sooner(cast):
    for days in (1, -1):
        note_look(cast.teacher, Looked.LEARNER, rows=1, learner=cast.learners[0], taken=True)
        newest = Look.objects.order_by("-pk").first()
        moment = long_ago("LOOKS_KEPT_DAYS", days=days)
        super(type(Look.objects.all()), Look.objects.filter(pk=newest.pk)).update(at=moment)
    keep_periods()
    assert Look.objects.count() == 1


def test_no_setting_lets_the_log_be_shorter_than_six_months(monkeypatch):
    monkeypatch.setenv("LOOKS_KEPT_DAYS", "100")
    with pytest.raises(ImproperlyConfigured, match="LOOKS_KEPT_DAYS=100 is out of range"):
        env.integer("LOOKS_KEPT_DAYS", 365, unit="days", minimum=183, maximum=3650)


def test_every_period_that_a_city_sets_is_a_setting():
    assert all(each.days == getattr(settings, each.setting) for each in PERIODS if each.setting)
