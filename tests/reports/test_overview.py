"""A unit at a glance: what is counted and how, what is not, and the way down to the session."""

from datetime import date
from types import SimpleNamespace

import pytest
from django.utils import timezone

from lms.reports.overview import compared
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DistinctLearnerCount
from lms.statistics.periods import Period
from lms.units.services.tree import move_unit
from tests.reports.conftest import session_on
from tests.reports.reading import as_dicts, page_rows, tables
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

MARCH = "?period=2026-03"


def below(response):
    return as_dicts(page_rows(response, "below"))


def test_sums_go_up_and_people_are_counted_once(as_, march):
    rows = below(as_("city_officer").get(f"/reports/440103/{MARCH}"))
    street = rows["沙面街道"]
    assert [street[head] for head in ("应上", "已上", "取消", "未完成")] == ["4", "2", "1", "1"]
    assert [street[head] for head in ("到课人次", "没到", "出勤率")] == ["2", "1", "66.7%"]
    assert street["讲座人次"] == "1,040"
    # 陈阿婆 came in both streets.
    assert [row["学员人数"] for row in rows.values()] == ["2", "1", "2"]
    assert rows["合计"]["到课人次"] == "3"


def test_nothing_planned_is_a_dash_and_words_never_nought(as_, march):
    browser = as_("city_officer")
    nothing = below(browser.get(f"/reports/4401/{MARCH}"))["越秀区"]
    assert set(nothing.values()) == {"越秀区", "—", "没有排课"}
    assert "2026年3月没有排课" in words(browser.get(f"/reports/440104/{MARCH}"))


def test_nobody_marked_yet_is_not_nobody_came(as_, march, units):
    sessions = page_rows(as_("city_officer").get(f"/reports/440103001001/{MARCH}"), "below")
    by_time = as_dicts(sessions)
    assert by_time["2026-03-17 09:30"]["情况"] == "点名没结束"
    assert by_time["2026-03-17 09:30"]["到课人次"] == "—"
    assert by_time["2026-03-10 09:30"]["到课人次"] == "—"
    assert by_time["2026-03-10 09:30"]["说明"] == "台风停课"
    assert by_time["2026-03-03 09:30"]["请假"] == "0"


def test_it_says_when_people_were_counted_or_that_they_are_being_counted(as_, march):
    browser, url = as_("city_officer"), f"/reports/440103/{MARCH}"
    at = timezone.localtime().replace(hour=10, minute=42)
    DistinctLearnerCount.objects.update(counted_at=at)
    assert "10:42统计" in words(browser.get(url))
    DistinctLearnerCount.objects.all().delete()
    page = browser.get(url)
    assert "正在统计" in words(page)
    assert below(page)["沙面街道"]["学员人数"] == "—"
    assert below(page)["沙面街道"]["说明"] == "人数正在统计"


def test_people_are_not_counted_by_kind(as_, march):
    page = as_("city_officer").get(f"/reports/440103/{MARCH}&kind=village")
    assert "学员人数" not in below(page)["合计"]
    assert below(page)["合计"]["到课人次"] == "3"
    assert below(page)["合计"]["讲座人次"] == "0"


def test_the_way_down_ends_at_the_session_and_keeps_the_period(as_, march):
    browser = as_("city_officer")
    address = f"/reports/4401/{MARCH}"
    for name in ("荔湾区", "沙面街道", "翠洲社区", "2026-03-03 09:30"):
        links = tables(browser.get(address)).links["below"]
        address = links[name]
    assert address == f"/classes/sessions/{march.held.pk}/"
    assert browser.get(address).status_code == 200


def test_rolls_that_nobody_closed_are_listed_with_the_way_to_them(as_, march):
    browser = as_("city_officer")
    page = browser.get(f"/reports/4401/{MARCH}")
    assert "没有结束的点名（1次）" in words(page)
    rows = tables(page)
    assert rows.links["open-rolls"] == {
        "2026-03-17 09:30": f"/classes/sessions/{march.left_open.pk}/"
    }
    assert rows.tables["open-rolls"][1][2] == "荔湾区 › 沙面街道 › 翠洲社区"
    assert "没有结束的点名" not in words(browser.get(f"/reports/440103002/{MARCH}"))[-200:]


