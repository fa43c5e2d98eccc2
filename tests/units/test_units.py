"""The tree of units: read whole or not at all, changed on a date, its past kept."""

from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from lms.units.choices import Level
from lms.units.models import Succession, Unit, UnitPast
from lms.units.services import tree as service
from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile, UnusableFile, read_unit_file

pytestmark = pytest.mark.django_db

GUANGZHOU = settings.BASE_DIR / "lms/units/data/units-guangzhou.csv"
ON = date(2026, 9, 1)


@pytest.fixture
def bring(units):
    """Imports the cast's units with some renamed, added or (None) left out."""

    def bring(reopen=False, **changes):
        names = {code: unit.name for code, unit in units.items()}
        names |= {code.removeprefix("c"): name for code, name in changes.items()}
        names = {code: name for code, name in names.items() if name}
        return import_units(UnitFile(names), on=ON, reopen=reopen)

    return bring


def read(text, encoding="utf-8", known=()):
    return read_unit_file(text.encode(encoding), known_codes=frozenset(known))


def test_every_row_of_guangzhou_is_read():
    assert len(read_unit_file(GUANGZHOU.read_bytes(), known_codes=frozenset()).names) == 3041


@pytest.mark.thorough("it is read above; journeys import it; small files are imported again below")
def test_guangzhou_is_imported_whole_and_a_second_time_changes_nothing():
    content = GUANGZHOU.read_bytes()
    units = read_unit_file(content, known_codes=frozenset())
    report = import_units(units, on=ON)
    assert len(report.new) == Unit.objects.count() == 3041
    assert Unit.objects.filter(level=Level.VILLAGE).count() == 2851
    assert Unit.find_problems() == ([], [], [], [], [])
    again = import_units(units, on=ON)
    assert (again.new, again.renamed, again.gone, again.kept) == ([], [], [], [])
    assert again.unchanged == 3041


def test_every_unit_stands_under_the_one_that_its_code_tells(units):
    for code, unit in units.items():
        parent = unit.get_parent()
        assert parent is None if code == "4401" else code.startswith(parent.code)


def test_a_city_without_districts_imports_as_its_placeholder_stands():
    names = {
        "4419": "东莞市",
        "441900": "东莞市",
        "441900003": "东城街道",
        "441900003001": "岗贝社区",
    }
    import_units(UnitFile(names), on=ON)
    assert Unit.objects.get(code="441900003001").get_ancestors().count() == 3


def test_it_reports_and_does_what_is_new_renamed_and_gone(units, bring):
    report = bring(c440103002="新岭南街道", c440103002001=None, c440103001003="新村")
    assert report.new == ["440103001003"]
    assert report.renamed == ["440103002"]
    assert report.gone == ["440103002001"]
    assert Unit.objects.get(code="440103001003").opened_on == ON
    assert Unit.objects.get(code="440103002001").closed_on == ON
    past = UnitPast.objects.get()
    assert (past.name, past.from_date, past.until_date) == ("岭南街道", None, ON)


def reasons(report):
    return {kept.code: kept.reason for kept in report.kept}


def test_a_closed_unit_that_stands_in_the_file_again_is_opened_on_request(units, bring):
    bring(c440103002001=None)
    names = UnitFile({code: unit.name for code, unit in units.items()})
    report = import_units(names, on=date(2026, 10, 1))
    assert report.reopened == []
    assert "已经撤销" in reasons(report)["440103002001"]
    assert not Unit.objects.get(code="440103002001").is_open
    report = import_units(names, on=date(2026, 10, 1), reopen=True)
    assert report.reopened == ["440103002001"]
    assert Unit.objects.get(code="440103002001").is_open


def test_a_unit_that_was_moved_here_stays_and_is_listed(units, bring):
    service.move_unit(units["440103001001"], parent=units["440103002"], on=date(2026, 5, 1))
    assert reasons(bring()) == {"440103001001": "这里已经移到“岭南街道”下面。"}
    assert Unit.objects.get(code="440103001001").get_parent().code == "440103002"


