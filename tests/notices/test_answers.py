"""What the company tells afterwards, what learners answer, what goes when they are forgotten."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest
from django.utils import timezone

from lms.accounts.choices import Purpose
from lms.notices.choices import DeliveryState, HowSaid, Way, Why
from lms.notices.consent import answers_of
from lms.notices.models import Delivery, Wish
from lms.notices.services.classes import tell_class
from lms.notices.services.people import forget_before
from lms.notices.services.posting import send_due
from lms.people.services.learners import erase_learner, register_learner
from lms.people.services.merging import merge_learners, undo_merge

pytestmark = pytest.mark.django_db

PUSH = "/notices/push/"


def push(client, told, *, secret="between us", **more):
    body = json.dumps(told).encode()
    signed = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    headers = {"X-Yinling-Signature": signed}
    return client.post(PUSH, body, content_type="application/json", headers=headers, **more)


@pytest.fixture
def sent(cancelled, cast, company) -> Delivery:
    notice = tell_class(cancelled, made_by=cast.teacher)
    send_due()
    return notice.deliveries.get(way=Way.SMS, shared_with=None)


def report(delivery, *, arrived):
    return [{"out_id": delivery.handed_over_as, "success": arrived, "err_code": "X"}]


def test_a_message_that_arrived_is_known_to_have(client, sent):
    assert push(client, report(sent, arrived=True)).json()["code"] == 0
    sent.refresh_from_db()
    assert sent.state == DeliveryState.ARRIVED
    push(client, report(sent, arrived=False))  # late, and about something that is over
    sent.refresh_from_db()
    assert (sent.state, sent.cost_fen) == (DeliveryState.ARRIVED, 5)


def test_whom_it_did_not_reach_is_to_be_called(client, sent):
    push(client, report(sent, arrived=False))
    calls = sent.notice.deliveries.to_call().filter(why=Why.BAD_NUMBER)
    assert {call.learner.name for call in calls} == {"陈阿婆", "陈伯"}


def test_a_report_stands_for_the_answer_that_never_came(client, cancelled, cast, company, clock):
    company.says = ["silence"]
    notice = tell_class(cancelled, made_by=cast.teacher)
    send_due()
    clock.on(minutes=20)
    send_due()
    delivery = notice.deliveries.get(way=Way.SMS, shared_with=None)
    assert delivery.state == DeliveryState.UNSURE
    push(client, report(delivery, arrived=True))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.cost_fen) == (DeliveryState.ARRIVED, 5)
    assert not notice.deliveries.to_call().filter(learner=delivery.learner).exists()


@pytest.mark.parametrize(
    "pushed",
    [[{"out_id": "nobody's", "success": True}], [{"out_id": "", "success": False}], [{}]],
)
def test_what_we_do_not_know_changes_nothing(client, sent, pushed):
    assert push(client, pushed).status_code == 200
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


def test_only_the_company_is_listened_to(client, sent, settings):
    told = report(sent, arrived=True)
    assert push(client, told, secret="guessed").status_code == 404
    body = json.dumps(told)
    assert client.post(PUSH, body, content_type="application/json").status_code == 404
    wrong = PUSH + "?key=guessed"
    assert client.post(wrong, body, content_type="application/json").status_code == 404
    assert client.get(PUSH).status_code == 405
    settings.SMS_PUSH_SECRET = ""
    assert push(client, told, secret="").status_code == 404
    sent.refresh_from_db()
    assert sent.state == DeliveryState.SENT


def test_a_company_that_signs_nothing_has_the_secret_in_its_address(client, sent):
    address = PUSH + "?key=between us"
    body = json.dumps(report(sent, arrived=True))
    assert client.post(address, body, content_type="application/json").status_code == 200
    assert client.post(address, "{", content_type="application/json").status_code == 400


@pytest.mark.parametrize("words", ["TD", "td。", "退订", " 不要发了！"])
def test_who_answers_that_they_want_no_more_gets_no_more(client, told, cast, company, clock, words):
    told.husband.user = cast.stranger
    told.husband.save()
    cast.stranger.telephone = "+8619900000001"
    cast.stranger.save()
    clock.on(minutes=1)
    push(client, [{"phone_number": "19900000001", "content": words}])
    assert answers_of([told.yes, told.husband, told.no]) == dict.fromkeys(
        (told.yes.pk, told.husband.pk, told.no.pk), False
    )
    assert told.yes.wishes.first().how == HowSaid.REPLY
    assert cast.stranger.agrees_to(Purpose.NEWS) is False


def test_another_answer_changes_nothing(client, told, company, clock):
    clock.on(minutes=1)
    push(client, [{"phone_number": "19900000001", "content": "谢谢老师"}])
    assert answers_of([told.yes]) == {told.yes.pk: True}


def test_of_an_erased_learner_nothing_waits_and_what_it_cost_stays(sent, told, cast, company):
    erase_learner(told.yes, reason="本人要求", erased_by=cast.street_officer)
    sent.refresh_from_db()
    assert (sent.learner, sent.person, sent.cost_fen) == (None, None, 5)
    erase_learner(told.without, reason="本人要求", erased_by=cast.street_officer)
    assert not Delivery.objects.filter(learner__in=[told.yes, told.without]).exists()
    assert not Wish.objects.filter(learner=told.yes).exists()


def test_two_rows_of_one_person_have_one_history_until_they_are_two_again(sent, told, cast):
    again = register_learner(name="黄伯", unit=told.no.unit, telephone="19900000002")
    merge = merge_learners(
        kept=again, gone=told.no, reason="登记了两次", merged_by=cast.street_officer
    )
    assert answers_of([again]) == {again.pk: False}
    assert [call.why for call in again.deliveries.filter(way=Way.CALL)] == [Why.SAID_NO]
    undo_merge(merge, reason="是两个人", undone_by=cast.street_officer)
    assert answers_of([again]) == {}
    assert told.no.deliveries.filter(way=Way.CALL).exists()


def test_after_its_time_a_notice_is_nobodys(sent, clock):
    assert forget_before(timezone.now() - timedelta(days=1)) == 0
    clock.on(days=400)
    assert forget_before(timezone.now() - timedelta(days=365)) > 0
    left = Delivery.objects.all()
    assert {each.way for each in left} == {Way.SMS}
    assert {(each.person, each.learner) for each in left} == {(None, None)}
    assert sum(each.cost_fen for each in left) == 5
