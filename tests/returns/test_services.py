"""Signed and frozen, approved, sent back, missing, locked and unlocked."""

import json
from datetime import timedelta
from hashlib import sha256

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.headcounts import correct_headcount
from lms.attendance.services.page import mark_on_page
from lms.classes.choices import ClassKind, SessionState
from lms.classes.models import ClassSession
from lms.reports.standing_out.findings import StandsOut
from lms.returns.choices import ReturnActKind, ReturnState, SignedBy
from lms.returns.errors import ReturnRefused
from lms.returns.figures import Numbers, changed_since, learners_now, returns_below
from lms.returns.models import Final, Return, ReturnAct, Snapshot
from lms.returns.queries import read_page
from lms.returns.services.beginning import begin_month
from lms.returns.services.deciding import (
    approve_returns,
    expect_again,
    put_down_as_missing,
    send_back,
)
from lms.returns.services.locking import lock_month, unlock_return
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words, is_whole
from lms.returns.unusual import standing_out
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.rollup import settle_sessions
from lms.units.services.tree import merge_units
from tests.returns.conftest import (
    BOTTOM,
    CITY,
    DISTRICT,
    OTHER_STREET,
    SECOND,
    STREET,
    THIRD,
    UP,
    VILLAGE,
)

pytestmark = pytest.mark.django_db


def figures(snapshot):
    return Numbers.signed(snapshot.told)


# --- Signed


def test_what_is_signed_is_a_text_that_never_changes(sign, at, held, cast):
    snapshot = sign(VILLAGE, remarks="天气热")
    content = snapshot.content
    assert (figures(snapshot).held, figures(snapshot).headcount) == (1, 20)
    assert snapshot.digest == sha256(content.encode()).hexdigest()
    told = json.loads(content)
    assert [each["name"] for each in told["tree"]["above"]] == ["广州市", "荔湾区", "沙面街道"]
    assert (told["remarks"], told["signed_name"]) == ("天气热", "签名")
    correct_headcount(held[VILLAGE], headcount=25, reason="漏数了", recorded_by=cast.teacher)
    stored = Snapshot.objects.get()
    assert stored.content == content
    assert is_whole(stored)
    with pytest.raises(Final):
        stored.save()
    with pytest.raises(Final):
        Snapshot.objects.all().update(content="")
    with pytest.raises(Final):
        ReturnAct.objects.all().delete()


def test_a_later_correction_stands_beside_it_with_old_new_and_who(sign, at, held, cast, office):
    sign(VILLAGE)
    assert changed_since(at(VILLAGE), []) == {}
    correct_headcount(held[VILLAGE], headcount=25, reason="漏数了", recorded_by=cast.teacher)
    page = read_page(at(VILLAGE), user=office.village, decides=False)
    [line] = [line for line in page.lines if line.changed]
    assert (line.name, line.figure) == ("headcount", 20)
    assert (line.changed.was, line.changed.now) == (20, 25)
    assert page.changed_by == ["teacher"]


def test_a_correction_after_the_lock_shows_at_every_level_and_changes_no_byte(
    up_to_the_city, at, held, cast, office
):
    up_to_the_city()
    lock_month(at(CITY), turn=at(CITY).turn, by=office.city)
    before = dict(Snapshot.objects.values_list("pk", "content"))
    correct_headcount(held[VILLAGE], headcount=27, reason="漏数了", recorded_by=cast.teacher)
    for code in (VILLAGE, STREET, DISTRICT, CITY):
        one = at(code)
        [change] = changed_since(one, returns_below(one))[one.pk]
        assert (change.name, change.difference) == ("headcount", 7)
    street = at(STREET)
    assert set(changed_since(street, returns_below(street))) == {street.pk, at(VILLAGE).pk}
    assert changed_since(at(OTHER_STREET), returns_below(at(OTHER_STREET))) == {}
    assert dict(Snapshot.objects.values_list("pk", "content")) == before


