"""Products with what the national catalogue says of them: written, listed, taken as a table."""

import csv
import io
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from openpyxl import load_workbook

from lms.manuals.editor.services.products import ProductRefused, add_product
from lms.manuals.models import Product

PRODUCT: dict[str, Any] = {
    "brand": "康乐",
    "model": "BP-9",
    "name": "血压计",
    "kind": "medical",
    "catalogue_year": 2024,
    "catalogue_class": "健康管理类智能产品",
    "catalogue_number": "17",
}
HEADINGS = [
    "推广目录里的类别",
    "列入推广目录的年份",
    "推广目录里的序号",
    "企业名称",
    "统一社会信用代码",
    "产品名称",
    "品牌",
    "产品型号",
]


@pytest.fixture
def listed(cast):
    return add_product(organisation=cast.organisation, **PRODUCT)


def row_of(product):
    owner = product.organisation
    return ["健康管理类智能产品", 2024, "17", owner.name, owner.code, "血压计", "康乐", "BP-9"]


def test_a_maker_writes_what_the_catalogue_says(as_, cast):
    address = reverse("workbench:new_product")
    as_("maker").post(address, PRODUCT | {"catalogue_class": "　健康管理类智能产品 "})
    product = Product.objects.of(cast.organisation).get()
    assert (product.catalogue_class, product.catalogue_number) == ("健康管理类智能产品", "17")
    page = as_("maker").get(reverse("workbench:product", args=[product.pk])).content.decode()
    assert "健康管理类智能产品" in page


def test_without_the_year_of_the_catalogue_it_is_refused_in_words(as_, cast):
    address = reverse("workbench:new_product")
    answer = as_("maker").post(address, PRODUCT | {"catalogue_year": ""})
    assert answer.status_code == 422
    assert "也请写是哪一年的目录" in answer.content.decode()
    with pytest.raises(ProductRefused):
        add_product(organisation=cast.organisation, **(PRODUCT | {"catalogue_year": None}))


def test_the_database_keeps_no_number_without_its_year(listed):
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.filter(pk=listed.pk).update(catalogue_year=None)


def test_the_list_is_taken_as_a_spreadsheet(as_, listed):
    answer = as_("reviewer").get(reverse("products:index"), {"export": "xlsx"})
    sheet = load_workbook(io.BytesIO(answer.content)).worksheets[0]
    assert [list(row) for row in sheet.values] == [HEADINGS, row_of(listed)]


def test_the_list_is_taken_as_csv(as_, listed):
    answer = as_("reviewer").get(reverse("products:index"), {"export": "csv"})
    rows = list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert rows == [HEADINGS, [str(value) for value in row_of(listed)]]
    assert "products" in answer["Content-Disposition"]


def test_a_table_holds_what_was_chosen_on_the_page(as_, listed, make_manual, publish):
    publish(make_manual(model="KL-1"))
    waiting = make_manual(model="KL-2").product

    def models(**chosen):
        answer = as_("reviewer").get(reverse("products:index"), chosen | {"export": "csv"})
        rows = csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))
        return [row[-1] for row in rows][1:]

    assert models() == ["BP-9", "KL-1", waiting.model]
    assert models(show="listed") == ["BP-9"]
    assert models(show="with_manual") == ["KL-1"]
    assert models(q="BP-9") == ["BP-9"]


def test_a_product_without_a_place_in_the_catalogue_has_empty_cells(as_, make_manual):
    make_manual()
    answer = as_("reviewer").get(reverse("products:index"), {"export": "csv"})
    assert "\r\n,,,康乐医疗器械有限公司," in answer.content.decode("utf-8-sig")


@pytest.mark.parametrize("who", ["editor", "maker", "stranger"])
def test_nobody_else_sees_the_list(as_, listed, who):
    answer = as_(who).get(reverse("products:index"), {"export": "csv"})
    assert answer.status_code == 302


def test_the_list_leads_nowhere_and_is_read_only(as_, listed):
    page = as_("reviewer").get(reverse("products:index")).content.decode()
    assert "健康管理类智能产品" in page
    assert "/admin/products/edit" not in page
    assert "/admin/products/new" not in page
