"""Officers set classes up, and teachers their own, with forms sent without a script."""

from datetime import date, time, timedelta

import pytest
from django.utils import timezone

from lms.classes.choices import Door
from lms.classes.models import ClassGroup, WeeklyTime
from lms.classes.services.enrolments import enrol
from lms.classes.services.sessions import cancel_session, plan_sessions
from tests.staff_pages import VILLAGE, class_form, words

pytestmark = pytest.mark.django_db


def test_an_officer_finds_the_village_by_name_or_code_among_the_own_units_only(as_):
    client = as_("street_officer")
    for query in ("翠洲", VILLAGE):
        text = words(client.get("/classes/new/", {"q": query}))
        assert "翠洲社区" in text
        assert "沙面社区" not in text
    assert "没有这样的村居" in words(client.get("/classes/new/", {"q": "和平"}))


def test_an_officer_makes_a_class_and_its_sessions_are_planned(as_, cast):
    sent = class_form(
        title="新班",
        capacity="20",
        starts_on="2099-09-01",
        ends_on="2099-09-30",
        teachers=[cast.teacher.pk],
        **{"times-0-weekday": "2", "times-0-starts_at": "09:00", "times-0-ends_at": "10:30"},
    )
    response = as_("street_officer").post(f"/classes/new/{VILLAGE}/", sent)
    group = ClassGroup.objects.get(title="新班")
    assert response.url == f"/classes/{group.pk}/"
    assert list(group.teachers.all()) == [cast.teacher]
    starts = [timezone.localtime(session.starts_at) for session in group.sessions.all()]
    assert len(starts) >= 4
    assert {(start.isoweekday(), start.time()) for start in starts} == {(2, time(9))}


def test_a_teacher_opens_a_class_in_her_village_and_teaches_it_whatever_is_ticked(as_, cast):
    client = as_("teacher")
    assert client.get("/classes/new/").url == f"/classes/new/{VILLAGE}/"
    assert client.get(f"/classes/new/{VILLAGE}/").context["form"]["teachers"].initial == [
        cast.teacher.pk
    ]
    response = client.post(f"/classes/new/{VILLAGE}/", class_form(title="新班"))
    group = ClassGroup.objects.get(title="新班")
    assert list(group.teachers.all()) == [cast.teacher]
    assert client.get(response.url).status_code == 200
    client.post(f"/classes/{group.pk}/edit/", class_form(title="手机班", teachers=[]))
    group.refresh_from_db()
    assert (group.title, list(group.teachers.all())) == ("手机班", [cast.teacher])


def test_a_teacher_of_another_village_cannot_be_put_into_a_class(as_, cast):
    sent = class_form(title="新班", teachers=[cast.other_teacher.pk])
    response = as_("city_officer").post(f"/classes/new/{VILLAGE}/", sent)
    assert response.status_code == 422
    assert not ClassGroup.objects.filter(title="新班").exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"ends_on": "2026-08-01"}, "结束日期不能早于开班日期"),
        ({"times-0-weekday": "2"}, "要一起填"),
        (
            {"times-0-weekday": "2", "times-0-starts_at": "10:00", "times-0-ends_at": "09:00"},
            "结束要晚于开始",
        ),
        (
            {f"times-{n}-{k}": v for n in (0, 1) for k, v in
             (("weekday", "2"), ("starts_at", "10:00"), ("ends_at", "11:00"))},
            "写了两遍",
        ),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_class_is_said_and_nothing_is_made(as_, wrong, said):
    response = as_("street_officer").post(f"/classes/new/{VILLAGE}/", class_form(**wrong))
    assert response.status_code == 422
    assert said in words(response)
    assert ClassGroup.objects.count() == 2


@pytest.fixture
def planned(cast):
    """The class on Tuesdays at nine, planned far ahead."""
    group = cast.class_group
    group.starts_on, group.ends_on = date(2099, 9, 1), date(2099, 9, 30)
    group.save()
    WeeklyTime.objects.create(class_group=group, weekday=2, starts_at=time(9), ends_at=time(10))
    plan_sessions(group)
    return group


def on_wednesdays(**changes):
    rows = {"times-0-weekday": "3", "times-0-starts_at": "14:00", "times-0-ends_at": "15:00"}
    return class_form(starts_on="2099-09-01", ends_on="2099-09-30", **rows, **changes)


def test_another_weekday_moves_the_sessions_ahead_and_leaves_what_somebody_touched(
    as_, planned, cast
):
    moved, cancelled, *_rest = planned.sessions.all()
    moved.starts_at += timedelta(days=2)
    moved.ends_at += timedelta(days=2)
    moved.save()
    cancel_session(cancelled, reason="台风")
    sent = on_wednesdays(teachers=[cast.teacher.pk])
    assert as_("street_officer").post(f"/classes/{planned.pk}/edit/", sent).status_code == 302
    weekdays = {
        timezone.localtime(session.starts_at).isoweekday()
        for session in planned.sessions.exclude(pk__in=[moved.pk, cancelled.pk])
    }
    assert weekdays == {3}
    assert planned.sessions.filter(pk__in=[moved.pk, cancelled.pk]).count() == 2


def test_a_longer_lesson_keeps_the_same_sessions(as_, planned):
    before = list(planned.sessions.values_list("pk", flat=True))
    sent = class_form(
        starts_on="2099-09-01",
        ends_on="2099-09-30",
        **{"times-0-weekday": "2", "times-0-starts_at": "09:00", "times-0-ends_at": "11:30"},
    )
    as_("street_officer").post(f"/classes/{planned.pk}/edit/", sent)
    assert list(planned.sessions.values_list("pk", flat=True)) == before
    assert {timezone.localtime(s.ends_at).time() for s in planned.sessions.all()} == {time(11, 30)}


def test_more_room_lets_those_who_wait_move_up(as_, cast):
    group = cast.class_group
    group.capacity = 1
    group.save()
    for learner in cast.learners:
        enrol(learner, group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    as_("street_officer").post(f"/classes/{group.pk}/edit/", class_form(capacity="2"))
    assert sorted(group.enrolments.values_list("state", flat=True)) == [
        "enrolled", "enrolled", "waiting",
    ]  # fmt: skip
