"""The register of processing: whole, and an administrator's to print."""

import pypdfium2
import pytest
from django.apps import apps
from django.db.models import ForeignKey, Model

from lms.accounts.models import User
from lms.people.models import Learner
from lms.privacy.purposes import PROCESSINGS
from lms.privacy.retention import PERIODS
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

PAGE, PDF = "/admin/privacy/", "/admin/privacy/register.pdf"
#: They name who wrote, decided or uploaded something at work, and nobody's own data.
OF_WORK = {
    "accounts.User_groups",
    "accounts.User_user_permissions",
    "alerts.Alert",
    "alerts.AlertEvent",
    "alerts.DrillIdea",
    "alerts.EmergencyNotice",  # the telephone is an office's
    "alerts.ReadOut",
    "attendance.HeadcountCorrection",
    "attendance.SessionChange",
    "boxes.VillageBox",
    "classes.AddedAgain",
    "classes.CalendarDay",
    "classes.ClassGroup_teachers",
    "classes.ClassSession",
    "classes.ClosingDay",
    "evaluation.CaseEvent",
    "evaluation.OpenFigures",
    "evaluation.PaperAnswers",
    "manuals.DraftUndo",
    "manuals.Invitation",
    "manuals.Manual",
    "manuals.ManualPicture",
    "manuals.ManualVersion",
    "manuals.OrganisationDecision",
    "manuals.Original",
    "manuals.Review",
    "manuals.ReviewNote",
    "manuals.WordAnswer",
    "media.Attachment",
    "media.Picture",
    "media.Upload",
    "media.Video",
    "packs.PackMaking",
    "packs.PackTaking",
    "packs.Taking",
    "packs.TrustedKey",
    "returns.NoTeaching",
    "returns.ReturnDeadline",
    "returns.ReturnTemplate",
    "notices.Notice",
    "notices.WorkGroup",
    "subtitles.Reviewer",
    "subtitles.Track",
    "subtitles.TrackCue",
    "subtitles.TrackVersion",
    "units.PlannedChange",
    "units.Unit",  # the telephone is an office's
}
NAMES_OF_PEOPLE = {"telephone", "contact", "email", "birth_year"}


def names_a_person(model: type[Model]) -> bool:
    """By a field of its own."""
    return any(
        (isinstance(field, ForeignKey) and field.related_model in (User, Learner))
        or field.name in NAMES_OF_PEOPLE
        for field in model._meta.local_fields
    )


def test_every_model_that_names_a_person_is_in_the_table():
    ours = {
        model._meta.label
        for model in apps.get_models(include_auto_created=True)
        if model.__module__.split(".")[0] in {"lms", "courses", "media", "subtitles"}
        and names_a_person(model)
    }
    told = {label for each in PROCESSINGS for label in each.models}
    assert sorted(ours - told - OF_WORK) == []


def test_the_table_names_no_model_that_is_not_there():
    there = {model._meta.label for model in apps.get_models()}
    assert {label for each in PROCESSINGS for label in each.models} - there == set()


def test_an_administrator_reads_it_and_prints_it(admin_client):
    page = words(admin_client.get(PAGE))
    for each in PROCESSINGS:
        assert str(each.name) in page
    for period in PERIODS:
        assert str(period.what) in page
    answer = admin_client.get(PDF)
    assert answer["Content-Type"] == "application/pdf"
    paper = "".join(
        page.get_textpage().get_text_range() for page in pypdfium2.PdfDocument(answer.content)
    )
    assert "个人信息处理活动记录" in paper
    assert "第十三条" in paper


@pytest.mark.parametrize("page", [PAGE, PDF])
def test_it_is_for_administrators_alone(as_, page):
    assert as_("city_officer").get(page).status_code in (302, 403)