def test_a_merge_made_here_is_not_undone(units, bring):
    """Neither is the street opened again, nor do its villages go back to it."""
    service.merge_units([units["440103001"]], into=units["440103002"], on=date(2026, 5, 1))
    kept = reasons(bring())
    assert kept["440103001"] == "这里已经并入“岭南街道”。"
    assert kept["440103001001"] == "这里已经移到“岭南街道”下面。"
    assert not Unit.objects.get(code="440103001").is_open
    assert Unit.objects.get(code="440103001001").get_parent().code == "440103002"
    assert not bring(reopen=True).reopened


def test_a_name_given_here_is_not_taken_back(units, bring):
    street = Unit.objects.get(code="440103001")
    service.rename_unit(street, name="沙面新街道", on=date(2026, 5, 1))
    report = bring()
    assert report.renamed == []
    assert reasons(report)["440103001"] == "这里已经改名叫“沙面新街道”。"


def test_what_was_split_off_here_is_not_closed(units, bring):
    parts = [("440103001009", "新分村")]
    service.split_unit(units["440103001001"], parts=parts, on=date(2026, 5, 1))
    report = bring()
    assert report.gone == []
    assert "440103001009" in reasons(report)


def test_a_unit_that_is_gone_stays_while_something_else_stands_below_it(units, bring):
    service.move_unit(units["440103001001"], parent=units["440103002"], on=date(2026, 5, 1))
    report = bring(c440103002=None, c440103002001=None)
    assert report.gone == ["440103002001"]
    assert "下面还有" in reasons(report)["440103002"]
    assert Unit.objects.get(code="440103001001").is_open


def test_a_new_village_of_a_merged_street_comes_under_the_one_that_took_over(units, bring):
    service.merge_units([units["440103001"]], into=units["440103002"], on=date(2026, 5, 1))
    assert bring(c440103001007="又一村").new == ["440103001007"]
    assert Unit.objects.get(code="440103001007").get_parent().code == "440103002"
    assert Unit.find_problems() == ([], [], [], [], [])


def test_nothing_new_comes_under_a_unit_that_was_closed_here(units, bring):
    service.close_unit(units["440103002"], on=date(2026, 5, 1), with_units_below=True)
    report = bring(c440103002007="又一村")
    assert report.new == []
    assert "上级在这里已经撤销" in reasons(report)["440103002007"]


def test_units_outside_the_files_reach_are_left_alone(units):
    report = import_units(UnitFile({"4403": "深圳市"}), on=ON)
    assert report.gone == []
    assert Unit.objects.open().count() == len(units) + 1


def test_a_dry_run_reports_and_writes_nothing(units):
    names = {code: unit.name for code, unit in units.items()} | {"440103001003": "新村"}
    report = import_units(UnitFile(names), on=ON, dry_run=True)
    assert report.new == ["440103001003"]
    assert not Unit.objects.filter(code="440103001003").exists()


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("code,name\n4401,广州市\n44010,荔湾区\n", 3, "5位"),
        ("4401,广州市\n440103001,沙面街道\n", 2, "上级440103"),
        ("4401,广州市\n4401,广州\n", 2, "重复"),
        ("4401,广州市\n4a01,广州\n", 2, "不是数字"),
        ("4401,广州市\n440103,\n", 2, "缺少名称"),
        ("4401,广州市\n440103\n", 2, "缺少名称"),
        ("4401,广州市\n440103,荔,湾\n", 2, "两栏"),
        ("4401," + "长" * 61 + "\n", 1, "超过60个字"),
        ("code,name\n", 1, "没有单位"),
    ],
)
def test_a_bad_row_is_listed_with_its_line_and_what_is_wrong(text, line, words):
    with pytest.raises(UnusableFile) as refused:
        read(text)
    [bad] = refused.value.bad_rows
    assert bad.line == line
    assert words in bad.reason


def test_every_bad_row_is_listed_at_once():
    with pytest.raises(UnusableFile) as refused:
        read("4401,广州市\n44,\nx,y\n4401,广州市\n")
    assert [bad.line for bad in refused.value.bad_rows] == [2, 3, 4]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_file_is_read_in_the_encodings_that_are_in_use(encoding):
    assert read("code,name\r\n4401,广州市\r\n", encoding).names == {"4401": "广州市"}


