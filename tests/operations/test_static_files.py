"""Set-up collects static files itself, and only where one is new or changed."""

import os
import time

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.exceptions import ImproperlyConfigured

from lms.operations.checks import check_static_files_are_collected
from lms.operations.static_files import collect_what_changed, refuse_uncollected

MANIFEST = "django.contrib.staticfiles.storage.ManifestStaticFilesStorage"


@pytest.fixture
def sheet(tmp_path, settings):
    """The one static file of a site whose pages name files by their content."""
    (tmp_path / "ours").mkdir()
    settings.STATICFILES_DIRS = [tmp_path / "ours"]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": MANIFEST}}
    file = tmp_path / "ours/page.css"
    file.write_text("p { color: black; }")
    return file


def change(file, text):
    """After what was collected, whatever a clock of whole seconds says."""
    file.write_text(text)
    os.utime(file, (time.time() + 5, time.time() + 5))


def test_they_are_collected_once(sheet):
    assert collect_what_changed()
    assert staticfiles_storage.exists(staticfiles_storage.stored_name("page.css"))
    assert not collect_what_changed()


def test_a_changed_one_is_collected_again(sheet):
    collect_what_changed()
    before = staticfiles_storage.stored_name("page.css")
    change(sheet, "p { color: navy; }")
    assert collect_what_changed()
    assert staticfiles_storage.stored_name("page.css") != before


def test_a_new_one_is_collected_even_if_it_is_old(sheet):
    collect_what_changed()
    new = sheet.with_name("paper.css")
    new.write_text("p { color: black; }")
    os.utime(new, (1, 1))
    assert collect_what_changed()
    assert staticfiles_storage.exists(staticfiles_storage.stored_name("paper.css"))


def test_while_none_are_collected_no_page_is_served_and_the_check_names_it(sheet):
    with pytest.raises(ImproperlyConfigured, match="style sheets and scripts are not in"):
        refuse_uncollected()
    assert [found.id for found in check_static_files_are_collected(None)] == ["operations.E004"]
    collect_what_changed()
    refuse_uncollected()
    assert check_static_files_are_collected(None) == []


def test_a_site_that_serves_them_where_they_lie_needs_none(sheet, settings):
    settings.STATIC_ROOT = None
    assert not collect_what_changed()
