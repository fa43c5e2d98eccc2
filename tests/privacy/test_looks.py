"""The log of who looked at learners' data: every page writes it, nobody changes it, auditors read
it."""

import csv
import io
from datetime import timedelta
from zipfile import ZipFile

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from lms.helpline.services import ask_for_help
from lms.people.choices import Looked, Role
from lms.people.models import LEAST_KEPT, Look, LookIsFinal, RoleAssignment
from lms.people.services.looks import note_look
from lms.privacy import urls_staff
from tests.lms.test_staff_access import ACCESS, address, delegate  # noqa: F401  # fixtures
from tests.staff_pages import VILLAGE, words

pytestmark = pytest.mark.django_db

LOOKS = "/desk/looks/"
#: Pages of other rooms, and what phones ask for.
BESIDES = ["/classes/help/", "/roll/api/held", "/roll/api/classes", "/roll/api/sessions"]
BESIDES += [f"/reports/{VILLAGE}/", f"/reports/{VILLAGE}/attendance/"]
BESIDES += [f"/reports/{VILLAGE}/open-rolls/", "/reports/learning/"]
FIELDS = {"telephone": "020-8765", "birth_year": "1947"}


@pytest.fixture
def pages(begun, address, cast):  # noqa: F811
    """Addresses of all pages of staff that are opened, with something to be seen on each."""
    learner = cast.learners[0]
    learner.telephone, learner.birth_year = "020-87650000", 1947
    learner.save()
    ask_for_help(unit=learner.unit, number=learner.number)
    found = [address(name) for name, method, _sent, _outcomes in ACCESS if method == "get"]
    return [*found, reverse("desk:kept", args=[learner.pk]), *BESIDES]


