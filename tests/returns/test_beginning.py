"""Who owes a return of a month, under whom, and until when."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms.returns.deadlines import due_on
from lms.returns.errors import ReturnRefused
from lms.returns.models import NoTeaching, Return
from lms.returns.services.beginning import begin_last_month, begin_month
from lms.returns.services.rules import declare_no_teaching, set_working_days, withdraw_no_teaching
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period
from lms.units.services.tree import close_unit, merge_units, move_unit, rename_unit
from tests.returns.conftest import (
    CITY,
    DISTRICT,
    OTHER_DISTRICT,
    OTHER_STREET,
    SECOND,
    STREET,
    THIRD,
    VILLAGE,
)

pytestmark = pytest.mark.django_db


def month_ago():
    """Within the month that ended last, or before it."""
    return timezone.now() - timedelta(days=timezone.localdate().day + 3)


def owed(month):
    return set(Return.objects.of_month(month).values_list("unit__code", flat=True))


def test_every_open_unit_owes_one_under_what_it_stands_under(units, month, django_user_model):
    django_user_model.objects.create(username="first", date_joined=month_ago())
    assert begin_last_month() == len(units)
    above = dict(Return.objects.values_list("unit__code", "above__unit__code"))
    assert above == {
        CITY: None,
        DISTRICT: CITY,
        OTHER_DISTRICT: CITY,
        STREET: DISTRICT,
        OTHER_STREET: DISTRICT,
        VILLAGE: STREET,
        SECOND: STREET,
        THIRD: OTHER_STREET,
    }
    keys = [units[code].pk for code in (CITY, DISTRICT, STREET, VILLAGE)]
    trail = Return.objects.get(unit=units[VILLAGE]).trail
    assert trail == "/" + "".join(f"{key}/" for key in keys)


def test_of_a_month_before_the_site_was_here_nobody_owes_any(units, django_user_model):
    django_user_model.objects.create(username="first")  # set up today
    assert begin_last_month() == 0


def test_a_month_of_which_classes_are_kept_is_owed_though_the_site_is_new(office, held, units):
    assert begin_last_month() == len(units)


def test_the_job_may_run_as_often_as_it_likes(units, month):
    begin_month(month)
    assert begin_month(month) == 0
    assert Return.objects.count() == len(units)


def test_a_month_that_goes_on_has_none(units):
    assert begin_month(Period.of(PeriodKind.MONTH, timezone.localdate())) == 0


def test_a_unit_without_classes_that_year_owes_none_nor_what_stands_above_it_alone(
    office, units, month
):
    declare_no_teaching(units[THIRD], year=month.starts_on.year, reason="拆迁", by=office.city)
    begin_month(month)
    assert owed(month) == {CITY, DISTRICT, OTHER_DISTRICT, STREET, VILLAGE, SECOND}


def test_it_owes_one_when_a_class_was_planned_all_the_same(office, units, month, lecture):
    declare_no_teaching(units[STREET], year=month.starts_on.year, reason="拆迁", by=office.city)
    lecture(SECOND, 30)
    begin_month(month)
    assert {STREET, SECOND} <= owed(month)
    assert VILLAGE not in owed(month)


def test_what_nobody_has_touched_goes_when_the_unit_is_declared(office, units, month):
    begin_month(month)
    declare_no_teaching(units[STREET], year=month.starts_on.year, reason="拆迁", by=office.city)
    assert owed(month) == {CITY, DISTRICT, OTHER_DISTRICT, OTHER_STREET, THIRD}


def test_a_year_is_declared_once_and_may_be_taken_back(office, units, month):
    year = month.starts_on.year
    declare_no_teaching(units[THIRD], year=year, reason="拆迁", by=office.city)
    with pytest.raises(ReturnRefused, match="已经登记过"):
        declare_no_teaching(units[THIRD], year=year, reason="拆迁", by=office.city)
    withdraw_no_teaching(NoTeaching.objects.get(), by=office.city)
    begin_month(month)
    assert THIRD in owed(month)


def test_a_village_that_was_merged_within_the_month_counts_at_the_one_that_took_it_over(
    office, units, month, lecture
):
    lecture(SECOND, 11, day=3)
    middle = month.starts_on.replace(day=15)
    merge_units([units[SECOND]], into=units[VILLAGE], on=middle)
    begin_month(month)
    assert SECOND not in owed(month)
    assert Return.objects.get(unit=units[VILLAGE]).also == [units[SECOND].pk]


def test_a_village_that_closed_without_an_heir_counts_at_its_street(office, units, month, lecture):
    lecture(SECOND, 11, day=3)
    close_unit(units[SECOND], on=month.starts_on.replace(day=15))
    begin_month(month)
    assert Return.objects.get(unit=units[STREET]).also == [units[SECOND].pk]


def test_what_happens_to_a_unit_after_the_month_changes_no_return_of_it(office, units, month):
    """Whether the returns are begun before it or after."""
    later = month.ends_on + timedelta(days=1)
    rename_unit(units[SECOND], name="新沙面社区", on=later)
    move_unit(units[VILLAGE], parent=units[OTHER_STREET], on=later)
    begin_month(month)
    assert Return.objects.get(unit=units[SECOND]).unit_name == "沙面社区"
    assert Return.objects.get(unit=units[VILLAGE]).above.unit == units[STREET]
    before = set(Return.objects.values_list("unit", "trail", "unit_name"))
    units[THIRD].refresh_from_db()
    units[STREET].refresh_from_db()
    move_unit(units[THIRD], parent=units[STREET], on=later)
    assert set(Return.objects.values_list("unit", "trail", "unit_name")) == before


@pytest.mark.parametrize(
    ("slug", "working_day", "day"),
    [
        ("2026-10", 3, "2026-11-04"),  # the first is a Sunday
        ("2025-09", 1, "2025-10-09"),  # the national holiday
        ("2025-09", 3, "2025-10-11"),  # a Saturday on which offices work
        ("2025-12", 1, "2026-01-04"),  # a Sunday on which offices work
    ],
)
def test_last_days_are_counted_in_working_days(slug, working_day, day):
    assert due_on(Period.from_slug(slug), working_day) == date.fromisoformat(day)


def test_each_level_has_its_own_last_day_as_the_top_has_set_it(office, units, month):
    days = {"village": 2, "street": 4, "district": 6, "city": 9}
    set_working_days(units[CITY], days=days, by=office.city)
    begin_month(month)
    for code, level in ((VILLAGE, "village"), (CITY, "city")):
        assert Return.objects.get(unit=units[code]).due_on == due_on(month, days[level])
    with pytest.raises(ReturnRefused, match="后面"):
        set_working_days(units[CITY], days={**days, "street": 2}, by=office.city)
