"""Deliveries leave once, in their time, with growing waits; who is not reached is to be called."""

import logging
from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from lms import outgoing
from lms.accounts import aliyun_sms
from lms.accounts.choices import Purpose
from lms.accounts.services import note_agreement
from lms.attendance.services.rescheduling import move_session
from lms.notices.audiences import Audience
from lms.notices.choices import DeliveryState, HowSaid, NoticeReason, Rings, Way, Why
from lms.notices.models import Delivery, Notice, Wish, WishIsFinal
from lms.notices.queries import cost_of_month, costs_for
from lms.notices.services import tell
from lms.notices.services.classes import remind_of_tomorrow, tell_class
from lms.notices.services.people import note_wish
from lms.notices.services.posting import WAITS, claim_next, post_one, send_due
from lms.people.choices import Role
from tests.notices.conftest import wall

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(cancelled, cast, company) -> Notice:
    return tell_class(cancelled, made_by=cast.teacher)


def by_sms(notice) -> Delivery:
    return notice.deliveries.get(way=Way.SMS, shared_with=None)


def called(notice) -> dict[str, str]:
    calls = notice.deliveries.filter(way=Way.CALL, state=DeliveryState.WAITING)
    return dict(calls.values_list("learner__name", "why"))


def test_who_agreed_gets_a_message_and_who_cannot_is_to_be_called(notice, company):
    assert send_due() == 1
    assert company.numbers() == {"19900000001": 1}  # husband and wife have one telephone
    assert called(notice) == {
        "黄伯": Why.SAID_NO,
        "李婶": Why.NOT_ASKED,
        "麦婆婆": Why.NO_NUMBER,
    }
    states = notice.deliveries.filter(way=Way.SMS).order_by("pk").values_list("state", flat=True)
    assert list(states) == [DeliveryState.SENT, DeliveryState.SHARED]


def test_the_text_says_the_class_and_no_name(notice, company):
    send_due()
    [form] = company.taken
    for name in ("陈", "黄", "李", "麦", "teacher"):
        assert name not in form["TemplateParam"]
    assert notice.learner_text == ("翠洲手机班12月4日星期五上午9点半的课不上了。")


def test_told_twice_is_told_once(notice, cancelled, cast, company):
    assert tell_class(cancelled, made_by=cast.teacher) == notice
    send_due()
    send_due()
    assert company.numbers() == {"19900000001": 1}


def test_no_number_is_written_into_the_log(notice, company, caplog):
    caplog.set_level(logging.DEBUG)
    company.says = ["isv.BUSINESS_LIMIT_CONTROL", "silence"]
    send_due()
    assert "was not taken" in caplog.text
    assert "1990000" not in caplog.text


def test_after_each_refusal_it_waits_longer_and_then_somebody_is_called(notice, company, clock):
    company.says = ["isv.BUSINESS_LIMIT_CONTROL"] * (len(WAITS) + 1)
    for number, wait in enumerate(WAITS):
        assert send_due() == 1
        assert send_due() == 0
        assert by_sms(notice).due_at == timezone.now() + wait
        assert by_sms(notice).tries == number + 1
        clock.on(minutes=wait.total_seconds() / 60)
    assert send_due() == 1
    assert (by_sms(notice).state, by_sms(notice).why) == (DeliveryState.FAILED, Why.FAILED)
    assert called(notice)["陈阿婆"] == called(notice)["陈伯"] == Why.FAILED
    assert len({form["SignatureNonce"] for form in company.asked}) == len(WAITS) + 1
    assert cost_of_month(timezone.now()) == 0


def test_a_number_that_takes_nothing_is_not_tried_again(notice, company, clock):
    company.says = ["isv.MOBILE_NUMBER_ILLEGAL"]
    send_due()
    clock.on(minutes=30)
    assert send_due() == 0
    assert called(notice)["陈阿婆"] == Why.BAD_NUMBER


def test_without_an_answer_it_is_handed_over_again_under_its_name(notice, company, clock):
    company.says = ["silence"]
    send_due()
    assert by_sms(notice).state == DeliveryState.WAITING
    clock.on(minutes=2)
    send_due()
    assert by_sms(notice).state == DeliveryState.SENT
    assert len(company.asked) == 2
    assert company.numbers() == {"19900000001": 1}
    assert by_sms(notice).cost_fen == 5


