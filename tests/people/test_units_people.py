"""Merging, moving and closing a unit asks what becomes of its people, and does it in the same step;
officers do so, and look at their units, on their own pages."""

from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone

from lms.classes.models import ClassGroup
from lms.people.choices import Role, RoleAct, RoleState
from lms.people.models import RoleAssignment, RoleEvent
from lms.people.services.roles import move_role
from lms.units.actions import UNDO, UNIT_ACTIONS, perform
from lms.units.choices import PeopleOfUnit
from tests.cast import UNITS
from tests.staff_pages import words

pytestmark = pytest.mark.django_db

STREET, OTHER_STREET, VILLAGE, NEXT_VILLAGE = (
    "440103001", "440103002", "440103001001", "440103001002",
)  # fmt: skip
ACTIONS = {action.slug: action for action in UNIT_ACTIONS}


def roles_of(person):
    roles = RoleAssignment.objects.not_over().filter(person=person)
    return {(role.unit.code, role.role) for role in roles}


@pytest.fixture
def root(django_user_model):
    return django_user_model.objects.create_superuser("admin")


def change(slug, unit, by, **data):
    perform(ACTIONS[slug], unit, {"on": date(2026, 11, 1), **data}, user=by)


def test_the_officer_of_a_merged_street_keeps_what_was_his(cast, units, root, running):
    change("merge", units[STREET], root, into=units[OTHER_STREET], people=PeopleOfUnit.MOVE)
    assert roles_of(cast.street_officer) == {(OTHER_STREET, Role.OFFICER)}
    assert ClassGroup.objects.managed_by(cast.street_officer).filter(pk=cast.class_group.pk)
    event = RoleEvent.objects.get(person=cast.street_officer)
    assert (event.act, event.to_unit, event.recorded_by) == (
        RoleAct.MOVED, units[OTHER_STREET], root,
    )  # fmt: skip
    assert event.reason == "单位合并：沙面街道"


def test_the_teacher_of_a_merged_village_teaches_the_class_to_its_end(cast, units, root):
    ends = timezone.localdate() + timedelta(days=40)
    ClassGroup.objects.update(ends_on=ends)
    change("merge", units[VILLAGE], root, into=units[NEXT_VILLAGE], people=PeopleOfUnit.MOVE)
    assert roles_of(cast.teacher) == {(VILLAGE, Role.TEACHER), (NEXT_VILLAGE, Role.TEACHER)}
    assert ClassGroup.objects.changeable_by(cast.teacher, ends).filter(pk=cast.class_group.pk)
    after = ends + timedelta(days=1)
    assert not ClassGroup.objects.changeable_by(cast.teacher, after).exists()


def test_people_of_a_closed_unit_end_or_go_to_the_one_above(cast, units, root):
    RoleAssignment.objects.create(
        person=cast.stranger, role=Role.VOLUNTEER, unit=units[NEXT_VILLAGE]
    )
    change("close", units[NEXT_VILLAGE], root, people=PeopleOfUnit.MOVE)
    assert roles_of(cast.stranger) == {(STREET, Role.VOLUNTEER)}
    change("close", units[VILLAGE], root, people=PeopleOfUnit.END)
    assert roles_of(cast.teacher) == set()
    assert RoleAssignment.objects.get(person=cast.teacher).state == RoleState.ENDED


def test_people_of_a_unit_that_moves_go_along_or_end(cast, units, root):
    change("move", units[VILLAGE], root, parent=units[OTHER_STREET], people=PeopleOfUnit.STAY)
    assert roles_of(cast.teacher) == {(VILLAGE, Role.TEACHER)}
    change(
        "move",
        units[NEXT_VILLAGE],
        root,
        parent=units[OTHER_STREET],
        people=PeopleOfUnit.END,
    )
    assert not RoleEvent.objects.filter(person=cast.teacher).exists()


def test_a_merge_that_is_taken_back_brings_its_people_back(cast, units, root):
    change("merge", units[VILLAGE], root, into=units[NEXT_VILLAGE], people=PeopleOfUnit.MOVE)
    assert roles_of(cast.teacher) == {(NEXT_VILLAGE, Role.TEACHER)}
    perform(UNDO, units[VILLAGE], {"on": date(2026, 11, 1)}, user=root)
    assert roles_of(cast.teacher) == {(VILLAGE, Role.TEACHER)}
    assert roles_of(cast.volunteer) == {(VILLAGE, Role.VOLUNTEER)}
    back = RoleEvent.objects.filter(person=cast.teacher).latest("pk")
    assert (back.act, back.unit.code, back.to_unit.code) == (
        RoleAct.MOVED, NEXT_VILLAGE, VILLAGE,
    )  # fmt: skip


