"""A whole city in one run: 3,041 units sign, are approved and locked.

Each in its own transaction, as in service: thousands of savepoints in one make PostgreSQL slower
with each.
"""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import timezone

from lms.classes.choices import ClassKind, SessionState
from lms.classes.models import ClassGroup, ClassSession
from lms.returns.choices import ReturnState, SignedBy
from lms.returns.models import Return, Snapshot
from lms.returns.services.beginning import begin_month
from lms.returns.services.deciding import approve_returns
from lms.returns.services.locking import lock_month
from lms.returns.services.signing import submit_return
from lms.returns.snapshots import Words
from lms.statistics.services.rollup import settle_sessions
from lms.units.choices import Level
from lms.units.models import Unit
from lms.units.services.importing import import_units
from lms.units.unit_file import read_unit_file

GUANGZHOU = Path(settings.BASE_DIR) / "lms/units/data/units-guangzhou.csv"
HEADS = 7


@pytest.mark.thorough("3,041 signatures in a minute; eight units in test_services stand in for it")
@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_3041_units_sign_and_are_approved_in_one_run(django_user_model, month):
    import_units(
        read_unit_file(GUANGZHOU.read_bytes(), known_codes=frozenset()), on=date(2020, 1, 1)
    )
    signer, other = (django_user_model.objects.create_user(name) for name in ("签", "审"))
    hold_a_lecture_everywhere(month, signer)
    assert begin_month(month) == 3041
    for level in (Level.VILLAGE, Level.STREET, Level.DISTRICT, Level.CITY):
        rows = Return.objects.filter(level=level).select_related("unit")
        for one in rows:
            submit_return(
                one,
                turn=one.turn,
                by=signer,
                signed_with=SignedBy.CODE,
                words=Words("没有村居", "", "签"),
            )
        for above in Return.objects.filter(below__level=level).distinct():
            turns = dict(above.below.filter(level=level).values_list("pk", "turn"))
            answer = approve_returns(
                above, turns=turns, by=other, opened_at=timezone.now() - timedelta(minutes=2)
            )
            assert answer.done == len(turns)
    city = Return.objects.get(level=Level.CITY)
    assert lock_month(city, turn=city.turn, by=other) == 3041
    assert set(Return.objects.values_list("state", flat=True)) == {ReturnState.LOCKED}
    assert Snapshot.objects.count() == 3041
    villages = Unit.objects.filter(level=Level.VILLAGE).count()
    city.refresh_from_db()
    assert city.snapshot.told["figures"]["headcount"] == villages * HEADS
    assert city.snapshot.told["figures"]["held"] == villages


def hold_a_lecture_everywhere(month, by):
    groups = ClassGroup.objects.bulk_create(
        ClassGroup(
            unit=unit,
            title="讲座",
            kind=ClassKind.LECTURE,
            starts_on=month.starts_on,
            ends_on=month.ends_on,
        )
        for unit in Unit.objects.filter(level=Level.VILLAGE)
    )
    start = timezone.make_aware(datetime.combine(month.starts_on.replace(day=10), time(9)))
    end = start + timedelta(hours=1)
    sessions = ClassSession.objects.bulk_create(
        ClassSession(
            class_group=group,
            planned_at=start,
            starts_at=start,
            ends_at=end,
            state=SessionState.CLOSED,
            closed_at=end,
            closed_by=by,
            headcount=HEADS,
        )
        for group in groups
    )
    settle_sessions(session.pk for session in sessions)
