"""新老学员、村居覆盖、学员年龄、四个课堂、学前学后、志愿者时间、上门家教: what these say."""

from datetime import date

import pytest

from lms.attendance.choices import AttendanceStatus
from lms.classes.choices import ClassKind, Door, SessionState
from lms.classes.models import ClassSession
from lms.classes.services.enrolments import enrol
from lms.classes.services.sessions import record_help
from lms.people.models import Learner
from lms.people.services.learners import register_learner
from lms.reports.ages import band_label, band_of
from lms.reports.registry import REPORTS
from lms.statistics.choices import PeriodKind
from lms.statistics.models import DailyRollup, DistinctLearner
from lms.statistics.services.distinct_learners import count_learners
from tests.cast import make_class
from tests.reports.conftest import session_on, take_roll
from tests.reports.reading import as_dicts, csv_rows
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

DISTRICT, STREET, VILLAGE = "440103", "440103001", "440103001001"


@pytest.fixture
def said(as_, march):
    """The rows of a report by their first cell."""

    def said(name, code=DISTRICT, period="2026-03", who="city_officer"):
        answer = as_(who).get(f"/reports/{code}/{name}.csv?period={period}")
        return as_dicts(csv_rows(answer))

    return said


def sentence_of(browser, name, code=DISTRICT, period="2026-03"):
    return words(browser.get(f"/reports/{code}/{name}/?period={period}"))


def test_who_came_before_is_a_returning_learner_wherever_that_was(said, cast, units):
    DistinctLearner.objects.create(
        village=units["440103002001"],
        period_kind=PeriodKind.MONTH,
        starts_on=date(2026, 1, 1),
        learner=cast.learners[0],
    )
    rows = said("newcomers")
    assert rows["沙面街道"] == {
        "单位": "沙面街道", "学员（人）": "2", "新学员": "1", "老学员": "1", "新学员占": "50.0%",
    }  # fmt: skip
    # 陈阿婆 came in both streets: once in all.
    assert [rows["合计"][head] for head in ("学员（人）", "新学员", "老学员")] == ["2", "1", "1"]


def test_new_and_returning_in_words(as_, march):
    assert "荔湾区2026年3月来了2人：2人是第一次来，0人以前来过。" in sentence_of(
        as_("city_officer"), "newcomers"
    )


def test_villages_without_a_class_are_counted_and_named_first(said, as_, march):
    rows = said("coverage")
    assert list(rows["沙面街道"].values()) == ["沙面街道", "2", "2", "0", "100.0%"]
    DailyRollup.objects.filter(kind=ClassKind.LECTURE).update(held=0)
    rows = said("coverage")
    assert list(rows["沙面街道"].values()) == ["沙面街道", "2", "1", "1", "50.0%"]
    assert list(rows["合计"].values()) == ["合计", "3", "2", "1", "66.7%"]
    villages = said("coverage", STREET)
    assert list(villages) == ["沙面社区", "翠洲社区"]
    assert villages["沙面社区"]["说明"] == "没有上过课"
    assert villages["翠洲社区"]["最近一次课"] == "2026-03-03"
    assert "沙面街道2026年3月有1个村居没有上过课，一共2个村居。" in sentence_of(
        as_("city_officer"), "coverage", STREET
    )


def test_hours_of_helpers_are_summed_and_people_counted(said, as_, cast, march):
    for session in (march.held, march.left_open):
        record_help(session, person=cast.volunteer, minutes=45, recorded_by=cast.teacher)
    record_help(march.held, person=cast.teacher, minutes=60, recorded_by=cast.teacher)
    rows = said("volunteers")
    assert list(rows["沙面街道"].values()) == ["沙面街道", "2", "3", "2.5"]
    assert list(rows["岭南街道"].values()) == ["岭南街道", "0", "0", "0"]
    assert "荔湾区2026年3月有2人帮忙3次，一共2.5小时。" in sentence_of(
        as_("city_officer"), "volunteers"
    )
    ClassSession.objects.filter(pk=march.left_open.pk).update(
        state=SessionState.CANCELLED, reason="台风"
    )
    assert said("volunteers")["合计"]["小时"] == "1.8"


