"""Two people at once, each with a connection of his own: one is first, the other is told."""

import threading

import pytest
from django.db import connection
from django.utils import timezone

from lms.returns.choices import ReturnActKind, ReturnState, SignedBy
from lms.returns.errors import ReturnRefused
from lms.returns.models import ReturnAct, Snapshot
from lms.returns.services.deciding import approve_returns, send_back
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words
from tests.returns.conftest import STREET, VILLAGE

pytestmark = pytest.mark.django_db(transaction=True, serialized_rollback=True)


def at_once(*jobs):
    """What each answers: what it returns, or how it was refused."""
    answers, ready = {}, threading.Barrier(len(jobs))

    def run(number, job):
        try:
            ready.wait()
            answers[number] = job()
        except ReturnRefused as reason:
            answers[number] = reason
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == len(jobs)
    return list(answers.values())


def test_one_return_is_signed_once_and_answered_once(at, office):
    one = at(VILLAGE)

    def sign(by):
        return submit_return(
            one, turn=0, by=by, signed_with=SignedBy.CODE, words=Words("", "", "签")
        )

    answers = at_once(lambda: sign(office.village), lambda: sign(office.street))
    assert sorted(type(each).__name__ for each in answers) == ["ReturnRefused", "Snapshot"]
    assert Snapshot.objects.count() == 1

    one, street = at(VILLAGE), at(STREET)
    opened = timezone.now()
    at_once(
        lambda: send_back(one, turn=one.turn, by=office.second, note="再看看"),
        lambda: approve_returns(street, turns={one.pk: 1}, by=office.second, opened_at=opened),
        lambda: approve_returns(street, turns={one.pk: 1}, by=office.city, opened_at=opened),
    )
    answered = ReturnAct.objects.exclude(kind=ReturnActKind.SUBMITTED)
    assert answered.count() == 1
    was_sent_back = answered.get().kind == ReturnActKind.SENT_BACK
    state = ReturnState.SENT_BACK if was_sent_back else ReturnState.APPROVED
    assert at(VILLAGE).state == state
    assert at(VILLAGE).turn == 2
