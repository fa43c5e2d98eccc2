"""Whatever the Wagtail admin lets one download: words that begin like a formula stay words."""

import csv
import io
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.urls import URLPattern, URLResolver, get_resolver
from openpyxl import load_workbook
from wagtail.admin.views.mixins import SpreadsheetExportMixin
from wagtail.admin.views.pages.listing import ExplorableIndexView
from wagtail.admin.viewsets import viewsets
from wagtail.admin.viewsets.base import ViewSet
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page

from lms.reports.admin_exports import AdminExport, export_by_our_writer
from lms.tables import CONTENT_TYPES

FORMULAS = ["=1+1", "＝1", "\x0b=1"]


def views_below(patterns) -> Iterator[object]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from views_below(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern.callback


def exporting():
    """Every view of the site that Wagtail can make a file of, and what stands in for it then."""
    for view in views_below(get_resolver().url_patterns):
        view_class = getattr(view, "view_class", None)
        if view_class and issubclass(view_class, SpreadsheetExportMixin):
            yield view_class, getattr(view, "export_class", object)


def in_csv(response):
    return list(csv.reader(io.StringIO(response.content.decode("utf-8-sig"))))


def cells_of(response):
    sheet = load_workbook(io.BytesIO(response.content)).worksheets[0]
    return [cell for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_every_view_that_exports_does_so_by_our_writer():
    found = list(exporting())
    others = [str(view) for view, ours in found if not issubclass(ours, AdminExport)]
    assert others == []
    names = {f"{view.__module__}.{view.__name__}" for view, _ours in found}
    assert names >= {
        "wagtail.admin.views.reports.locked_pages.LockedPagesView",
        "wagtail.admin.views.reports.audit_logging.LogEntriesView",
        "wagtail.contrib.redirects.views.IndexView",
        "lms.units.viewsets.UnitIndexView",
    }


def test_a_registered_viewset_whose_address_does_not_tell_its_view_makes_no_files():
    """Wagtail finds the list of a kind of page inside another view."""
    reached = {view_class for view_class, _ours in exporting()}
    lists = {
        viewset.index_view_class: viewset
        for viewset in viewsets.viewsets
        if issubclass(getattr(viewset, "index_view_class", object), SpreadsheetExportMixin)
    }
    assert len(lists) > 5
    for view_class in set(lists) - reached:
        assert issubclass(view_class, ExplorableIndexView)
        assert view_class.list_export == []
        assert lists[view_class].list_export is ViewSet.UNDEFINED


class Items(list):
    """Like a query of pages; each is words that begin like a formula."""

    model = Page


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_formula_comes_out_of_each_as_words(suffix):
    """The last step of each view, for rows of whatever its query gave."""
    for export_class in {ours for _view, ours in exporting()}:
        view = export_class()
        view.list_export = ["words"]
        view.to_row_dict = lambda item: {"words": item}
        view.get_filename = lambda: "items"
        answer = view.as_spreadsheet(Items(FORMULAS), suffix)
        assert answer["Content-Type"] == CONTENT_TYPES[suffix]
        if suffix == "csv":
            assert in_csv(answer)[1:] == [["'=1+1"], ["'＝1"], ["\x0b=1"]]
        else:
            said = [(cell.data_type, cell.value) for cell in cells_of(answer)[1:]]
            assert said == [("s", "=1+1"), ("s", "＝1"), ("s", "=1")]


@pytest.fixture
def redirects(db):
    for number, words in enumerate(FORMULAS[:2]):
        Redirect.objects.create(old_path=f"/old-{number}", redirect_link=words)


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_wagtails_redirects_come_as_words(admin_client, redirects, suffix):
    answer = admin_client.get(f"/admin/redirects/?export={suffix}")
    assert answer.status_code == 200
    assert "no-cache" in answer["Cache-Control"]
    if suffix == "csv":
        assert {"'=1+1", "'＝1"} <= {cell for row in in_csv(answer) for cell in row}
    else:
        found = {cell.value: cell.data_type for cell in cells_of(answer)}
        assert (found["=1+1"], found["＝1"]) == ("s", "s")


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_a_page_titled_like_a_formula_is_a_title_in_the_site_history(admin_client, suffix):
    page = Page.objects.get(depth=2)
    page.title = page.draft_title = "=1+1"
    page.save(log_action="wagtail.edit")
    answer = admin_client.get(f"/admin/reports/site-history/?export={suffix}")
    if suffix == "csv":
        assert any("'=1+1" in row for row in in_csv(answer))
    else:
        assert [cell.data_type for cell in cells_of(answer) if cell.value == "=1+1"] == ["s"]


def test_who_may_not_see_the_list_gets_no_file(client, as_, cast, redirects):
    for browser in (client, as_("teacher")):
        answer = browser.get("/admin/redirects/?export=csv")
        assert answer.status_code == 302
    assert "/login" in client.get("/admin/redirects/?export=csv").url


def test_without_export_wagtails_page_answers(admin_client, redirects):
    answer = admin_client.get("/admin/redirects/?export=pdf")
    assert "text/html" in answer["Content-Type"]


def test_a_view_that_makes_no_files_is_left_alone():
    def view(request):
        """Any."""

    assert export_by_our_writer(view) is view


def test_wagtails_forms_are_not_here():
    """They make their files inside another view, where the address does not tell."""
    assert "wagtail.contrib.forms" not in settings.INSTALLED_APPS
