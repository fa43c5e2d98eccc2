"""Lists of learners: looked at, imported as shown, taken back as a whole."""

import csv
import io
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook

from lms.classes.choices import Door, EnrolmentState
from lms.classes.models import Enrolment
from lms.classes.services.enrolments import enrol
from lms.people.models import Learner
from lms.people.services.learners import register_learner
from lms.rosters.choices import RosterState
from lms.rosters.models import RosterImport
from tests.rosters.roster_files import HEADINGS, PEOPLE, csv_file, in_class, xlsx
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db


def verdicts():
    return {row["line"]: row["verdict"] for row in RosterImport.objects.latest("pk").rows}


# --- Looking at it ----------------------------------------------------------------------------


def test_a_list_is_shown_and_nobody_is_registered_before_it_is_confirmed(send_roster, cast):
    page = send_roster(PEOPLE)
    assert page.redirect_chain
    assert "新登记3人" in words(page)
    assert "何秋月" in words(page)
    assert Learner.objects.count() == len(cast.learners)


def test_each_row_is_told_apart(send_roster, cast, units):
    register_learner(name="罗姨", unit=units[VILLAGE])
    enrol(cast.learners[1], cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    send_roster([
        ("何秋月", 1948, ""),
        ("陈阿婆", 1950, ""),
        ("黄伯", 1950, ""),
        ("罗姨", 1955, ""),
        ("何秋月", "1948年", ""),
        ("李婶", "", ""),
        ("", 1950, ""),
    ])  # fmt: skip
    assert verdicts() == {
        2: "new", 3: "known", 4: "in_class", 5: "maybe", 6: "double", 7: "maybe", 8: "bad",
    }  # fmt: skip


def test_somebody_of_the_same_name_born_in_another_year_is_new(send_roster):
    send_roster([("陈阿婆", 1949, "")])
    assert verdicts() == {2: "new"}


def test_the_same_name_in_another_village_is_somebody_else(send_roster, units):
    register_learner(name="何秋月", unit=units["440103002001"], birth_year=1948)
    send_roster(PEOPLE[:1])
    assert verdicts() == {2: "new"}


def test_who_was_erased_is_nobodys_namesake(send_roster, cast):
    cast.class_group.enrolments.all().delete()
    Learner.objects.filter(name="陈阿婆").update(
        name="已注销学员", birth_year=None, erased_at=timezone.now(), erased_by=cast.teacher,
        erasure_reason="本人要求",
    )  # fmt: skip
    send_roster([("已注销学员", "", ""), ("陈阿婆", 1950, "")])
    assert verdicts() == {2: "new", 3: "new"}


def test_a_refused_file_leaves_its_reason_beside_the_box_and_nothing_else(send_roster):
    page = send_roster(
        None, content=b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90, name="名单.xls"
    )
    assert page.status_code == 422
    assert "旧格式的.xls" in words(page)
    assert not RosterImport.objects.exists()


def test_what_was_not_read_is_told_on_the_preview(send_roster):
    content = xlsx([[*HEADINGS, "爱好"], [*PEOPLE[0], "下棋"]])
    assert "没有读这几列：爱好" in words(send_roster(None, content=content))
    assert "下棋" not in str(RosterImport.objects.get().rows)


def test_how_many_will_wait_is_told_beforehand_and_comes_true(send_roster, on_roster, cast):
    type(cast.class_group).objects.update(capacity=2)
    assert "其中1人排队等候" in words(send_roster(PEOPLE))
    page = on_roster("import")
    assert "其中1人排队等候" in words(page)
    assert in_class(cast.class_group) == {"何秋月", "梁伯"}
    assert in_class(cast.class_group, EnrolmentState.WAITING) == {"苏婆婆"}


def test_a_long_list_is_shown_by_pages_and_costs_no_more_queries(send_roster, client):
    def queries(count):
        send_roster(
            [
                (f"学员{'甲乙丙丁戊己庚辛壬癸'[n % 10]}{chr(0x4E00 + n)}", 1950, "")
                for n in range(count)
            ]
        )
        url = f"/classes/rosters/{RosterImport.objects.latest('pk').pk}/"
        with CaptureQueriesContext(connection) as captured:
            page = client.get(url)
        return len(captured), words(page)

    few, _page = queries(3)
    many, page = queries(230)
    assert many == few
    assert "第1页，共3页" in page


# --- Importing --------------------------------------------------------------------------------


def test_confirming_registers_and_enrols_through_the_spreadsheets_door(
    send_roster, on_roster, cast
):
    send_roster([*PEOPLE, ("陈阿婆", 1950, "")])
    page = on_roster("import")
    assert "名单导入了" in words(page)
    assert in_class(cast.class_group) == {"何秋月", "梁伯", "苏婆婆", "陈阿婆"}
    enrolment = Enrolment.objects.get(learner__name="何秋月")
    assert (enrolment.door, enrolment.recorded_by) == (Door.SPREADSHEET, cast.teacher)
    learner = enrolment.learner
    assert (learner.birth_year, learner.telephone, learner.unit.code) == (
        1948, "13800000001", VILLAGE,
    )  # fmt: skip
    assert Learner.objects.filter(name="陈阿婆").count() == 1


def test_what_is_kept_after_importing_holds_no_names(send_roster, on_roster):
    send_roster([*PEOPLE, ("", 1950, "")])
    on_roster("import")
    roster = RosterImport.objects.get()
    assert (roster.state, roster.registered, roster.enrolled) == (RosterState.DONE, 3, 3)
    assert [row["line"] for row in roster.rows] == [5]
    assert "何秋月" not in str(roster.rows)


def test_a_list_is_imported_once_however_often_it_is_sent(send_roster, on_roster):
    send_roster(PEOPLE)
    on_roster("import")
    assert "已经导入过了" in words(on_roster("import"))
    assert Learner.objects.filter(name="何秋月").count() == 1


def test_somebody_who_may_be_registered_waits_for_an_answer(send_roster, on_roster, cast):
    send_roster([("李婶", "", ""), PEOPLE[0]])
    on_roster("import")
    assert in_class(cast.class_group) == {"何秋月"}
    send_roster([("李婶", "", "")])
    known = cast.learners[2]
    on_roster("import", r2=f"same:{known.pk}")
    assert cast.class_group.enrolments.filter(learner=known).exists()
    assert Learner.objects.filter(name="李婶").count() == 1
    send_roster([("黄伯", "", "")])
    on_roster("import", r2="other")
    assert Learner.objects.filter(name="黄伯").count() == 2


def test_an_answer_that_names_somebody_else_is_no_answer(send_roster, on_roster, cast, units):
    stranger = register_learner(name="远客", unit=units["440103002001"])
    send_roster([("李婶", "", "")])
    on_roster("import", r2=f"same:{stranger.pk}")
    assert not cast.class_group.enrolments.exists()
    assert RosterImport.objects.get().state == RosterState.PREVIEW


def test_all_that_are_left_are_answered_with_one_button(send_roster, on_roster, cast):
    send_roster([(learner.name, "", "") for learner in cast.learners])
    on_roster("all_same", r4="other")
    assert "给3人报名" in words(on_roster(""))
    on_roster("import")
    assert Learner.objects.filter(name="陈阿婆").count() == 1
    assert Learner.objects.filter(name="李婶").count() == 2
    assert Enrolment.objects.count() == 3


def test_two_rows_of_one_person_are_one_unless_somebody_says_otherwise(send_roster, on_roster):
    send_roster([PEOPLE[0], PEOPLE[0], PEOPLE[0]])
    on_roster("import", r4="other")
    assert Learner.objects.filter(name="何秋月").count() == 2


def test_bad_rows_block_nobody_and_come_back_as_a_file_to_be_mended(
    send_roster, on_roster, client, cast
):
    send_roster([("何秋月", "五零年", 13800000001), PEOPLE[1], ("=1+1", 1950, "")])
    page = on_roster("import")
    assert in_class(cast.class_group) == {"梁伯"}
    assert "“五零年”看不懂" in words(page)
    url = f"/classes/rosters/{RosterImport.objects.get().pk}/left-out.csv"
    content = client.get(url).content
    rows = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert rows[1][:3] == ["何秋月", "五零年", "13800000001"]
    assert rows[2][0] == "'=1+1"
    assert "看不懂" in rows[1][-1]
    mended = content.decode("utf-8-sig").replace("五零年", "1950").encode("utf-8-sig")
    page = send_roster(None, content=mended, name="改好.csv")
    assert "没有读" not in words(page)
    assert verdicts() == {2: "new", 3: "bad"}


def test_what_changed_since_the_preview_is_shown_again_and_nothing_is_written(
    send_roster, on_roster, cast, units
):
    send_roster(PEOPLE)
    register_learner(name="何秋月", unit=units[VILLAGE], birth_year=1948)
    page = on_roster("import")
    assert "还没有导入：您看预览以后，有1处变了" in words(page)
    assert "刚才变了" in words(page)
    assert not Enrolment.objects.exists()
    on_roster("import")
    assert Learner.objects.filter(name="何秋月").count() == 1
    assert in_class(cast.class_group) == {name for name, *_rest in PEOPLE}


def test_a_class_that_filled_up_since_the_preview_is_told(send_roster, on_roster, cast):
    type(cast.class_group).objects.update(capacity=3)
    send_roster(PEOPLE)
    enrol(cast.learners[0], cast.class_group, door=Door.IN_PERSON, recorded_by=cast.teacher)
    assert "有1处变了" in words(on_roster("import"))
    assert "其中1人排队等候" in words(on_roster("import"))


def test_a_list_that_nobody_confirmed_is_gone_after_a_day(send_roster, client, on_roster):
    send_roster(PEOPLE)
    old = RosterImport.objects.get()
    RosterImport.objects.update(uploaded_at=timezone.now() - timedelta(hours=25))
    assert client.get(f"/classes/rosters/{old.pk}/").status_code == 404
    send_roster(PEOPLE[:1])
    assert not RosterImport.objects.filter(pk=old.pk).exists()


def test_rows_left_out_are_gone_after_a_week_and_the_import_can_still_be_undone(
    send_roster, on_roster, undo_roster
):
    send_roster([*PEOPLE, ("", 1950, "")])
    on_roster("import")
    RosterImport.objects.update(confirmed_at=timezone.now() - timedelta(days=8))
    Enrolment.objects.update(enrolled_at=RosterImport.objects.get().confirmed_at)
    done = RosterImport.objects.get()
    send_roster(PEOPLE)
    done.refresh_from_db()
    assert done.rows == []
    on_roster("drop")
    undo_roster()
    assert not Learner.objects.filter(name="何秋月").exists()


def test_a_role_that_ended_confirms_nothing(send_roster, on_roster, cast):
    send_roster(PEOPLE)
    cast.class_group.teachers.clear()
    assert on_roster("import").status_code == 404
    assert not Enrolment.objects.exists()


# --- Villages and numbers ---------------------------------------------------------------------


def test_an_officer_registers_for_a_village_without_any_class(send_roster, on_roster):
    page = send_roster(PEOPLE, "street_officer", f"/classes/roster/{VILLAGE}/")
    assert "给3人报名" not in words(page)
    on_roster("import")
    assert Learner.objects.get(name="何秋月").unit.code == VILLAGE
    assert not Enrolment.objects.exists()
    send_roster(PEOPLE, "street_officer", f"/classes/roster/{VILLAGE}/")
    assert set(verdicts().values()) == {"known"}


@pytest.mark.parametrize("written", ["沙面社区", "沙面", "沙面社区居委会", "440103001002", "沙 面"])
def test_a_column_names_the_village_in_any_usual_way(send_roster, on_roster, written):
    content = xlsx([["姓名", "村居"], ["何秋月", written]])
    send_roster(None, "street_officer", content=content)
    on_roster("import")
    assert Learner.objects.get(name="何秋月").unit.code == "440103001002"


def test_a_village_that_is_not_the_users_is_refused_for_that_row_alone(
    send_roster, on_roster, cast
):
    rows = [["姓名", "村居"], ["何秋月", "和平社区"], ["梁伯", "翠洲社区"], ["苏婆婆", "沙面社区"]]
    page = send_roster(None, content=xlsx(rows))
    assert "“和平社区”没有找到，或者不归您登记" in words(page)
    assert verdicts() == {2: "bad", 3: "new", 4: "bad"}
    send_roster(None, "city_officer", content=xlsx(rows))
    assert set(verdicts().values()) == {"new"}


def test_two_villages_of_one_name_are_told_apart_by_street_or_by_code(send_roster, units):
    units["440103001002"].name = units["440103002001"].name = "新村社区"
    for code in ("440103001002", "440103002001"):
        units[code].save()
    content = xlsx([["姓名", "村居"], ["何秋月", "新村"]])
    send_roster(None, "city_officer", content=content)
    assert RosterImport.objects.latest("pk").rows[0]["unit"] == units["440103001002"].pk
    units["440104001001"] = (
        units["440104"]
        .add_child(code="440104001", name="北京街道", level="street")
        .add_child(code="440104001001", name="盐运社区", level="village")
    )
    send_roster(None, "city_officer", "/classes/roster/440104001001/", content=content)
    assert "有2个村居叫“新村”" in RosterImport.objects.latest("pk").rows[0]["problems"][0]


def test_a_learners_number_finds_the_neighbour_and_hides_whose_a_wrong_one_is(
    send_roster, on_roster, cast, units
):
    near = register_learner(name="近邻", unit=units["440103001002"])
    far = register_learner(name="远客", unit=units["440103002001"])
    rows = [["姓名", "学员号"], ["近邻", near.number], ["远客", far.number], ["张三", near.number]]
    page = send_roster(None, content=xlsx(rows))
    assert verdicts() == {2: "known", 3: "bad", 4: "bad"}
    assert "在这里不是“张三”的" in words(page)
    on_roster("import")
    assert in_class(cast.class_group) == {"近邻"}


# --- The template -----------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["xlsx", "csv"])
def test_the_template_has_the_headings_and_is_read_back_without_its_example(
    as_, send_roster, ending, client
):
    content = as_("teacher").get(f"/classes/roster/template.{ending}").content
    if ending == "xlsx":
        workbook = load_workbook(io.BytesIO(content))
        assert [cell.value for cell in workbook.active[1]] == list(HEADINGS)
        workbook.active.append(["何秋月", "1948", "13800000001"])
        file = io.BytesIO()
        workbook.save(file)
        content = file.getvalue()
    else:
        content += csv_file([["何秋月", "1948", "13800000001"]])
    send_roster(None, content=content, name=f"模板.{ending}")
    assert verdicts() == {3: "new"}
