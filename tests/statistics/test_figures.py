"""Figures: shown with the mark that makes them, counted within a minute, recounted by night."""

import logging
from datetime import date, timedelta

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.models import Locale

from courses.choices import Subject
from courses.models import ClassroomPage
from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.closing import close_session
from lms.attendance.services.page import mark_on_page
from lms.celery import app
from lms.classes.choices import ClassKind
from lms.classes.models import ClassGroup
from lms.classes.sums import settle_class
from lms.statistics.choices import PeriodKind
from lms.statistics.models import (
    DailyRollup,
    DirtyMonth,
    DistinctLearner,
    DistinctLearnerCount,
    Recount,
    SessionCounters,
)
from lms.statistics.periods import Period
from lms.statistics.queries import (
    figures_by_kind,
    figures_by_month,
    figures_by_subject,
    figures_of,
    figures_of_children,
    sessions_of,
)
from lms.statistics.services import distinct_learners as counting
from lms.statistics.services.distinct_learners import count_learners
from lms.statistics.services.recount import recount
from lms.statistics.services.rollup import settle_sessions
from lms.units.models import Unit
from tests.staff_pages import session_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(begun):
    settle_sessions([begun.pk])
    return begun


@pytest.fixture
def this_month():
    return Period.of(PeriodKind.MONTH, timezone.localdate(timezone.now() - timedelta(hours=1)))


def mark(session, cast, statuses, who="teacher"):
    numbers = [learner.number for learner in cast.learners]
    by = getattr(cast, who)
    mark_on_page(session, statuses=dict(zip(numbers, statuses, strict=False)), recorded_by=by)


# --- Periods


@pytest.mark.parametrize(
    ("kind", "day", "first", "last", "slug", "label"),
    [
        ("month", "2024-02-29", "2024-02-01", "2024-02-29", "2024-02", "2024年2月"),
        ("term", "2026-01-31", "2025-08-01", "2026-01-31", "2025-autumn", "2025年下半年学期"),
        ("term", "2026-02-01", "2026-02-01", "2026-07-31", "2026-spring", "2026年上半年学期"),
        ("term", "2026-12-31", "2026-08-01", "2027-01-31", "2026-autumn", "2026年下半年学期"),
        ("year", "2026-12-31", "2026-01-01", "2026-12-31", "2026", "2026年"),
    ],
)
def test_every_day_lies_in_one_month_term_and_year(kind, day, first, last, slug, label):
    period = Period.of(PeriodKind(kind), date.fromisoformat(day))
    assert (period.starts_on.isoformat(), period.ends_on.isoformat()) == (first, last)
    assert (period.slug, period.label) == (slug, label)
    assert Period.from_slug(slug) == period == period.next.previous
    assert period.months()[-1].ends_on == period.ends_on


@pytest.mark.parametrize(
    "slug", ["", "26", "2026-", "2026-13", "2026-1", "2026-fall", "9999", "٢٠٢٦"]
)
def test_an_address_with_another_period_is_refused(slug):
    with pytest.raises(ValueError, match=r"period|isoformat|month must be"):
        Period.from_slug(slug)


# --- In the request


def test_the_city_shows_a_mark_in_the_same_request(client, cast, session, units, this_month):
    client.force_login(cast.teacher)
    event = {
        "seq": 1,
        "session": session.pk,
        "learner": cast.learners[0].number,
        "status": "late",
        "at": timezone.now().isoformat(),
    }
    body = {"now": timezone.now().isoformat(), "events": [event]}
    url = "/roll/api/devices/00000000-0000-0000-0000-000000000007/events"
    client.post(url, body, content_type="application/json")
    figures = figures_of(units["4401"], this_month)
    assert (figures.planned, figures.attendances) == (1, 1)
    assert (figures.learners, figures.counted_at) == (None, None), "waits for the minute's count"


