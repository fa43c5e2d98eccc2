"""Printed with a place for the seal, and written into the city's own form."""

import io

import pypdfium2
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from openpyxl import Workbook, load_workbook
from openpyxl.workbook.defined_name import DefinedName

from lms.returns.models import ReturnTemplate
from lms.returns.services.deciding import put_down_as_missing
from tests.returns.conftest import (
    CITY,
    SECOND,
    STREET,
    VILLAGE,
    address,
    browser,
)
from tests.staff_pages import words

pytestmark = pytest.mark.django_db


# --- Files


def text_of(pdf):
    return "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(pdf)
    ).replace("\r\n", "")


def test_it_is_printed_with_a_place_for_the_seal(sign, approve, office, at, month):
    sign(VILLAGE, remarks="天气热")
    approve(VILLAGE)
    put_down_as_missing(at(SECOND), turn=0, by=office.street, reason="停电")
    sign(STREET)
    answer = browser(office.street).get(address(STREET, month, "return.pdf"))
    assert answer["Content-Type"] == "application/pdf"
    paper = text_of(answer.content)
    digest = at(STREET).snapshot.digest[:40]
    for said in ("（盖章处）", "沙面街道", "停电", "签报：", digest):
        assert said in paper


def test_nothing_is_printed_before_it_is_signed(office, at, month):
    client = browser(office.street)
    for name in ("return.pdf", "return.xlsx"):
        assert client.get(address(VILLAGE, month, name)).status_code == 404


def form_of(names):
    book = Workbook()
    book.active.title = "市表"
    book.active["A1"] = "广州市月报"
    for row, name in enumerate(names, 2):
        book.defined_names[name] = DefinedName(name, attr_text=f"'市表'!$C${row}")
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


NAMES = ["单位", "月份", "已上课次", "到课人次", "学员人数", "签报人"]


def upload(client, unit, content):
    file = SimpleUploadedFile("市表.xlsx", content)
    return client.post("/returns/rules/form/", {"unit": unit.pk, "file": file}, follow=True)


def test_the_citys_own_form_is_filled_in(sign, office, at, month, units):
    content = form_of([*NAMES, "讲座人数", "备注"])
    assert "会填8个格子" in words(upload(browser(office.city), units[CITY], content))
    sign(VILLAGE, remarks='=HYPERLINK("x")')
    answer = browser(office.village).get(address(VILLAGE, month, "return.xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content))["市表"]
    assert [sheet.cell(row=row, column=3).value for row in (2, 3, 4, 8)] == [
        "翠洲社区", month.label, 1, 20,
    ]  # fmt: skip
    assert sheet["A1"].value == "广州市月报"
    assert sheet["C9"].data_type == "s"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (form_of(NAMES[:-2]), "表里缺少这些名称：学员人数、签报人。"),
        (b"PK nothing", "文件打不开"),
        (b"<html>", "文件打不开"),
    ],
)
def test_a_form_that_cannot_be_filled_in_is_refused_in_words(office, units, content, told):
    page = upload(browser(office.city), units[CITY], content)
    assert page.status_code == 422
    assert told in words(page)
    assert not ReturnTemplate.objects.exists()


def test_a_name_must_point_to_one_cell(office, units):
    book = load_workbook(io.BytesIO(form_of(NAMES)))
    book.defined_names["单位"] = DefinedName("单位", attr_text="'市表'!$C$2:$D$9")
    content = io.BytesIO()
    book.save(content)
    page = upload(browser(office.city), units[CITY], content.getvalue())
    assert "名称“单位”要正好指着一个格子" in words(page)


def test_the_form_to_begin_with_is_taken(office, units):
    client = browser(office.city)
    sample = client.get("/returns/rules/form/sample.xlsx").content
    assert "会填" in words(upload(client, units[CITY], sample))


def test_without_a_form_of_the_citys_there_is_our_own(sign, office, month, at):
    sign(VILLAGE)
    answer = browser(office.village).get(address(VILLAGE, month, "return.xlsx"))
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert at(VILLAGE).snapshot.digest in "".join(str(row[0].value) for row in sheet.iter_rows())
