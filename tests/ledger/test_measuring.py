"""What this system measures of a row: a figure of who leads it, in a year, beside its goal."""

import pytest
from django.urls import reverse

from lms.ledger.choices import Figure
from lms.ledger.measuring import Measured, measured_of
from lms.ledger.models import Measure
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DailyRollup, DistinctLearnerCount
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def counted(units):
    """Of the street 沙面 in 2026: 40 sessions held, 12 of them of 防骗知识."""
    street = units["440103001"]
    rows = {"attendances": 900, "excused": 50, "absences": 50, "headcount": 70}
    DailyRollup.objects.create(
        unit=street, day="2026-03-03", kind="village", planned=30, held=28, **rows
    )
    DailyRollup.objects.create(
        unit=street, day="2026-04-03", kind="village", subject="anti-fraud", planned=12, held=12
    )
    DistinctLearnerCount.objects.create(
        unit=street, period_kind=PeriodKind.YEAR, starts_on="2026-01-01", learners=123,
        counted_at="2026-04-04T00:00Z",
    )  # fmt: skip
    return street


@pytest.mark.parametrize(
    ("figure", "value"),
    [
        (Figure.HELD, 40), (Figure.ATTENDANCES, 900), (Figure.LEARNERS, 123),
        (Figure.HEADCOUNT, 70), (Figure.SHARE, 90), (Figure.ANTI_FRAUD, 12),
        (Figure.SCIENCE, None),
    ],
)  # fmt: skip
def test_each_figure_is_that_of_the_reports(measure, counted, figure, value):
    measure.figure, measure.year = figure, 2026
    assert measured_of([measure])[measure.pk].value == value


def test_it_is_that_of_the_unit_that_leads(measure, counted, units):
    measure.figure, measure.year, measure.unit = Figure.HELD, 2026, units["4401"]
    assert measured_of([measure])[measure.pk].value is None
    measure.lead_unit = counted
    assert measured_of([measure])[measure.pk].value == 40


def test_rows_of_one_unit_and_year_ask_once(measure, counted, django_assert_max_num_queries):
    measure.figure, measure.year = Figure.HELD, 2026
    with django_assert_max_num_queries(2):
        found = measured_of([measure] * 30)
    assert found[measure.pk].value == 40


@pytest.mark.parametrize(
    ("value", "goal", "said", "share"),
    [
        (40, 60, "2026年上了几次课：40，目标60，还差20", 66),
        (60, 60, "2026年上了几次课：60，目标60，达到了", 100),
        (90, 60, "2026年上了几次课：90，目标60，达到了", 100),
        (0, 60, "2026年上了几次课：0，目标60，还差60", 0),
        (40, None, "2026年上了几次课：40", None),
        (None, 60, "2026年上了几次课：还没有数，目标60", None),
    ],
)
def test_it_is_said_in_words_beside_the_bar(value, goal, said, share):
    measured = Measured(Figure.HELD, 2026, value, goal)
    assert measured.words == said
    assert measured.share == share


def test_page_and_list_show_it(as_, measure, counted):
    Measure.objects.update(figure=Figure.HELD, year=2026, goal=60)
    client = as_("street_officer")
    page = client.get(reverse("ledger:row", args=[measure.pk]))
    assert "2026年上了几次课：40，目标60，还差20" in words(page)
    assert '<progress class="gauge" max="100" value="66"' in page.content.decode()
    assert "66%" in words(client.get(reverse("ledger:list")))


def test_a_goal_needs_a_figure(as_, measure):
    sent = {"version": "1", "task": "四个进课堂", "goal": "60"}
    response = as_("street_officer").post(reverse("ledger:edit", args=[measure.pk]), sent)
    assert "写了要达到多少，请选是哪个数" in words(response)