def test_who_ended_with_a_closed_unit_works_there_again_when_it_is_taken_back(cast, units, root):
    change("close", units[VILLAGE], root, people=PeopleOfUnit.END)
    assert roles_of(cast.teacher) == set()
    perform(UNDO, units[VILLAGE], {"on": date(2026, 11, 1)}, user=root)
    assert roles_of(cast.teacher) == {(VILLAGE, Role.TEACHER)}


def test_who_has_been_moved_on_since_stays_there(cast, units, root):
    change("merge", units[VILLAGE], root, into=units[NEXT_VILLAGE], people=PeopleOfUnit.MOVE)
    move_role(
        RoleAssignment.objects.not_over().get(person=cast.teacher),
        to=units["440103002001"],
        on=timezone.localdate(),
        reason="调走",
        by=root,
    )
    perform(UNDO, units[VILLAGE], {"on": date(2026, 11, 1)}, user=root)
    assert roles_of(cast.teacher) == {("440103002001", Role.TEACHER)}


def test_an_import_that_closes_a_unit_names_it_if_somebody_works_there(cast, units, tmp_path):
    file = tmp_path / "units.csv"
    rest = {code: name for code, name in UNITS.items() if code not in (VILLAGE, NEXT_VILLAGE)}
    file.write_text("code,name\n" + "\n".join(f"{code},{name}" for code, name in rest.items()))
    said = StringIO()
    call_command("import_units", str(file), stdout=said)
    assert "里还有人任职，请到“人员”里给他们换单位 1：\n  翠洲社区" in said.getvalue()
    assert "2人" in said.getvalue()  # a teacher and a volunteer


def test_the_page_says_who_works_there_before_it_asks(as_, cast, units):
    url = f"/people/units/{VILLAGE}/merge/"
    client = as_("street_officer")
    page = words(client.get(url))
    assert "teacher（教师）" in page
    assert "在这里任职的人" in page
    sent = {"into": NEXT_VILLAGE, "on": "2026-11-01", "people": "move"}
    preview = words(client.post(url, sent))
    assert "还没有改" in preview
    assert roles_of(cast.teacher) == {(VILLAGE, Role.TEACHER)}
    assert client.post(url, {**sent, "confirm": "1"}).status_code == 302
    assert (NEXT_VILLAGE, Role.TEACHER) in roles_of(cast.teacher)


@pytest.mark.parametrize(
    ("who", "code", "look", "edit"),
    [
        ("street_officer", STREET, 200, 404),
        ("street_officer", VILLAGE, 200, 200),
        ("street_officer", OTHER_STREET, 404, 404),
        ("street_officer", "4401", 404, 404),
        ("city_officer", STREET, 200, 200),
        ("superuser", "4401", 200, 200),
        ("teacher", VILLAGE, 404, 404),
        ("auditor", STREET, 404, 404),
        ("stranger", VILLAGE, 404, 404),
    ],
)
def test_officers_look_at_their_units_and_change_those_below(as_, cast, who, code, look, edit):
    client = as_(who)
    assert client.get(f"/people/units/{code}/").status_code == look
    assert client.get(f"/people/units/{code}/rename/").status_code == edit


def test_an_officer_renames_a_village_and_no_other_officer_does(as_, cast, units):
    sent = {"name": "翠湖社区", "on": "2026-11-01", "confirm": "1"}
    url = f"/people/units/{VILLAGE}/rename/"
    assert as_("other_street_officer").post(url, sent).status_code == 404
    assert as_("street_officer").post(url, sent).status_code == 302
    units[VILLAGE].refresh_from_db()
    assert units[VILLAGE].name == "翠湖社区"


def test_a_unit_is_merged_only_into_one_of_the_officers_own(as_, cast, units):
    sent = {"into": "440103002001", "on": "2026-11-01", "people": "move", "confirm": "1"}
    response = as_("street_officer").post(f"/people/units/{VILLAGE}/merge/", sent)
    assert response.status_code == 422
    units[VILLAGE].refresh_from_db()
    assert units[VILLAGE].is_open


def test_a_units_telephone_is_put_right_by_its_own_officer(as_, cast, units):
    url = f"/people/units/{STREET}/telephone/"
    assert as_("street_officer").post(url, {"telephone": "020-81230000"}).status_code == 302
    units[STREET].refresh_from_db()
    assert units[STREET].telephone == "020-81230000"
    assert as_("other_street_officer").post(url, {"telephone": "1"}).status_code == 404


def test_a_search_finds_units_of_ones_own_only(as_, cast):
    page = words(as_("street_officer").get(f"/people/units/{STREET}/?q=社区"))
    assert "翠洲社区" in page
    assert "和平社区" not in page