def test_a_file_in_another_encoding_is_refused_in_words():
    with pytest.raises(UnusableFile, match="UTF-8"):
        read_unit_file(b"4401,\xff\xff\n", known_codes=frozenset())


def test_the_command_refuses_a_bad_file_and_writes_nothing(tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("4401,广州市\n440103001,沙面街道\n")
    with pytest.raises(CommandError, match="第2行"):
        call_command("import_units", str(file))
    assert not Unit.objects.exists()


def test_the_command_says_what_it_did(tmp_path):
    file = tmp_path / "units.csv"
    file.write_text("4401,广州市\n440103,荔湾区\n")
    said = StringIO()
    call_command("import_units", str(file), stdout=said)
    assert "新增 2：4401、440103" in said.getvalue()


def test_a_rename_keeps_the_name_that_it_had(units):
    street = units["440103001"]
    service.rename_unit(street, name="沙面街", on=date(2026, 2, 1))
    service.rename_unit(street, name="沙面镇", on=date(2026, 6, 1))
    assert [(past.name, past.from_date, past.until_date) for past in street.pasts.all()] == [
        ("沙面街道", None, date(2026, 2, 1)),
        ("沙面街", date(2026, 2, 1), date(2026, 6, 1)),
    ]


def test_a_change_before_an_earlier_one_is_refused(units):
    street = units["440103001"]
    service.rename_unit(street, name="沙面街", on=date(2026, 6, 1))
    with pytest.raises(service.UnitChangeRefused, match="要晚于这一天"):
        service.rename_unit(street, name="沙面镇", on=date(2026, 6, 1))


def test_a_move_takes_all_below_along_and_keeps_where_it_stood(units):
    service.move_unit(units["440103001"], parent=units["440104"], on=ON)
    village = Unit.objects.get(code="440103001001")
    assert [unit.code for unit in village.get_ancestors()] == ["4401", "440104", "440103001"]
    assert UnitPast.objects.get().parent == units["440103"]
    assert Unit.find_problems() == ([], [], [], [], [])


@pytest.mark.parametrize("into", ["440103001", "440103001001"])
def test_a_unit_cannot_be_moved_under_itself(units, into):
    with pytest.raises(service.UnitChangeRefused, match="自己下面"):
        service.move_unit(units["440103001"], parent=units[into], on=ON)


def test_nothing_is_moved_under_a_closed_unit(units):
    service.close_unit(units["440103002"], on=ON, with_units_below=True)
    with pytest.raises(service.UnitChangeRefused, match="已经撤销"):
        service.move_unit(units["440103001"], parent=units["440103002"], on=ON)


def test_a_unit_with_open_ones_below_is_not_closed_alone(units):
    with pytest.raises(service.UnitChangeRefused, match="还有2个单位"):
        service.close_unit(units["440103001"], on=ON)
    assert Unit.objects.get(code="440103001").is_open


def test_a_merge_moves_what_is_below_and_says_who_took_over(units):
    service.merge_units([units["440103002"]], into=units["440103001"], on=ON)
    assert not Unit.objects.get(code="440103002").is_open
    assert Unit.objects.get(code="440103002001").get_parent().code == "440103001"
    assert Succession.objects.get().successor == units["440103001"]
    assert Unit.find_problems() == ([], [], [], [], [])


def test_a_split_makes_units_beside_it(units):
    [part] = service.split_unit(
        units["440103001001"], parts=[("440103001009", "翠洲东社区")], on=ON
    )
    assert part.get_parent() == units["440103001"]
    assert (part.opened_on, part.level) == (ON, Level.VILLAGE)
    with pytest.raises(service.UnitChangeRefused, match="已经有单位在用"):
        service.split_unit(units["440103001001"], parts=[("440103001002", "x")], on=ON)


def test_units_of_a_day_are_those_that_existed_then(units):
    service.close_unit(units["440103002001"], on=ON)
    before = Unit.objects.open_on(date(2026, 8, 31))
    after = Unit.objects.open_on(ON)
    assert {unit.code for unit in before} - {unit.code for unit in after} == {"440103002001"}