def test_visits_at_home_and_whom_they_reached(said, as_, cast, units, march):
    home = make_class(units[VILLAGE], "陈阿婆家", cast.teacher, kind=ClassKind.HOME_TUTORING)
    enrol(cast.learners[0], home, door=Door.IN_PERSON, recorded_by=cast.teacher)
    for day in (4, 11):
        session = session_on(home, 3, day)
        take_roll(session, cast.learners[:1], cast.teacher, AttendanceStatus.PRESENT)
    session_on(home, 3, 18)
    rows = said("home-visits")
    assert list(rows["沙面街道"].values()) == ["沙面街道", "3", "2", "0", "2", "1"]
    assert list(rows["岭南街道"].values()) == ["岭南街道", "", "", "", "", ""]
    assert "荔湾区2026年3月上门2次，教了1人。" in sentence_of(as_("city_officer"), "home-visits")
    assert list(said("home-visits", VILLAGE)["翠洲社区"].values())[1:3] == ["3", "2"]


def test_ages_are_told_by_five_and_never_of_fewer(said, as_, cast, units, march):
    def came(year, count):
        for number in range(count):
            learner = register_learner(
                name=f"{year}年{number}", unit=units[VILLAGE], birth_year=year
            )
            DistinctLearner.objects.create(
                village=units[VILLAGE],
                period_kind=PeriodKind.MONTH,
                starts_on=date(2026, 3, 1),
                learner=learner,
            )

    came(1960, 13)  # 66
    came(None, 6)
    rows = said("ages")
    assert {band: row["学员（人）"] for band, row in rows.items()} == {
        "不到60岁": "0",
        "60到64岁": "0",
        "65到69岁": "15",
        "70到74岁": "0",
        "75到79岁": "不到5",  # the two of the cast
        "80岁以上": "0",
        "没有写出生年份": "5",
    }
    assert rows["75到79岁"]["占"] == ""
    page = sentence_of(as_("city_officer"), "ages")
    assert "来得最多的是65到69岁的人" in page
    assert "名册里不登记男女" in page


@pytest.mark.parametrize(
    ("age", "label"),
    [(59, "不到60岁"), (60, "60到64岁"), (64, "60到64岁"), (79, "75到79岁"), (101, "80岁以上")],
)
def test_every_age_has_its_band(age, label):
    assert band_label(band_of(age)) == label


def test_nothing_is_known_of_men_and_women():
    """And no field may come without somebody noticing here."""
    assert not {"sex", "gender"} & {field.name for field in Learner._meta.get_fields()}


def test_the_four_classrooms_share_what_was_taught(said, as_, march):
    DailyRollup.objects.filter(kind="village").update(subject="science")
    rows = said("classrooms")
    assert list(rows["科普知识"].values()) == ["科普知识", "2", "66.7%", "3", "0.3%"]
    assert list(rows["没有定课堂"].values()) == ["没有定课堂", "1", "33.3%", "1040", "99.7%"]
    assert rows["智能技术"]["已上课次"] == "0"
    assert "四个课堂里还有3个没有上过" in sentence_of(as_("city_officer"), "classrooms")


def test_first_and_last_tests_are_of_everybody_and_say_so(as_, march, with_starter):
    said = sentence_of(as_("city_officer"), "first-and-last")
    assert "这是全部学员的，不是哪个单位的" in said
    assert "前后都答过的人还太少" in said


def test_a_report_that_heeds_no_kind_offers_none_and_does_not_claim_it(as_, march):
    browser = as_("city_officer")
    page = browser.get(f"/reports/{DISTRICT}/newcomers/?period=2026-03&kind=village")
    assert 'name="kind"' not in page.content.decode()
    assert "村居班" not in words(page)
    assert 'name="kind"' in browser.get(f"/reports/{DISTRICT}/open-rolls/").content.decode()


def test_reports_with_a_chart_draw_columns_that_they_have(as_, march):
    browser = as_("city_officer")
    for report in REPORTS:
        if report.bars:
            answer = browser.get(f"/reports/{DISTRICT}/{report.name}/?period=2026-03")
            page = answer.content.decode()
            for key in report.bars.split():
                assert f'data-key="{key}"' in page, (report.name, key)


def test_further_reports_take_few_queries(as_, march, django_assert_max_num_queries):
    count_learners()
    browser = as_("city_officer")
    for report in REPORTS:
        with django_assert_max_num_queries(25):
            answer = browser.get(f"/reports/{DISTRICT}/{report.name}/?period=2026-03")
        assert answer.status_code == 200