def test_two_rolls_of_one_moment_are_both_linked(as_, march, cast):
    twin = session_on(cast.other_class, 3, 17)
    page = as_("city_officer").get(f"/reports/4401/{MARCH}").content.decode()
    for session in (march.left_open, twin):
        assert page.count(f'href="/classes/sessions/{session.pk}/"') == 1


def test_a_moved_unit_counts_where_it_stood_then_or_stands_now(as_, march, units):
    units["440103001"].refresh_from_db()
    move_unit(units["440103001"], parent=units["440104"], on=date(2026, 5, 1))
    browser = as_("city_officer")
    assert "沙面街道" not in below(browser.get(f"/reports/440103/{MARCH}"))
    page = browser.get(f"/reports/440103/{MARCH}&tree=then")
    assert below(page)["沙面街道"]["到课人次"] == "2"
    assert below(page)["沙面街道"]["说明"] == "后来归了别的单位"
    assert "沙面街道" not in tables(page).links["below"]
    assert below(page)["合计"]["学员人数"] == "2"
    assert "逐月的数字总是按现在的上下级" in words(
        browser.get(f"/reports/440104/{MARCH}&tree=then")
    )
    assert below(browser.get(f"/reports/440104/{MARCH}"))["沙面街道"]["到课人次"] == "2"


@pytest.mark.parametrize(
    ("slug", "earlier", "later", "month"),
    [
        ("2026-03", "2026-02", "2026-04", "2026-03"),
        ("2026-spring", "2025-autumn", "2026-autumn", "2026-07"),
        ("2024", "2023", "2025", "2024-12"),
    ],
)
def test_one_steps_through_periods_and_changes_their_length(
    as_, monkeypatch, slug, earlier, later, month
):
    monkeypatch.setattr("lms.reports.views.timezone", at_noon(2026, 11, 21))
    page = as_("city_officer").get(f"/reports/4401/?period={slug}&kind=village").content.decode()
    assert f'period={earlier}&amp;kind=village" rel="prev"' in page
    assert f'period={later}&amp;kind=village" rel="next"' in page
    assert f'href="/reports/4401/?period={month}&amp;kind=village"' in page


def at_noon(*day):
    return SimpleNamespace(localdate=lambda: date(*day))


def test_a_period_that_is_over_is_compared_in_words():
    march = Period.of(PeriodKind.MONTH, date(2026, 3, 1))
    assert compared(12, 10, "次", march) == "比2026年2月多2次"
    assert compared(1_000, 3_000, "人次", march) == "比2026年2月少2,000人次"
    assert compared(10, 10, "次", march) == "和2026年2月一样多"
    assert compared(10, None, "人", march) == ""


def test_a_period_that_still_runs_is_not_said_to_be_behind_a_whole_one():
    running = Period.of(PeriodKind.MONTH, timezone.localdate())
    said = compared(3, 10, "次", running)
    assert said == f"{running.previous.label}一共10次"


def test_the_months_of_a_year_stand_in_the_table_that_the_chart_reads(as_, march):
    page = as_("city_officer").get("/reports/4401/?period=2026")
    months = as_dicts(page_rows(page, "months"))
    assert len(months) == 12
    assert months["2026年3月"]["到课人次"] == "3"
    assert months["2026年4月"]["到课人次"] == "—"


def test_a_city_asks_as_often_as_a_street(as_, march, django_assert_max_num_queries):
    browser = as_("city_officer")
    # A street's sessions are looked through too, for what stands out: so many more.
    for code, more in (("4401", 0), ("440103", 0), ("440103001", 8)):
        with django_assert_max_num_queries(22 + more):
            assert browser.get(f"/reports/{code}/?period=2026").status_code == 200