def test_the_citys_figures_are_those_that_its_villages_signed(up_to_the_city, at):
    up_to_the_city()
    whole = figures(at(CITY).snapshot)
    assert whole.headcount == sum(figures(at(code).snapshot).headcount for code in BOTTOM) == 86
    assert whole.held == 4
    told = at(CITY).snapshot.told["tree"]["below"]
    assert [line["digest"] for line in told] == [
        at(code).snapshot.digest for code in ("440103", "440104")
    ]


def test_people_are_counted_once_at_the_level_above(begun, cast, units, month, office, lecture):
    """One of the first village comes to the second as well."""
    here, there = lecture(VILLAGE, 0), lecture(SECOND, 0)
    for session in (here, there):
        type(session.class_group).objects.filter(pk=session.class_group_id).update(
            kind=ClassKind.VILLAGE_CLASS
        )
        ClassSession.objects.filter(pk=session.pk).update(
            state=SessionState.PLANNED, closed_at=None, closed_by=None
        )
        session.class_group.enrolments.create(
            learner=cast.learners[0],
            state="enrolled",
            door="in_person",
            joined_at=session.starts_at - timedelta(days=1),
        )
        mark_on_page(
            ClassSession.objects.get(pk=session.pk),
            statuses={cast.learners[0].number: AttendanceStatus.PRESENT},
            recorded_by=office.city,
        )
    count_learners()
    begin_month(month)
    one = Return.objects.get(unit=units[STREET], month=month.starts_on)
    villages = list(one.below.all())
    assert [learners_now(each, has_below=False) for each in villages] == [1, 1]
    Return.objects.filter(above=one).update(state=ReturnState.MISSING, note="没有报")
    assert learners_now(one, has_below=True) == 0
    for village in villages:
        village.snapshot = Snapshot.objects.create(
            of=village, content="{}", digest="", signed_by=office.city, signed_with=SignedBy.CODE
        )
        village.state = ReturnState.APPROVED
        village.save()
    assert learners_now(one, has_below=True) == 1


def test_two_people_at_once_sign_it_once(sign, at, office):
    seen = at(VILLAGE).turn
    sign(VILLAGE, office.village, turn=seen)
    with pytest.raises(ReturnRefused, match="刚刚有人办过，现在是“已报”"):
        sign(VILLAGE, office.street, turn=seen)
    assert Snapshot.objects.count() == 1


def test_the_level_above_waits_until_each_below_is_settled(sign, approve, at, office):
    sign(VILLAGE)
    with pytest.raises(ReturnRefused, match="2个单位没有审完：翠洲社区、沙面社区"):
        sign(STREET)
    approve(VILLAGE)
    second = at(SECOND)
    put_down_as_missing(second, turn=second.turn, by=office.street, reason="台风")
    snapshot = sign(STREET)
    assert figures(snapshot).headcount == 20
    told = snapshot.told
    assert told["returns"] | {"late": 0, "on_time": 0} == {
        "expected": 2, "on_time": 0, "late": 0, "missing": 1, "overdue": 0, "ahead": 0,
    }  # fmt: skip
    assert [line["reason"] for line in told["tree"]["below"]] == ["", "台风"]


def test_what_stands_out_must_be_explained(at, sign, held):
    held_at = held[VILLAGE]
    type(held_at).objects.filter(pk=held_at.pk).update(
        state="cancelled", reason="台风", closed_at=None, closed_by=None
    )
    settle_sessions([held_at.pk])
    with pytest.raises(ReturnRefused, match="写一句"):
        sign(VILLAGE)
    snapshot = sign(VILLAGE, explanation="台风停课")
    assert snapshot.told["standing_out"][0]["kind"] == "nothing_held"
    assert snapshot.told["explanation"] == "台风停课"


