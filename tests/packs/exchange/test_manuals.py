"""Manuals in a pack: live in a village box, drafts for a maker that another city knows."""

import pytest
from django.db import transaction
from django.test import Client

from courses.models import LessonPage
from lms.manuals.exchange.documents import document_of
from lms.manuals.models import Manual, ManualPicture, ManualVersion
from lms.packs.exchange.reading import read_courses
from lms.packs.exchange.taken import Outcome
from tests.manuals.conftest import make_organisation
from tests.packs.exchange.conftest import make_city, pack
from tests.packs.shown_manual import shown_manual


@pytest.fixture
def told(db, tmp_path):
    """A pack with a manual, in a city that has neither; its code and what it says."""
    with transaction.atomic():
        make_city()
        manual = shown_manual()
        document = document_of(ManualVersion.objects.with_content().get(manual=manual))
        folder = pack(tmp_path / "pack", manuals=[manual])
        transaction.set_rollback(True)
    return folder, manual.short_code, document


def what_it_says(code):
    return document_of(ManualVersion.objects.with_content().get(manual__short_code=code))


def outcomes(taken):
    return [page.outcome for page in taken.pages if page.kind == "说明书"]


def test_in_a_village_box_it_is_live_under_the_code_that_is_on_the_box(told):
    folder, code, document = told
    with transaction.atomic():
        in_another_city_it_is_a_draft(folder, code, document)
        transaction.set_rollback(True)
    assert outcomes(read_courses(folder, publish=True, by=None)) == [Outcome.NEW]
    assert what_it_says(code) == document
    page = Client().get(f"/m/{code}/")
    assert page.status_code == 200
    step = Client().get(f"/m/{code}/1/1/").content.decode()
    assert document.tasks[0].steps[0].words in step
    assert ManualPicture.objects.count() == len(document.picture_names)
    assert outcomes(read_courses(folder, publish=True, by=None)) == [Outcome.UNTOUCHED]
    assert Manual.objects.count() == 1


def in_another_city_it_is_a_draft(folder, code, document):
    """Where that knows the maker."""
    make_organisation(1, "松影岭电子有限公司")
    assert outcomes(read_courses(folder, publish=False, by=None)) == [Outcome.NEW]
    assert what_it_says(code) == document
    assert not Manual.objects.get().live
    assert Client().get(f"/m/{code}/").status_code == 404


def test_of_a_maker_that_is_not_registered_there_nothing_is_taken_and_it_is_said(told):
    folder, _code, _document = told
    taken = read_courses(folder, publish=False, by=None)
    [manual] = [page for page in taken.pages if page.kind == "说明书"]
    assert manual.outcome == Outcome.LEFT_OUT
    assert "没有登记“松影岭电子有限公司”" in manual.note
    assert not Manual.objects.exists()
    assert LessonPage.objects.exists()  # the lessons came all the same