def test_people_are_counted_once_however_often_they_come(cast, session, units, this_month):
    again = session_of(cast.class_group, hours=-1, seconds=1)
    for each in (session, again):
        mark(
            each,
            cast,
            [AttendanceStatus.PRESENT, AttendanceStatus.LEFT_EARLY, AttendanceStatus.ABSENT],
        )
    count_learners()
    figures = figures_of(units["4401"], this_month)
    assert (figures.attendances, figures.absences, figures.learners) == (4, 2, 2)
    assert figures.counted_at is not None
    street = figures_of_children(units["440103"], this_month)
    assert [(name, each.learners, each.is_reported) for _unit, name, each in street] == [
        ("沙面街道", 2, True),
        ("岭南街道", 0, False),
    ]


def test_who_comes_instead_of_another_is_counted(cast, session, units, this_month):
    mark(session, cast, [AttendanceStatus.PRESENT, AttendanceStatus.ABSENT])
    count_learners()
    mark(session, cast, [AttendanceStatus.ABSENT, AttendanceStatus.PRESENT])
    count_learners()
    seen = DistinctLearner.objects.filter(period_kind=PeriodKind.YEAR).values_list(
        "learner", flat=True
    )
    assert list(seen) == [cast.learners[1].pk]


def test_settling_many_sessions_costs_no_more_queries(cast, session, django_assert_num_queries):
    def settle(sessions):
        for each in sessions:
            mark(each, cast, [AttendanceStatus.PRESENT] * 3)
        SessionCounters.objects.all().delete()
        DailyRollup.objects.all().delete()
        with django_assert_num_queries(6):
            settle_sessions(each.pk for each in sessions)

    settle([session])
    settle([session, *(session_of(cast.class_group, hours=-1, minutes=-n) for n in range(1, 9))])
    assert DailyRollup.objects.get(unit__code="4401", attendances__gt=0).attendances == 27


def test_figures_are_told_by_month_kind_and_classroom(cast, session, units, this_month):
    mark(session, cast, [AttendanceStatus.PRESENT])
    close_lecture(cast)
    year = Period.of(PeriodKind.YEAR, this_month.starts_on)
    city = units["4401"]
    by_kind = dict(figures_by_kind(city, year))
    assert by_kind[ClassKind.VILLAGE_CLASS].attendances == 1
    assert (by_kind[ClassKind.LECTURE].headcount, by_kind[ClassKind.LECTURE].held) == (80, 1)
    assert by_kind[ClassKind.REMOTE].is_reported is False
    by_subject = dict(figures_by_subject(city, year))
    assert by_subject[None].planned == 2
    by_month = figures_by_month(city, year)
    assert [period for period, _figures in by_month] == year.months()
    assert sum(figures.planned for _month, figures in by_month) == 2
    lectures = figures_of(city, year, kind=ClassKind.LECTURE)
    assert (lectures.headcount, lectures.learners, lectures.counted_at) == (80, None, None)
    [own] = sessions_of(cast.class_group.unit, this_month, kind=ClassKind.VILLAGE_CLASS)
    assert (own, own.counters.attendances) == (session, 1)


def close_lecture(cast):
    lecture = ClassGroup.objects.get(pk=cast.other_class.pk)
    ClassGroup.objects.filter(pk=lecture.pk).update(kind=ClassKind.LECTURE)
    session = session_of(lecture, hours=-1)
    close_session(session, closed_by=cast.teacher, headcount=80)


def test_a_closed_unit_is_listed_while_it_has_something_to_show(cast, session, units, this_month):
    mark(session, cast, [AttendanceStatus.PRESENT])
    Unit.objects.filter(code__in=["440103001001", "440103001002"]).update(
        closed_on=date(2026, 6, 1)
    )
    listed = figures_of_children(units["440103001"], this_month)
    assert [unit.code for unit, _name, _figures in listed] == ["440103001001"]


# --- The minute's count


