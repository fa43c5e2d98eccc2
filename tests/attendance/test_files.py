"""Learners as spreadsheets: the roster of a class and of a unit, and who came when."""

import csv
from datetime import timedelta
from io import BytesIO, StringIO

import pytest
from django.utils import timezone
from openpyxl import load_workbook

from lms.attendance.choices import AttendanceStatus
from lms.attendance.services.page import mark_on_page
from lms.attendance.views import learners as learners_views
from lms.attendance.views import printing
from lms.classes.choices import ClassKind, Door
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol_many, leave_class
from lms.classes.services.sessions import cancel_session
from lms.people.models import Learner
from lms.people.services.learners import Newcomer, register_learners
from tests.staff_pages import VILLAGE, session_of

pytestmark = pytest.mark.django_db

AGO = timedelta(days=60)


def read_csv(response):
    assert response.status_code == 200
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    return list(csv.reader(StringIO(response.content.decode("utf-8-sig"))))


def read_xlsx(response):
    assert response.status_code == 200
    assert response["Content-Disposition"].endswith(".xlsx")
    sheet = load_workbook(BytesIO(response.content)).worksheets[0]
    return [list(row) for row in sheet.iter_rows(values_only=True)]


@pytest.fixture
def enrolled(cast, running):
    """The three of the cast, in the class for two months."""
    enrol_many(cast.learners, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    Enrolment.objects.update(joined_at=timezone.now() - AGO)
    Learner.objects.update(telephone="13800138000")
    return cast.learners


# --- The roster of a class --------------------------------------------------------------------


def test_the_roster_of_a_class_tells_who_is_in_it_and_who_left(enrolled, cast, as_):
    leave_class(Enrolment.objects.get(learner=enrolled[1]))
    today, joined = timezone.localdate(), timezone.localdate(timezone.now() - AGO)
    rows = read_csv(as_("teacher").get(f"/classes/{cast.class_group.pk}/learners.csv"))
    assert rows == [
        ["姓名", "学员号", "出生年份", "村居", "情况", "进班日期", "退出日期"],
        ["陈阿婆", enrolled[0].number, "1950", "翠洲社区", "在班", f"{joined}", ""],
        ["黄伯", enrolled[1].number, "1950", "翠洲社区", "已退出", f"{joined}", f"{today}"],
        ["李婶", enrolled[2].number, "1950", "翠洲社区", "在班", f"{joined}", ""],
    ]


def test_as_a_workbook_it_keeps_numbers_as_words_and_days_as_days(enrolled, cast, as_):
    Learner.objects.filter(pk=enrolled[0].pk).update(number="012345678", birth_year=None)
    file = f"/classes/{cast.class_group.pk}/learners.xlsx"
    assert {row[2] for row in read_xlsx(as_("auditor").get(file))[3:]} == {None}
    rows = read_xlsx(as_("street_officer").get(file))
    assert rows[0][0] == "翠洲手机班的学员"
    name, number, born, unit, state, joined, left = rows[3]
    assert (name, number, born, unit, state) == ("陈阿婆", "012345678", None, "翠洲社区", "在班")
    assert joined.date() == timezone.localdate(timezone.now() - AGO)
    assert left is None
    assert rows[4][2] == 1950


def test_no_file_tells_a_telephone(enrolled, cast, as_):
    session_of(cast.class_group, hours=-1)
    client, of_class = as_("street_officer"), f"/classes/{cast.class_group.pk}"
    for url in (f"{of_class}/learners", f"{of_class}/attendance", "/classes/learners"):
        assert b"13800138000" not in client.get(f"{url}.csv").content
        assert "13800138000" not in str(read_xlsx(client.get(f"{url}.xlsx")))


# --- Who came when ----------------------------------------------------------------------------


def test_the_grid_has_a_word_a_learner_and_session(enrolled, cast, units, as_):
    chen, huang, li = enrolled
    first, second = session_of(cast.class_group, days=-9), session_of(cast.class_group, days=-2)
    cancel_session(session_of(cast.class_group, days=-4), reason="台风")
    session_of(cast.class_group, days=3)
    Enrolment.objects.filter(learner=li).update(joined_at=timezone.now() - timedelta(days=5))
    Enrolment.objects.filter(learner=huang).update(
        state="left", left_at=timezone.now() - timedelta(days=5)
    )
    [guest] = register_learners([Newcomer("安叔", units[VILLAGE].pk)])
    enrol_many([guest], cast.class_group, door=Door.WALK_IN, recorded_by=cast.teacher)
    for session, statuses in (
        (first, {chen: AttendanceStatus.LATE, huang: AttendanceStatus.ABSENT}),
        (second, {li: AttendanceStatus.EXCUSED, guest: AttendanceStatus.PRESENT}),
    ):
        by_number = {learner.number: status for learner, status in statuses.items()}
        answers = mark_on_page(session, statuses=by_number, recorded_by=cast.teacher)
        assert {answer.outcome for answer in answers} == {"stored"}
    expected = [
        ["姓名", "学员号", f"{first.day}", f"{second.day}"],
        ["安叔", guest.number, "—", "到"],  # came before joining, and was marked all the same
        ["陈阿婆", chen.number, "迟到", ""],
        ["黄伯", huang.number, "没到", "—"],
        ["李婶", li.number, "—", "请假"],
    ]
    url = f"/classes/{cast.class_group.pk}/attendance"
    assert read_csv(as_("teacher").get(f"{url}.csv")) == expected
    rows = read_xlsx(as_("teacher").get(f"{url}.xlsx"))
    assert [[cell or "" for cell in row] for row in rows[2:7]] == expected


def test_two_sessions_of_one_day_are_told_apart_by_the_clock(enrolled, cast, as_):
    noon = timezone.localtime().replace(hour=12, minute=0) - timedelta(days=3)
    for hours in (0, 3):
        session = session_of(cast.class_group, hours=hours)
        session.starts_at = noon + timedelta(hours=hours)
        session.ends_at = session.starts_at + timedelta(hours=1)
        session.save()
    headings = read_csv(as_("teacher").get(f"/classes/{cast.class_group.pk}/attendance.csv"))[0]
    assert headings[2:] == [f"{noon:%Y-%m-%d} 12:00", f"{noon:%Y-%m-%d} 15:00"]


def test_the_grid_costs_as_many_queries_for_many_as_for_few(
    enrolled, cast, units, as_, django_assert_max_num_queries
):
    url = f"/classes/{cast.class_group.pk}/attendance.csv"
    newcomers = [Newcomer(f"学员{number}", units[VILLAGE].pk) for number in range(60)]
    many = register_learners(newcomers)
    enrol_many(many, cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    for day in range(1, 20):
        session_of(cast.class_group, days=-day)
    client = as_("teacher")
    with django_assert_max_num_queries(12):
        assert len(read_csv(client.get(url))) == 64


def test_a_lecture_has_no_grid_and_its_page_offers_none(enrolled, cast, as_):
    session_of(cast.class_group, days=-1)
    page = f"/classes/{cast.class_group.pk}/"
    assert "下载出勤表" in as_("teacher").get(page).content.decode()
    type(cast.class_group).objects.update(kind=ClassKind.LECTURE)
    assert as_("teacher").get(f"{page}attendance.csv").status_code == 404
    for shown in (page, f"{page}sessions/"):
        assert "下载出勤表" not in as_("teacher").get(shown).content.decode()


@pytest.mark.parametrize("ending", ["ods", "xls", "XLSX", "csv.csv"])
def test_other_kinds_of_files_there_are_not(enrolled, cast, as_, ending):
    assert (
        as_("teacher").get(f"/classes/{cast.class_group.pk}/learners.{ending}").status_code == 404
    )


# --- The directory as a file and as cards -----------------------------------------------------


def test_a_units_learners_are_those_of_its_directory(enrolled, units, as_):
    register_learners([Newcomer("何叔", units["440103001002"].pk)])
    client = as_("street_officer")
    all_of_them = read_csv(client.get("/classes/learners.csv", {"unit": "440103001"}))
    assert all_of_them[0] == ["姓名", "学员号", "出生年份", "村居", "登记日期"]
    assert [row[0] for row in all_of_them[1:]] == ["陈阿婆", "何叔", "黄伯", "李婶"]
    of_village = read_xlsx(client.get("/classes/learners.xlsx", {"unit": VILLAGE, "q": "hb"}))
    assert of_village[0][0] == "翠洲社区的学员"
    assert [row[0] for row in of_village[3:]] == ["黄伯"]
    page = client.get("/classes/learners/", {"unit": VILLAGE, "q": "hb"}).content.decode()
    for address in ("learners.xlsx", "learners.csv", "learners/cards/"):
        assert f"/classes/{address}?unit={VILLAGE}&amp;q=hb" in page


def test_whom_one_may_not_see_is_in_no_file(enrolled, as_):
    for who in ("other_street_officer", "other_teacher", "auditor", "stranger"):
        client = as_(who)
        for address in ("learners.csv", "learners.xlsx", "learners/cards/"):
            assert client.get(f"/classes/{address}", {"unit": VILLAGE}).status_code == 404, who
    gone = as_("street_officer").get("/classes/learners.csv", {"unit": "440199"})
    assert gone.status_code == 404


def test_too_many_for_one_file_are_told_to_choose(enrolled, as_, monkeypatch):
    for module in ("learners", "files"):
        monkeypatch.setattr(f"lms.attendance.views.{module}.LEARNERS_IN_A_FILE", 2)
    assert learners_views.LEARNERS_IN_A_FILE == 2
    page = as_("street_officer").get("/classes/learners/").content.decode()
    assert "请先选一个街镇或村居" in page
    assert "learners.csv" not in page
    assert as_("street_officer").get("/classes/learners.csv").status_code == 404


def test_cards_of_a_unit_come_by_pinyin_and_so_many_at_once(enrolled, as_, monkeypatch):
    monkeypatch.setattr(printing, "CARDS_A_PAGE", 1)
    monkeypatch.setattr(printing, "CARDS_AT_ONCE", 2)
    client = as_("street_officer")
    first = client.get("/classes/learners/cards/", {"unit": VILLAGE})
    assert [[each.name for each in sheet] for sheet in first.context["sheets"]] == [
        ["陈阿婆"],
        ["黄伯"],
    ]
    html = first.content.decode()
    assert f'href="?p=2&amp;unit={VILLAGE}"' in html
    assert f'href="/classes/learners/?unit={VILLAGE}"' in html
    assert html.count('<li class="card">') == 2
    rest = client.get("/classes/learners/cards/", {"unit": VILLAGE, "p": "2"}).content.decode()
    assert rest.count('<li class="card">') == 1


# --- Ways that lead there ---------------------------------------------------------------------


def test_officers_and_teachers_find_the_directory_from_their_work(enrolled, as_):
    officers = as_("street_officer").get("/work/").content.decode()
    assert 'href="/classes/learners/?unit=440103001"' in officers
    unit_page = as_("street_officer").get(f"/people/units/{VILLAGE}/").content.decode()
    assert f'href="/classes/learners/?unit={VILLAGE}"' in unit_page
    assert 'href="/classes/learners/"' in as_("teacher").get("/work/").content.decode()