def test_a_merge_within_the_month_is_in_the_figures_and_in_the_tree_that_is_signed(
    office, units, month, lecture, cast
):
    lecture(VILLAGE, 20)
    lecture(SECOND, 11, day=3)
    merge_units([units[SECOND]], into=units[VILLAGE], on=month.starts_on.replace(day=15))
    begin_month(month)
    one = Return.objects.get(unit=units[VILLAGE])
    snapshot = submit_return(
        one, turn=0, by=office.village, signed_with=SignedBy.CODE, words=Words("", "", "签")
    )
    assert (figures(snapshot).held, figures(snapshot).headcount) == (2, 31)
    assert [each["name"] for each in snapshot.told["tree"]["also"]] == ["沙面社区"]
    assert changed_since(one, []) == {}


def test_a_jump_by_more_than_half_of_six_months_stands_out(sign, at, month):
    one, first = at(VILLAGE), sign(VILLAGE)
    told = first.told | {"figures": first.told["figures"] | {"headcount": 60}}
    earlier = month
    for _month in range(3):
        earlier = earlier.previous
        row = Return.objects.create(
            unit=one.unit, month=earlier.starts_on, trail="/1/", unit_name="x", level="village",
            due_on=earlier.ends_on,
        )  # fmt: skip
        row.snapshot = Snapshot.objects.create(
            of=row, content=json.dumps(told), digest="", signed_by=first.signed_by,
            signed_with="code",
        )  # fmt: skip
        row.save()
    found = standing_out(at(VILLAGE), figures(first))
    assert [each.sentence for each in found] == ["来了20人次，前3个月平均60人次，少了一半以上。"]


# --- Answered


def test_nobody_approves_what_he_signed_himself(sign, approve, at, office):
    sign(VILLAGE, office.street)
    answer = approve(VILLAGE, by=office.street)
    assert (answer.done, len(answer.left)) == (0, 1)
    assert "您自己签的" in answer.left[0]
    assert at(VILLAGE).state == ReturnState.SUBMITTED


def test_of_many_those_that_somebody_dealt_with_are_left_and_told(sign, approve, at, office):
    for code in (VILLAGE, SECOND):
        sign(code)
    stale = {each.pk: each.turn for each in (at(VILLAGE), at(SECOND))}
    send_back(at(SECOND), turn=at(SECOND).turn, by=office.street, note="再数一遍")
    answer = approve_returns(at(STREET), turns=stale, by=office.second, opened_at=timezone.now())
    assert answer.done == 1
    assert answer.left == ["“沙面社区”刚刚有人办过，现在是“退回”。"]
    assert (at(VILLAGE).state, at(SECOND).state) == (ReturnState.APPROVED, ReturnState.SENT_BACK)


def test_what_was_sent_back_is_signed_again_and_both_texts_stay(sign, approve, at, office):
    sign(VILLAGE)
    send_back(at(VILLAGE), turn=at(VILLAGE).turn, by=office.street, note="请写明原因")
    assert at(VILLAGE).note == "请写明原因"
    first_day = at(VILLAGE).submitted_on
    sign(VILLAGE, remarks="写明了")
    assert at(VILLAGE).snapshots.count() == 2
    assert at(VILLAGE).submitted_on == first_day
    assert approve(VILLAGE).done == 1


def test_a_missing_one_may_come_after_all(at, office, sign):
    put_down_as_missing(at(VILLAGE), turn=0, by=office.street, reason="停电")
    with pytest.raises(ReturnRefused, match="已经报了"):
        sign(VILLAGE)
    expect_again(at(VILLAGE), turn=1, by=office.street)
    sign(VILLAGE)
    assert at(VILLAGE).state == ReturnState.SUBMITTED


def test_approving_many_takes_no_more_queries(sign, approve, at, django_assert_max_num_queries):
    for code in (VILLAGE, SECOND, THIRD):
        sign(code)
    with django_assert_max_num_queries(12):  # four of them read the two returns for the test
        assert approve(VILLAGE, SECOND).done == 2
    with django_assert_max_num_queries(11):
        assert approve(THIRD).done == 1