def test_a_mark_that_comes_during_the_count_is_counted_the_next_time(
    cast, session, units, this_month, monkeypatch
):
    mark(session, cast, [AttendanceStatus.PRESENT])
    write_counts = counting.write_counts

    def interrupted(period, keys):
        if period == this_month:
            mark(session, cast, [AttendanceStatus.PRESENT, AttendanceStatus.PRESENT])
        return write_counts(period, keys)

    monkeypatch.setattr(counting, "write_counts", interrupted)
    count_learners()
    monkeypatch.undo()
    assert figures_of(units["4401"], this_month).learners == 1
    assert DirtyMonth.objects.exists()
    count_learners()
    assert figures_of(units["4401"], this_month).learners == 2
    assert not DirtyMonth.objects.exists()


def test_every_job_on_the_clock_is_known_and_heard():
    queues = {queue.name for queue in settings.CELERY_TASK_QUEUES}
    app.loader.import_default_modules()
    for job in settings.CELERY_BEAT_SCHEDULE.values():
        assert job["task"] in app.tasks
        assert app.amqp.router.route({}, job["task"])["queue"].name in queues


# --- The recount


@pytest.fixture
def counted(cast, session):
    mark(session, cast, [AttendanceStatus.PRESENT, AttendanceStatus.ABSENT])
    count_learners()


def plant(what):
    """Something that no service does; drift is what comes of it."""
    if what == "a sum":
        DailyRollup.objects.filter(unit__code="440103").update(attendances=7)
    elif what == "a sum of nothing":
        day = DailyRollup.objects.filter(unit__code="4401").first()
        earlier = day.day - timedelta(days=40)
        DailyRollup.objects.create(unit=day.unit, day=earlier, kind=day.kind, held=1)
    elif what == "a session's figures":
        SessionCounters.objects.update(absences=3)
    elif what == "no figures at all":
        SessionCounters.objects.all().delete()
        DailyRollup.objects.all().delete()
    elif what == "who came":
        DistinctLearner.objects.filter(period_kind=PeriodKind.MONTH).delete()
    elif what == "who came in the year":
        seen = DistinctLearner.objects.filter(period_kind=PeriodKind.YEAR)
        seen.update(village=Unit.objects.get(code="440103002001"))
    else:
        DistinctLearnerCount.objects.filter(unit__code="4401", period_kind=what).update(learners=5)


@pytest.mark.parametrize(
    "what",
    [
        "a sum",
        "a sum of nothing",
        "a session's figures",
        "no figures at all",
        "who came",
        "who came in the year",
        *PeriodKind,
    ],
)
def test_planted_drift_is_found_told_loudly_and_mended(counted, what, caplog):
    assert recount().drift == 0
    plant(what)
    with caplog.at_level(logging.ERROR), pytest.raises(CommandError, match="--mend"):
        call_command("recount")
    assert "drifted" in caplog.text
    found = Recount.objects.latest()
    assert found.drift >= 1
    assert len(found.details) >= 1
    call_command("recount", "--mend")
    assert Recount.objects.latest().mended
    assert recount().drift == 0


def test_figures_follow_a_classroom_that_gets_another_subject(cast, counted, units, this_month):
    Locale.objects.get_or_create(language_code="zh-hans")
    page = ClassroomPage(
        title="防骗", subject=Subject.ANTI_FRAUD, short_name="防骗", introduction="不上当"
    )
    ClassroomPage.add_root(instance=page)
    ClassGroup.objects.filter(pk=cast.class_group.pk).update(classroom=page)
    settle_class(cast.class_group)
    city = units["4401"]
    assert figures_of(city, this_month, subject=Subject.ANTI_FRAUD).attendances == 1
    ClassroomPage.objects.update(subject=Subject.SCIENCE)
    assert recount().drift == 0
    assert figures_of(city, this_month, subject=Subject.ANTI_FRAUD).is_reported is False
    assert figures_of(city, this_month, subject=Subject.SCIENCE).attendances == 1
