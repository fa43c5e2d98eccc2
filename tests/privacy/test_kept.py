"""What is kept about me: read, taken away, deleted; and the same at the desk."""

import io
import json
from datetime import timedelta
from zipfile import ZipFile

import pypdfium2
import pytest
from django.urls import reverse
from django.utils import timezone

from courses.progress.models import LearnerRecord
from lms.accounts.models import User
from lms.accounts.services import account_of_telephone
from lms.attendance.choices import AttendanceStatus
from lms.attendance.models import AttendanceRecord
from lms.attendance.services.page import mark_on_page
from lms.helpline.services import ask_for_help
from lms.people.choices import Consent, DelegateScope, Looked, Role
from lms.people.models import ERASED_NAME, Delegate, Learner, Look, RoleAssignment
from lms.people.services.learners import appoint_delegate
from lms.statistics.models import SessionCounters
from tests.courses.lessons import make_lessons
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

KEPT, TAKE = "/accounts/privacy/kept/", "/accounts/privacy/kept/my-data.zip"
DELETE = "/accounts/privacy/kept/delete/"


@pytest.fixture
def grandmother(begun, cast):
    """A learner of a class, who was marked, asked for help, let her daughter act for her, and has
    an account in which a lesson was learnt."""
    learner = cast.learners[0]
    user = account_of_telephone("+8619900000001")
    user.first_name = "阿婆"
    user.save()
    learner.user, learner.telephone = user, "020-87650000"
    learner.save()
    statuses = {each.number: AttendanceStatus.PRESENT for each in cast.learners}
    mark_on_page(begun, statuses=statuses, recorded_by=cast.teacher)
    ask_for_help(unit=learner.unit, number=learner.number, name="陈阿婆")
    appoint_delegate(
        learner=learner,
        person=cast.stranger,
        relation="女儿",
        scope=DelegateScope.ALL,
        consent=Consent.SIGNED,
        recorded_by=cast.teacher,
        until_date=timezone.localdate() + timedelta(days=30),
    )
    record = LearnerRecord.objects.create(user=user, code="123456789012")
    record.lessons.create(lesson=make_lessons(1)[0], read_at=timezone.now())
    return learner


@pytest.fixture
def browser(client, grandmother):
    client.force_login(grandmother.user)
    return client


def in_zip(answer):
    with ZipFile(io.BytesIO(answer.content)) as archive:
        told = json.loads(archive.read("my-data.json"))
        return told, archive.read("my-data.pdf")


def text_of(pdf):
    pages = pypdfium2.PdfDocument(pdf)
    return "".join(page.get_textpage().get_text_range() for page in pages)


@pytest.mark.parametrize("page", [KEPT, TAKE, DELETE])
def test_whoever_is_not_signed_in_is_asked_for_a_number(client, page):
    assert client.get(page).url.startswith("/accounts/code/")


def test_everything_is_there_to_read(browser, grandmother):
    page = words(browser.get(KEPT))
    for told in (
        "19900000001", grandmother.number, "1950", "020-87650000", "翠洲手机班", "女儿",
        "123456789012", "求助", "翠洲社区",
    ):  # fmt: skip
        assert told in page, told


def test_it_is_taken_away_as_json_and_as_paper(browser, grandmother):
    answer = browser.get(TAKE)
    assert answer["Content-Type"] == "application/zip"
    told, pdf = in_zip(answer)
    assert {"什么": "学员号", "记着的": grandmother.number} in told["学员登记"]
    [mark] = told["出勤"]
    assert (mark["班级"], mark["出勤"]) == ("翠洲手机班", "到")
    assert grandmother.number in text_of(pdf)


def test_deleting_asks_twice_and_leaves_the_totals_as_they_were(browser, grandmother, begun):
    before = list(SessionCounters.objects.values_list("session", "attendances"))
    marks = AttendanceRecord.objects.count()
    assert "会删去的" in words(browser.get(DELETE))
    assert "真的都删去" in words(browser.post(DELETE))
    assert User.objects.filter(pk=grandmother.user_id).exists()
    assert "都删去了" in words(browser.post(DELETE, {"sure": "1"}))
    row = Learner.objects.get(pk=grandmother.pk)
    assert (row.name, row.telephone, row.user, row.erased_by) == (ERASED_NAME, "", None, None)
    assert row.number != grandmother.number
    assert not User.objects.filter(telephone="+8619900000001").exists()
    assert not LearnerRecord.objects.exists()
    assert Delegate.objects.get().person is None
    assert AttendanceRecord.objects.count() == marks
    assert list(SessionCounters.objects.values_list("session", "attendances")) == before
    assert not grandmother.help_requests.exists()
    assert browser.get(KEPT).status_code == 302


def test_who_works_here_is_told_to_end_that_first(browser, grandmother, units):
    RoleAssignment.objects.create(person=grandmother.user, role=Role.VOLUNTEER, unit=units["4401"])
    assert "您在这里任职" in words(browser.get(DELETE))
    assert "您在这里任职" in words(browser.post(DELETE, {"sure": "1"}, follow=True))
    assert Learner.objects.get(pk=grandmother.pk).name == "陈阿婆"


def test_an_account_whose_name_stands_under_what_was_done_says_nothing_any_more(
    client, cast, grandmother
):
    """The daughter put the learner into a class: who did it stays a row, and nobody's."""
    daughter = cast.stranger
    grandmother.enrolments.update(recorded_by=daughter)
    client.force_login(daughter)
    client.post(DELETE, {"sure": "1"})
    daughter.refresh_from_db()
    assert not daughter.is_active
    assert daughter.username.startswith("gone-")
    assert Delegate.objects.get().person is None


# --- At the desk ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("teacher", 404), ("auditor", 404), ("other_street_officer", 404),
     ("street_officer", 200), ("city_officer", 200)],
)  # fmt: skip
def test_an_officer_of_the_unit_reads_it_for_who_comes(as_, grandmother, who, status):
    page = as_(who).get(reverse("desk:kept", args=[grandmother.pk]))
    assert page.status_code == status
    assert Look.objects.filter(what=Looked.KEPT).exists() is (status == 200)


def test_an_officer_hands_it_over_says_why_and_is_in_the_log(as_, cast, grandmother):
    url = reverse("desk:take_away", args=[grandmother.pk])
    assert as_("street_officer").post(url, {"reason": " "}).status_code == 422
    told, _pdf = in_zip(as_("street_officer").post(url, {"reason": "本人到场"}))
    assert {"什么": "姓名", "记着的": "陈阿婆"} in told["学员登记"]
    look = Look.objects.get(what=Looked.KEPT, taken=True)
    assert (look.person, look.learner, look.reason) == (
        cast.street_officer, grandmother, "本人到场",
    )  # fmt: skip


def test_who_looked_is_told_by_place_and_not_by_name(as_, browser, grandmother):
    as_("street_officer").get(reverse("people:learner", args=[grandmother.number]))
    browser.force_login(grandmother.user)
    page = words(browser.get(KEPT))
    assert "工作人员看过我的资料" in page
    assert "学员资料" in page
    assert "street" not in page


def test_erasing_at_the_desk_takes_the_account_along(as_, grandmother):
    url = reverse("people:erase_learner", args=[grandmother.number])
    assert "还有本人的登录账号" in words(as_("street_officer").get(url))
    as_("street_officer").post(url, {"reason": "本人要求"})
    assert not User.objects.filter(telephone="+8619900000001").exists()