def test_what_was_approved_in_a_glance_stands_out_at_the_level_above(sign, approve, at):
    sign(VILLAGE)
    sign(SECOND)
    approve(VILLAGE, opened=timedelta(seconds=4))
    approve(SECOND)
    snapshot = sign(STREET, explanation="熟悉情况")
    assert [each["sentence"] for each in snapshot.told["standing_out"]] == [
        "下面有1份月报，页面打开不到10秒就审核通过了。"
    ]


def test_below_a_signed_level_nothing_changes(sign, approve, at, office):
    sign(THIRD)
    approve(THIRD)
    sign(OTHER_STREET)
    with pytest.raises(ReturnRefused, match="“岭南街道”的月报已经报了"):
        send_back(at(THIRD), turn=at(THIRD).turn, by=office.city, note="改")
    with pytest.raises(ReturnRefused, match="已经报了"):
        approve(THIRD)


# --- Locked


def test_the_top_locks_all_at_once_after_it_has_signed(up_to_the_city, at, office):
    with pytest.raises(ReturnRefused, match="先签名"):
        lock_month(at(CITY), turn=0, by=office.city)
    up_to_the_city()
    assert lock_month(at(CITY), turn=at(CITY).turn, by=office.city) == 8
    assert {at(code).state for code in (*BOTTOM, *UP)} == {ReturnState.LOCKED}
    with pytest.raises(ReturnRefused, match="最上面"):
        lock_month(at(DISTRICT), turn=0, by=office.city)


def test_unlocking_goes_from_the_top_down_with_one_reason_and_a_trace_at_each_level(
    up_to_the_city, at, office, sign, approve
):
    up_to_the_city()
    lock_month(at(CITY), turn=at(CITY).turn, by=office.city)
    one = at(VILLAGE)
    opened = unlock_return(one, turn=one.turn, by=office.city, reason="漏了一堂课")
    assert [each.unit.code for each in opened] == [CITY, DISTRICT, STREET, VILLAGE]
    acts = ReturnAct.objects.filter(kind=ReturnActKind.UNLOCKED)
    assert acts.values("batch").distinct().count() == 1
    assert set(acts.values_list("of__unit__code", "reason")) == {
        (code, "漏了一堂课") for code in (CITY, DISTRICT, STREET, VILLAGE)
    }
    assert {at(code).state for code in (SECOND, THIRD, OTHER_STREET)} == {ReturnState.LOCKED}
    # And up again.
    sign(VILLAGE)
    approve(VILLAGE)
    sign(STREET)
    approve(STREET)
    sign(DISTRICT)
    approve(DISTRICT)
    sign(CITY)
    assert lock_month(at(CITY), turn=at(CITY).turn, by=office.city) == 4
    with pytest.raises(ReturnRefused, match="刚刚有人办过"):
        unlock_return(one, turn=one.turn, by=office.city, reason="旧的页面")


def test_the_database_keeps_what_the_services_promise(at):
    one = at(VILLAGE)
    for changes in (
        {"state": ReturnState.SUBMITTED},
        {"state": ReturnState.MISSING, "note": ""},
        {"state": "lost"},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Return.objects.filter(pk=one.pk).update(**changes)


def test_what_another_room_tells_is_not_told_twice(at, sign, held, monkeypatch, units):
    """Reports are asked of the unit and the month."""
    asked = []

    def finder(of, period):
        asked.append((of, period))
        full = StandsOut("always_full", units[VILLAGE].pk, "每次都到齐。", 90)
        return {of[0].pk: [full, StandsOut("nothing_held", of[0].pk, "没有上过课。", 20)]}

    monkeypatch.setattr("lms.returns.unusual.what_stands_out", finder)
    one = at(VILLAGE)
    none_held = Numbers(1, 0, 0, 0, 0, 0, 0, 0)
    sentences = [each.sentence for each in standing_out(one, none_held)]
    assert sentences == ["每次都到齐。", "应上1次课，一次也没有上完点名。"]
    assert asked == [([one.unit], one.period)]