def test_a_worker_that_dies_after_handing_over_sends_none_twice(
    notice, company, clock, monkeypatch
):
    post = outgoing.post

    def killed(*told, **more):
        post(*told, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(outgoing, "post", killed)
    with pytest.raises(KeyboardInterrupt):
        send_due()
    monkeypatch.setattr(outgoing, "post", post)
    assert by_sms(notice).state == DeliveryState.SENDING
    assert send_due() == 0  # its lease runs on
    clock.on(seconds=91)
    assert send_due() == 1
    assert by_sms(notice).state == DeliveryState.SENT
    assert company.numbers() == {"19900000001": 1}


def test_a_mistake_of_ours_sends_none_twice(notice, company, clock, monkeypatch):
    understood = aliyun_sms._understood
    monkeypatch.setattr(aliyun_sms, "_understood", lambda answer: answer.nothing)
    send_due()
    monkeypatch.setattr(aliyun_sms, "_understood", understood)
    clock.on(minutes=2)
    send_due()
    assert by_sms(notice).state == DeliveryState.SENT
    assert company.numbers() == {"19900000001": 1}


def test_a_worker_that_dies_before_sends_it_all_the_same(notice, company, clock):
    assert claim_next(spent=0) is not None
    assert claim_next(spent=0) is None  # no other worker has it as well
    clock.on(seconds=91)
    send_due()
    assert company.numbers() == {"19900000001": 1}


def test_what_nobody_remembers_any_more_is_not_sent_twice_but_called(notice, company, clock):
    company.says = ["silence"]
    send_due()
    clock.on(minutes=20)
    assert send_due() == 0
    assert by_sms(notice).state == DeliveryState.UNSURE
    assert called(notice)["陈阿婆"] == Why.UNSURE
    assert len(company.asked) == 1


def test_a_worker_that_lost_its_lease_changes_nothing(notice, company, clock):
    held = claim_next(spent=0)
    assert held is not None
    clock.on(seconds=91)
    send_due()
    company.says = ["isv.MOBILE_NUMBER_ILLEGAL"]
    held.turn = 7
    post_one(held)
    assert by_sms(notice).state == DeliveryState.SENT


def test_at_night_it_waits_for_eight(cancelled, cast, company, clock):
    clock("21:00")
    notice = tell_class(cancelled, made_by=cast.teacher)
    assert send_due() == 0
    clock("07:59", "2026-12-04")
    assert send_due() == 0
    clock("08:00", "2026-12-04")
    assert send_due() == 1
    assert by_sms(notice).state == DeliveryState.SENT


def test_what_was_due_before_nine_does_not_ring_after_it(notice, company, clock):
    clock("21:05")
    assert send_due() == 0
    assert by_sms(notice).state == DeliveryState.WAITING


def test_whom_a_message_would_reach_too_late_is_to_be_called(cancelled, cast, company, clock):
    type(cancelled).objects.update(starts_at=wall("07:30", "2026-12-04"))
    cancelled.refresh_from_db()
    clock("21:30")
    notice = tell_class(cancelled, made_by=cast.teacher)
    assert called(notice)["陈阿婆"] == Why.TOO_LATE
    clock("08:00", "2026-12-04")
    assert send_due() == 0


def test_a_class_that_changed_again_is_not_told_of_as_it_was(session, cast, company, clock):
    def moved(hours):
        later = session.starts_at + timedelta(hours=hours)
        move_session(session, starts_at=later, reason="停电", recorded_by=cast.teacher)
        return tell_class(session, made_by=cast.teacher)

    clock("22:00")
    first, second = moved(3), moved(2)
    clock("08:00", "2026-12-04")
    send_due()
    [form] = company.taken
    assert "下午2点半" in form["TemplateParam"]
    assert "中午12点半" in form["TemplateParam"]  # where they think that it is
    waits = first.deliveries.filter(state=DeliveryState.WAITING)
    assert not waits.exists()
    assert called(second)


def test_a_session_that_changed_and_of_which_nobody_was_told_is_not_told_of_wrongly(
    notice, cancelled, company
):
    type(cancelled).objects.filter(pk=cancelled.pk).update(revision=9)
    assert send_due() == 0
    assert by_sms(notice).why == Why.CHANGED


def test_an_emergency_rings_at_night_and_asks_nobody(told, cast, company, clock, settings):
    settings.SMS_TEMPLATES = {"emergency": "SMS_9"}
    clock("23:00")
    notice = tell(
        reason=NoticeReason.EMERGENCY,
        audience=Audience(class_group=cast.class_group),
        unit=cast.class_group.unit,
        learner_text="台风今晚到，请不要出门。",
        urgent=True,
    )
    assert notice.rings == Rings.ALWAYS
    send_due()
    assert set(company.numbers()) == {"19900000001", "19900000002", "19900000003"}
    assert called(notice) == {"麦婆婆": Why.NO_NUMBER}


@pytest.mark.parametrize("reason", [NoticeReason.WORK, NoticeReason.ALERT])
def test_what_is_urgent_and_no_emergency_waits_for_the_morning(told, cast, company, clock, reason):
    clock("23:00")
    cast.teacher.telephone = "+8619900000009"
    cast.teacher.save()
    notice = tell(
        reason=reason,
        audience=Audience(class_group=cast.class_group),
        unit=cast.class_group.unit,
        staff_text="请今晚看一看",
        learner_text="有人冒充社区收费",
        urgent=True,
    )
    assert notice.rings == Rings.BY_DAY
    assert send_due() == 0
    clock("08:00", "2026-12-04")
    send_due()
    assert company.numbers() == {"19900000009": 1}  # learners agreed to news of classes only
    assert called(notice) == {}


def test_beyond_the_months_ceiling_only_what_is_urgent_is_sent(
    cancelled, cast, told, company, clock, settings
):
    settings.SMS_MOST_YUAN = 0
    notice = tell_class(cancelled, made_by=cast.teacher)
    send_due()
    assert company.taken == []
    assert called(notice)["陈阿婆"] == called(notice)["陈伯"] == Why.CEILING
    clock("08:10", "2026-12-04")  # now it is today's
    Notice.objects.all().delete()
    assert tell_class(cancelled, made_by=cast.teacher).urgent
    send_due()
    assert company.numbers() == {"19900000001": 1}


def test_costs_are_counted_by_month_and_unit(notice, cast, company, clock, units):
    send_due()
    assert cost_of_month(timezone.now()) == 5
    this, before = costs_for(cast.street_officer, timezone.localdate())[:2]
    assert [(each.unit.name, each.count, each.fen) for each in this.units] == [("翠洲社区", 1, 5)]
    assert (before.month.isoformat(), before.fen) == ("2026-11-01", 0)
    clock("10:00", "2027-01-04")
    months = [each.fen for each in costs_for(cast.city_officer, timezone.localdate())]
    assert months == [0, 5, 0, 0, 0, 0]
    assert cost_of_month(timezone.now()) == 0


def test_tomorrows_class_is_told_of_once_to_who_agreed_and_nobody_is_called(
    session, company, clock
):
    clock("16:00")
    assert remind_of_tomorrow() == 1
    assert remind_of_tomorrow() == 1
    send_due()
    [form] = company.taken
    assert "明天12月4日星期五上午9点半" in form["TemplateParam"]
    assert not Delivery.objects.filter(way=Way.CALL).exists()
    assert Notice.objects.get().staff_text == ""


def test_of_a_cancelled_class_nobody_is_reminded(cancelled, company, clock):
    clock("16:00")
    assert remind_of_tomorrow() == 0


def test_the_latest_word_holds_at_the_desk_or_in_the_account(told, cast, clock):
    learner = told.yes
    learner.user = cast.stranger
    learner.save()
    clock.on(minutes=1)
    note_agreement(cast.stranger, Purpose.NEWS, given=False, version="1")

    def reached():
        tell(
            reason=NoticeReason.TOMORROW,
            audience=Audience(class_group=told.group),
            unit=told.group.unit,
            learner_text="明天上课",
            values={},
            calls=False,
        )
        sms = Delivery.objects.filter(notice=Notice.objects.first(), way=Way.SMS)
        return {each.learner.name for each in sms.select_related("learner")}

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("lms.notices.consent.sms_gateway", object)
        assert reached() == {"陈伯"}
        clock.on(minutes=1)
        note_wish(learner, given=True, how=HowSaid.SIGNED, recorded_by=cast.teacher)
        assert reached() == {"陈伯", "陈阿婆"}


def test_what_was_said_is_kept_as_it_was_said(told):
    wish = told.yes.wishes.get()
    wish.given = False
    with pytest.raises(WishIsFinal):
        wish.save()
    with pytest.raises(WishIsFinal):
        Wish.objects.update(given=False)


def test_without_a_gateway_everybody_is_to_be_called(cancelled, cast, settings):
    settings.SMS_GATEWAY = ""
    notice = tell_class(cancelled, made_by=cast.teacher)
    assert set(called(notice).values()) == {Why.NO_GATEWAY}
    assert len(called(notice)) == 5


def test_staff_find_it_on_their_page_and_are_rung_only_for_today(cancelled, cast, company, clock):
    cast.teacher.telephone = "+8619900000009"
    cast.teacher.save()
    notice = tell_class(cancelled, made_by=cast.street_officer)
    mine = Delivery.objects.on_page_of(cast.teacher)
    assert [each.notice for each in mine] == [notice]
    send_due()
    assert "19900000009" not in company.numbers()
    Notice.objects.all().delete()
    clock("08:10", "2026-12-04")
    tell_class(cancelled, made_by=cast.street_officer)
    send_due()
    assert company.numbers()["19900000009"] == 1


def test_urgent_mail_goes_to_who_has_no_telephone(cast, clock, settings):
    settings.EMAIL_HOST = "mail.example"
    settings.SMS_GATEWAY = ""
    cast.street_officer.email = "street@example.org"
    cast.street_officer.save()
    tell(
        reason=NoticeReason.WORK,
        audience=Audience(roles=(Role.OFFICER,), units=(cast.class_group.unit.get_parent(),)),
        unit=cast.class_group.unit,
        staff_text="报表今天要交。",
        address="/work/",
        urgent=True,
    )
    send_due()
    [sent] = mail.outbox
    assert sent.to == ["street@example.org"]
    assert "报表今天要交。" in sent.body
    assert sent.body.endswith("/work/")
