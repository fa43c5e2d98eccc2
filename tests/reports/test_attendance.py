"""The attendance report: how rows are divided, and what stands at their foot."""

import pytest

from lms.statistics.models import DailyRollup
from tests.reports.reading import csv_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def rows(as_, march):
    """The rows of a CSV as dictionaries, in their order."""

    def rows(code, query):
        answer = as_("city_officer").get(f"/reports/{code}/attendance.csv?period={query}")
        heads, *lines = csv_rows(answer)
        return [dict(zip(heads, line, strict=True)) for line in lines]

    return rows


def picked(rows, *heads):
    return [tuple(row[head] for head in heads) for row in rows]


def test_by_kind_each_unit_has_a_row_for_what_it_has_and_a_foot_for_each(rows):
    assert picked(rows("440103", "2026-03&split=kind"), "单位", "形式", "已上", "讲座人次") == [
        ("沙面街道", "村居班", "1", "0"),
        ("沙面街道", "公开讲座", "1", "1040"),
        ("岭南街道", "村居班", "1", "0"),
        ("合计", "村居班", "2", "0"),
        ("合计", "公开讲座", "1", "1040"),
        ("合计", "", "3", "1040"),
    ]


def test_by_month_people_are_counted_for_each_month(rows):
    found = rows("440103", "2026&split=month")
    assert picked(found, "单位", "月份", "学员人数") == [
        ("沙面街道", "2026年3月", "2"),
        ("岭南街道", "2026年3月", "1"),
        ("合计", "2026年3月", "2"),
        ("合计", "", "2"),
    ]


def test_by_classroom_what_has_none_is_not_lost(rows):
    DailyRollup.objects.filter(kind="village").update(subject="science")
    found = rows("440103", "2026-03&split=subject")
    assert picked(found, "单位", "课堂", "应上") == [
        ("沙面街道", "科普知识", "3"),
        ("沙面街道", "没有定课堂", "1"),
        ("岭南街道", "科普知识", "1"),
        ("合计", "科普知识", "4"),
        ("合计", "没有定课堂", "1"),
        ("合计", "", "5"),
    ]


def test_a_unit_with_nothing_keeps_one_row_that_says_so(rows):
    found = rows("4401", "2026&split=month")
    assert [row for row in found if row["单位"] == "越秀区"] == [
        dict.fromkeys(found[0], "") | {"单位": "越秀区", "说明": "没有排课"}
    ]


def test_a_villages_rows_are_its_sessions_and_their_foot_counts_people(rows):
    found = rows("440103001001", "2026-03")
    assert picked(found, "时间", "情况", "到课人次", "出勤率") == [
        ("2026-03-03 09:30", "已点名", "2", "66.7%"),
        ("2026-03-10 09:30", "已取消", "", ""),
        ("2026-03-17 09:30", "点名没结束", "", ""),
        ("合计", "", "2", "66.7%"),
    ]
    assert found[-1]["班级"] == "应上3次，已上1次"
    assert found[-1]["说明"].startswith("学员2人，")


def test_a_village_can_be_split_too(rows):
    found = rows("440103001001", "2026-spring&split=month")
    assert picked(found, "单位", "月份", "应上", "学员人数") == [
        ("翠洲社区", "2026年3月", "3", "2"),
        ("合计", "", "3", "2"),
    ]
