"""An office's table: what comes in goes out the same; what is wrong with it is said by its row."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from lms.ledger.choices import ImportState
from lms.ledger.models import LedgerImport, Measure
from lms.ledger.services.evidence import add_link
from lms.ledger.services.rows import close_measure, edit_measure
from lms.privacy.retention import forget_lists
from tests.ledger.tables import ABOVE, BELOW, HEADINGS, ROWS, cells_of, office_table
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


@pytest.fixture
def imported(send_table, on_table):
    send_table()
    on_table("import")
    return {measure.number: measure for measure in Measure.objects.all()}


def fetched(client, query=""):
    return client.get(reverse("ledger:file") + query).content


def test_what_comes_in_goes_out_the_same(imported, client):
    assert cells_of(fetched(client)) == cells_of(office_table())


def test_and_comes_in_again_without_any_change(imported, client, send_table, on_table):
    page = words(send_table(fetched(client)))
    assert "新添0条，改动0条，3条没有变化" in page
    on_table("import")
    assert cells_of(fetched(client)) == cells_of(office_table())
    assert set(Measure.objects.values_list("version", flat=True)) == {1}


def test_the_columns_are_read_under_whatever_name(imported, cast, units):
    first, second, third = (imported[number] for number in ("1", "2-1", "3"))
    assert first.clause == "穗甲〔2026〕1号 第1条"
    assert (first.percent, first.progress) == (80, "")
    assert (first.due_words, str(first.due_on)) == ("2026年底前", "2026-12-31")
    assert not first.is_closed
    assert second.task == "四个进课堂\n每月四次"
    assert (second.due_words, str(second.due_on)) == ("", "2026-12-31")
    assert second.progress == "推进中"
    assert second.lead_unit == units["440103"]
    assert third.due_on is None
    assert (third.percent, third.progress) == (100, "都培训了")
    assert third.is_closed
    assert third.target == "200"


def test_only_the_cell_that_was_changed_here_is_another(imported, client, cast):
    edit_measure(imported["1"], fields={"percent": 90}, version=1, by=cast.city_officer)
    came, went = cells_of(office_table()), cells_of(fetched(client))
    assert went.pop("I5") == 0.9
    assert came.pop("I5") == 0.8
    assert went == came


def test_what_this_system_adds_stands_below_the_offices_words_and_is_not_read_back(
    imported, client, cast, send_table, on_table
):
    row = imported["1"]
    add_link(row, link="https://example.org/1", title="签到表", by=cast.city_officer)
    close_measure(row, by=cast.city_officer)
    cells = cells_of(fetched(client))
    assert cells["J5"] == "见附件3\n签到表 https://example.org/1"
    assert cells["M5"].endswith("city办结")
    assert "改动0条" in words(send_table(fetched(client)))
    on_table("import")
    row.refresh_from_db()
    assert row.evidence_words == "见附件3"


def test_rows_typed_here_go_out_under_our_headings(as_, measure, client):
    as_("street_officer")
    cells = cells_of(fetched(client))
    assert [cells[f"{letter}1"] for letter in "ABCM"] == ["序号", "政策条款", "任务", "办结"]
    assert cells["A2"] == 31
    assert cells["H2"].date() == measure.due_on


def test_nothing_is_written_before_it_is_confirmed(send_table):
    page = words(send_table())
    assert Measure.objects.count() == 0
    assert "新添3条，改动0条，0条没有变化" in page
    assert "这几列是你们自己的，照样留着，下载时还在：备注" in page


def test_a_changed_cell_is_shown_and_then_kept_with_its_history(imported, send_table, on_table):
    rows = [list(row) for row in ROWS]
    rows[1][8] = "办了一半"
    rows[0][7] = None
    page = words(send_table(office_table(rows)))
    assert "改动2条" in page
    assert "推进中 → 办了一半" in page
    on_table("import")
    row = imported["2-1"]
    change = row.changes.get(field="progress")
    assert (change.was, change.now, change.way) == ("推进中", "办了一半", "sheet")
    imported["1"].refresh_from_db()
    assert (imported["1"].due_words, imported["1"].due_on) == ("", None)


def test_a_column_that_is_not_there_is_not_touched(imported, send_table, on_table):
    short = [(row[0], row[1], row[2]) for row in ROWS]
    page = words(send_table(office_table(short, headings=HEADINGS[:3], below=())))
    assert "3条没有变化" in page
    on_table("import")
    imported["1"].refresh_from_db()
    assert imported["1"].percent == 80


def test_a_task_put_otherwise_is_known_by_its_number_and_clause(imported, send_table):
    rows = [list(row) for row in ROWS]
    rows[0][2] = "各区开无码通道"
    assert "开无码通道 → 各区开无码通道" in words(send_table(office_table(rows)))


def test_every_bad_row_is_named_with_what_to_do(send_table, on_table):
    rows = [
        (1, "第1条", None, "没有任务的", "市甲局"),
        (2, "第2条", "=A1&B1", None, "市甲局"),
        (3, "第3条", "写得太长", None, "市" * 600),
        (4, "第4条", "好的", None, "市甲局"),
        (5, "第4条", "好的", None, "市乙局"),
        (6, "第6条", "做了三倍", None, None, None, None, None, 300),
    ]
    page = words(send_table(office_table(rows, below=())))
    assert "没有写“任务”。请补上" in page
    assert "C6 任务：是公式，没有算" in page
    assert "E7 牵头单位：有600个字，最多500个" in page
    assert "和第8行是同一条" in page
    assert "I10 进度：“300”不像完成了多少" in page
    assert "5行有错，不导入" in page
    on_table("import")
    assert Measure.objects.get().task == "好的"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (lambda: office_table(headings=("甲", "乙"), rows=(("一", "二"),)), "没有找到标题行"),
        (lambda: office_table(rows=()), "标题下面没有内容"),
        (lambda: office_table([(n, None, f"任务{n}", "指") for n in range(501)]), "一次最多500行"),
        (
            lambda: office_table(change=lambda book: book.active.merge_cells("B5:B6")),
            "B5:B6是合并的单元格",
        ),
        (lambda: b"<html><script>1</script>", "其实是网页"),
        (lambda: b"PK\x03\x04 not a table", "文件坏了"),
        (lambda: b"x" * (5 * 2**20 + 1), "文件超过5MB"),
    ],
)  # fmt: skip
def test_a_file_that_cannot_be_read_says_what_to_do(send_table, content, said):
    response = send_table(content())
    assert response.status_code == 422
    assert said in words(response)
    assert LedgerImport.objects.count() == 0


def test_a_row_that_somebody_changed_since_the_preview_is_shown_again(
    imported, send_table, on_table, cast
):
    rows = [list(row) for row in ROWS]
    rows[0][8] = 0.9
    send_table(office_table(rows))
    edit_measure(imported["1"], fields={"percent": 85}, version=1, by=cast.city_officer)
    assert "您看过以后有1行变了" in words(on_table("import"))
    imported["1"].refresh_from_db()
    assert imported["1"].percent == 85
    on_table("import")
    imported["1"].refresh_from_db()
    assert imported["1"].percent == 90


def test_a_preview_that_nobody_confirms_is_thrown_away_by_night(send_table):
    send_table()
    LedgerImport.objects.update(sent_at=timezone.now() - timedelta(hours=25))
    assert forget_lists(timezone.now()) == 1
    assert LedgerImport.objects.count() == 0


def test_pressing_import_twice_imports_once(send_table, on_table, client):
    send_table()
    on_table("import")
    sent = LedgerImport.objects.get()
    again = client.post(reverse("ledger:preview", args=[sent.pk]), {"do": "import"})
    assert again.status_code == 404
    assert Measure.objects.count() == 3


def test_an_import_is_undone_but_for_what_was_worked_on_since(
    imported, send_table, on_table, client, cast
):
    rows = [list(row) for row in ROWS]
    rows[0][8], rows[1][8], rows[2][6] = 0.9, "办了一半", "苏婆婆"
    send_table(office_table([*rows, (4, "第9条", "新的一条")]))
    on_table("import")
    edit_measure(imported["2-1"], fields={"problem": ""}, version=2, by=cast.city_officer)
    sent = LedgerImport.objects.latest("pk")
    page = words(client.post(reverse("ledger:undo", args=[sent.pk]), follow=True))
    assert "有1条后来又有人改过，留着没有动：四个进课堂" in page
    there = {row.number: row for row in Measure.objects.there()}
    assert set(there) == {"1", "2-1", "3"}
    assert there["1"].percent == 80
    assert there["2-1"].progress == "办了一半"
    assert there["3"].person_name == ""
    sent.refresh_from_db()
    assert sent.state == ImportState.UNDONE
    again = client.post(reverse("ledger:undo", args=[sent.pk]))
    assert again.status_code == 404


def test_a_responsible_person_is_known_by_name_where_one_alone_is_called_so(
    send_table, on_table, cast
):
    cast.city_officer.last_name, cast.city_officer.first_name = "何", "秋月"
    cast.city_officer.save()
    send_table()
    on_table("import")
    assert Measure.objects.get(number="1").person == cast.city_officer
    assert Measure.objects.get(number="2-1").person is None


def test_a_table_of_text_is_read_too(send_table, on_table):
    lines = ["序号,任务,牵头单位,完成时限", "1,开班,市甲局,2027年6月"]
    send_table("\r\n".join(lines).encode("gb18030"), name="台账.csv")
    on_table("import")
    assert str(Measure.objects.get().due_on) == "2027-06-30"


def test_a_file_without_a_name_of_a_unit_goes_nowhere(as_):
    file = SimpleUploadedFile("台账.xlsx", office_table(above=ABOVE, below=BELOW))
    response = as_("street_officer").post(
        reverse("ledger:send"), {"unit": "440103002", "file": file}
    )
    assert response.status_code == 422
    assert LedgerImport.objects.count() == 0