def said(answer):
    """Everything that an answer shows, in a workbook too."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content.startswith(b"PK"):
        with ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(archive.read(name) for name in archive.namelist())
    return content.decode(errors="replace")


def is_named(page, cast):
    return any(learner.name in page for learner in cast.learners)


@pytest.mark.parametrize(
    ("who", "sees"),
    [
        ("stranger", set()),
        ("volunteer", {"name", "telephone"}),  # of who asked to be called back
        ("other_teacher", set()),
        ("auditor", {"name"}),
        ("teacher", {"name", "birth_year", "telephone"}),
        ("street_officer", {"name", "birth_year", "telephone"}),
        ("city_officer", {"name", "birth_year", "telephone"}),
    ],
)
def test_what_each_role_sees_of_a_learner_and_no_page_without_a_line_in_the_log(
    as_, cast, pages, who, sees
):
    """Role × field; a name alone is on the rolls that every one of them may see."""
    browser, silent, shown, seen = as_(who), [], 0, set()
    for page in pages:
        Look.objects.all()._raw_delete("default")  # the hour of the same look has passed
        answer = browser.get(page)
        if answer.status_code != 200:
            continue
        content = said(answer)
        seen |= {name for name, value in FIELDS.items() if value in content}
        if is_named(content, cast):
            shown += 1
            look = Look.objects.first()
            if look is None or look.person != getattr(cast, who) or look.rows < 1:
                silent.append(page)
    assert silent == []
    assert shown > 5 or who in {"stranger", "volunteer", "other_teacher"}
    assert seen | ({"name"} if shown else set()) == sees


def test_the_walk_goes_through_the_pages_of_this_room_too(as_, pages, cast):
    assert {pattern.name for pattern in urls_staff.urlpatterns} == {
        "looks", "looks_file", "kept", "take_away",
    }  # fmt: skip
    as_("street_officer").get(reverse("desk:kept", args=[cast.learners[0].pk]))
    assert Look.objects.get(what=Looked.KEPT).learner == cast.learners[0]


def test_a_line_says_who_when_what_and_how_many_and_bears_no_learners_name(as_, begun, cast):
    as_("teacher").get(f"/classes/{cast.class_group.pk}/learners.xlsx")
    look = Look.objects.get(taken=True)
    assert (look.person, look.what, look.rows) == (cast.teacher, Looked.CLASS, 3)
    assert (look.unit, look.about) == (cast.class_group.unit, "翠洲手机班")
    assert timezone.now() - look.at < timedelta(minutes=1)
    as_("teacher").get(f"/classes/learners/{cast.learners[0].number}/")
    look = Look.objects.get(what=Looked.LEARNER)
    assert look.learner == cast.learners[0]
    assert not is_named(f"{look.about} {look.reason}", cast)


def test_the_same_page_again_within_the_hour_is_one_line_and_a_file_each_time(as_, begun, cast):
    page = f"/classes/{cast.class_group.pk}/"
    for _time in range(3):
        as_("teacher").get(page)
        as_("teacher").get(f"{page}attendance.csv")
    assert Look.objects.filter(what=Looked.CLASS).count() == 1
    assert Look.objects.filter(what=Looked.GRID, taken=True).count() == 3
    as_("street_officer").get(page)
    assert Look.objects.filter(what=Looked.CLASS).count() == 2


def test_no_line_is_changed_or_taken_away(cast):
    note_look(cast.teacher, Looked.LEARNER, rows=1, learner=cast.learners[0])
    look = Look.objects.get()
    look.rows = 9
    changes = [
        look.save,
        look.delete,
        Look.objects.all().delete,
        lambda: Look.objects.update(rows=9),
        lambda: Look.objects.bulk_update([look], ["rows"]),
        lambda: Look.objects.remove_before(timezone.now() - LEAST_KEPT + timedelta(days=1)),
    ]
    for change in changes:
        with pytest.raises(LookIsFinal), transaction.atomic():
            change()
    assert Look.objects.get().rows == 1


def test_a_line_outlives_the_row_of_a_learner_who_was_registered_by_mistake(cast):
    learner = cast.learners[0]
    note_look(cast.teacher, Looked.LEARNER, rows=1, learner=learner)
    key = learner.pk
    learner.delete()
    assert Look.objects.values_list("learner_id", flat=True).get() == key


# --- Reading it -----------------------------------------------------------------------------------


@pytest.fixture
def looked(cast, units):
    note_look(cast.teacher, Looked.LEARNER, rows=1, learner=cast.learners[0])
    note_look(cast.street_officer, Looked.DIRECTORY, rows=40, unit=units["440103001"], taken=True)
    other = units["440103002001"]
    note_look(cast.other_teacher, Looked.CLASS, rows=7, unit=other, about="和平手机班")


@pytest.mark.parametrize(
    ("who", "status"),
    [("anonymous", 302), ("stranger", 404), ("teacher", 404), ("street_officer", 404),
     ("city_officer", 404), ("auditor", 200), ("superuser", 200)],
)  # fmt: skip
def test_only_auditors_read_it(as_, looked, who, status):
    browser = as_(who)
    for page in (LOOKS, "/desk/looks.csv", "/desk/looks.xlsx"):
        assert browser.get(page).status_code == status, page


def test_an_auditor_reads_of_the_own_units_alone(as_, looked, cast, units):
    page = words(as_("auditor").get(LOOKS))
    assert "teacher" in page
    assert "和平手机班" in page  # of the same district
    RoleAssignment.objects.filter(person=cast.auditor).update(unit=units["440103001"])
    page = words(as_("auditor").get(LOOKS))
    assert "学员名录" in page
    assert "和平手机班" not in page


@pytest.mark.parametrize(
    ("asked", "left"),
    [
        ("q=teacher", {"teacher"}),
        ("what=class", {"other"}),
        ("taken=taken", {"street"}),
        ("first=2999-01-01", set()),
        ("last=2999-01-01", {"teacher", "street", "other"}),
        ("first=tomorrow", set()),
    ],
)
def test_it_is_filtered_and_the_file_has_the_same(as_, looked, asked, left):
    browser = as_("auditor")
    page = browser.get(f"{LOOKS}?{asked}")
    assert {look.person.username for look in page.context["page"]} == left
    file = browser.get(f"/desk/looks.csv?{asked}")
    if not left:
        assert file.status_code == 404
        return
    rows = list(csv.reader(io.StringIO(file.content.decode("utf-8-sig"))))
    assert {row[1] for row in rows[1:]} == left


def test_taking_the_log_along_is_a_line_in_it(as_, looked, cast):
    as_("auditor").get("/desk/looks.csv")
    look = Look.objects.get(what=Looked.LOOKS)
    assert (look.person, look.rows, look.taken) == (cast.auditor, 3, True)


def test_a_file_of_the_admin_is_a_line_too(as_, cast):
    Redirect.objects.create(old_path="/old", redirect_link="https://example.org/")
    as_("superuser").get("/admin/redirects/?export=csv")
    look = Look.objects.get(what=Looked.ADMIN)
    assert (look.person, look.taken) == (cast.superuser, True)


def test_who_works_nowhere_is_noted_where_the_tree_begins(cast, units, django_user_model):
    root = django_user_model.objects.create_superuser("somebody")
    note_look(root, Looked.QUEUE, rows=2)
    assert Look.objects.get().unit == units["4401"]
    RoleAssignment.objects.create(
        person=root, role=Role.AUDITOR, unit=units[VILLAGE], from_date=timezone.localdate()
    )
    note_look(root, Looked.QUEUE, rows=2, taken=True)
    assert Look.objects.get(taken=True).unit == units[VILLAGE]
