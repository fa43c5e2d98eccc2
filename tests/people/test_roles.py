"""Giving, ending, moving and handing over roles, and the log that nobody edits."""

from datetime import timedelta

import pytest
from django.utils import timezone

from lms.classes.models import ClassGroup
from lms.people.choices import Role, RoleAct, RoleState
from lms.people.models import RoleAssignment, RoleEvent, RoleEventIsFinal
from lms.people.services.errors import PersonRefused
from lms.people.services.roles import (
    appoint,
    end_role,
    find_or_make_account,
    hand_over_role,
    move_role,
    sign_out_ended,
)

pytestmark = pytest.mark.django_db

CITY, DISTRICT, STREET, VILLAGE, NEXT_VILLAGE, OTHER_STREET, OTHER_DISTRICT = (
    "4401", "440103", "440103001", "440103001001", "440103001002", "440103002", "440104",
)  # fmt: skip


def in_days(days):
    return timezone.localdate() + timedelta(days=days)


def role_of(person):
    return RoleAssignment.objects.get(person=person)


@pytest.mark.parametrize(
    ("role", "code", "allowed"),
    [
        (Role.TEACHER, VILLAGE, True),
        (Role.OFFICER, VILLAGE, True),
        (Role.AUDITOR, VILLAGE, True),
        (Role.TEACHER, STREET, True),  # helpers of the street itself
        (Role.VOLUNTEER, STREET, True),
        (Role.OFFICER, STREET, False),  # a colleague is appointed from above
        (Role.AUDITOR, STREET, False),
        (Role.TEACHER, DISTRICT, False),
        (Role.TEACHER, OTHER_STREET, False),
    ],
)
def test_an_officer_appoints_below_and_own_helpers(cast, units, role, code, allowed):
    def give():
        return appoint(
            person=cast.stranger, role=role, unit=units[code], reason="新聘", by=cast.street_officer
        )

    if allowed:
        assert give().state == RoleState.CURRENT
    else:
        with pytest.raises(PersonRefused):
            give()
        assert not cast.stranger.role_assignments.exists()
        assert not RoleEvent.objects.exists()


@pytest.mark.parametrize("who", ["teacher", "volunteer", "stranger"])
def test_who_is_no_officer_appoints_nobody(cast, units, who):
    with pytest.raises(PersonRefused):
        appoint(
            person=cast.other_teacher,
            role=Role.VOLUNTEER,
            unit=units[VILLAGE],
            reason="帮忙",
            by=getattr(cast, who),
        )


def test_nobody_makes_oneself_anything(cast, units):
    with pytest.raises(PersonRefused, match="自己"):
        appoint(
            person=cast.street_officer,
            role=Role.TEACHER,
            unit=units[VILLAGE],
            reason="代课",
            by=cast.street_officer,
        )


def test_the_same_role_is_not_given_twice(cast, units):
    with pytest.raises(PersonRefused, match="已经是"):
        appoint(
            person=cast.teacher,
            role=Role.TEACHER,
            unit=units[VILLAGE],
            reason="新聘",
            by=cast.street_officer,
        )


def test_a_reason_is_asked_for(cast, units):
    with pytest.raises(PersonRefused, match="原因"):
        appoint(
            person=cast.stranger,
            role=Role.TEACHER,
            unit=units[VILLAGE],
            reason="  ",
            by=cast.street_officer,
        )
    assert not cast.stranger.role_assignments.exists()


def test_every_act_stands_in_the_log_with_who_when_and_why(cast, units):
    by = cast.city_officer
    given = appoint(
        person=cast.stranger, role=Role.TEACHER, unit=units[VILLAGE], reason="新聘", by=by
    )
    moved = move_role(given, to=units[NEXT_VILLAGE], on=in_days(0), reason="调动", by=by)
    hand_over_role(moved, successor=cast.volunteer, on=in_days(0), reason="退休", by=by)
    end_role(role_of(cast.other_teacher), reason="到龄", by=by)
    acts = RoleEvent.objects.order_by("pk").values_list("act", "person", "reason", "recorded_by")
    assert list(acts) == [
        (RoleAct.APPOINTED, cast.stranger.pk, "新聘", by.pk),
        (RoleAct.MOVED, cast.stranger.pk, "调动", by.pk),
        (RoleAct.HANDED_OVER, cast.stranger.pk, "退休", by.pk),
        (RoleAct.APPOINTED, cast.volunteer.pk, "退休", by.pk),
        (RoleAct.ENDED, cast.other_teacher.pk, "到龄", by.pk),
    ]


def test_the_log_is_neither_changed_nor_deleted(cast, units):
    end_role(role_of(cast.teacher), reason="到龄", by=cast.street_officer)
    event = RoleEvent.objects.get()
    event.reason = "别的"
    for attempt in (
        event.save,
        event.delete,
        lambda: RoleEvent.objects.update(reason="别的"),
        RoleEvent.objects.all().delete,
    ):
        with pytest.raises(RoleEventIsFinal):
            attempt()
    assert RoleEvent.objects.get().reason == "到龄"


def test_a_role_that_ends_now_is_gone_at_once_with_its_sessions(client, cast, begun):
    client.force_login(cast.teacher)
    assert client.get(f"/classes/{cast.class_group.pk}/").status_code == 200
    end_role(role_of(cast.teacher), reason="辞职", by=cast.street_officer)
    assert not ClassGroup.objects.visible_to(cast.teacher).exists()
    assert client.get(f"/classes/{cast.class_group.pk}/").status_code == 302
    assert client.get("/roll/api/sessions").status_code == 401


def test_the_phone_of_an_ended_role_is_told_to_let_its_names_go(client, cast, begun):
    client.force_login(cast.teacher)
    assert client.get("/roll/api/me").status_code == 200
    del client.cookies["sessionid"]
    assert client.get("/roll/api/me").status_code == 401  # signed out, and a teacher still
    end_role(role_of(cast.teacher), reason="辞职", by=cast.street_officer)
    for path in ("me", "sessions"):
        response = client.get(f"/roll/api/{path}")
        assert (response.status_code, response.json()) == (403, {"over": True})


def test_a_role_that_ends_later_holds_until_then(client, cast):
    client.force_login(cast.teacher)
    end_role(role_of(cast.teacher), until_date=in_days(3), reason="到龄", by=cast.street_officer)
    assert role_of(cast.teacher).state == RoleState.CURRENT
    assert role_of(cast.teacher).last_day == in_days(2)
    assert client.get("/roll/api/me").status_code == 200


def test_a_role_that_ends_by_a_date_signs_out_when_the_day_has_come(client, cast, begun):
    client.force_login(cast.teacher)
    client.get("/roll/api/me")
    RoleAssignment.objects.filter(person=cast.teacher).update(until_date=in_days(1))
    sign_out_ended()
    assert client.get("/classes/").status_code == 200
    RoleAssignment.objects.filter(person=cast.teacher).update(until_date=in_days(0))
    assert sign_out_ended() == 1
    assert client.get("/classes/").status_code == 302
    assert client.get("/roll/api/me").json() == {"over": True}  # and the phone lets go
    cast.teacher.refresh_from_db()
    client.force_login(cast.teacher)  # as a learner, later
    assert sign_out_ended() == 0
    assert client.get("/classes/").status_code == 200


def test_who_moves_on_a_date_is_not_signed_out(client, cast, units):
    client.force_login(cast.teacher)
    move_role(
        role_of(cast.teacher),
        to=units[NEXT_VILLAGE],
        on=in_days(0),
        reason="调村",
        by=cast.street_officer,
    )
    assert sign_out_ended() == 0
    assert client.get("/classes/").status_code == 200


def test_a_role_of_today_can_be_taken_back_today(cast, units):
    given = appoint(
        person=cast.stranger,
        role=Role.TEACHER,
        unit=units[VILLAGE],
        reason="新聘",
        by=cast.street_officer,
    )
    end_role(given, reason="选错人了", by=cast.street_officer)
    given.refresh_from_db()
    assert given.state == RoleState.ENDED
    assert given.last_day is None
    assert not RoleAssignment.objects.current().filter(pk=given.pk).exists()
    assert list(RoleAssignment.objects.in_state(RoleState.ENDED)) == [given]


def test_a_role_to_come_begins_on_its_day(cast, units):
    given = appoint(
        person=cast.stranger,
        role=Role.TEACHER,
        unit=units[VILLAGE],
        from_date=in_days(7),
        reason="新聘",
        by=cast.street_officer,
    )
    assert given.state == RoleState.UPCOMING
    assert list(RoleAssignment.objects.in_state(RoleState.UPCOMING)) == [given]
    assert given not in RoleAssignment.objects.in_state(RoleState.CURRENT)
    end_role(given, reason="不来了", by=cast.street_officer)
    assert RoleAssignment.objects.get(pk=given.pk).state == RoleState.ENDED


def test_the_past_is_not_changed(cast):
    with pytest.raises(PersonRefused, match="早于今天"):
        end_role(
            role_of(cast.teacher), until_date=in_days(-1), reason="到龄", by=cast.street_officer
        )


def test_an_officer_does_not_end_a_colleagues_role_nor_one_elsewhere(cast, units):
    colleague = RoleAssignment.objects.create(
        person=cast.stranger, role=Role.OFFICER, unit=units[STREET]
    )
    for role in (colleague, role_of(cast.other_teacher)):
        with pytest.raises(PersonRefused):
            end_role(role, reason="换人", by=cast.street_officer)


def test_somebody_moves_only_to_where_the_officer_may_appoint(cast, units):
    role = role_of(cast.teacher)
    with pytest.raises(PersonRefused):
        move_role(
            role, to=units["440103002001"], on=in_days(0), reason="调动", by=cast.street_officer
        )
    role.refresh_from_db()
    assert role.until_date is None
    move_role(role, to=units["440103002001"], on=in_days(0), reason="调动", by=cast.city_officer)
    assert not ClassGroup.objects.visible_to(cast.teacher).exists()


def test_classes_go_to_the_successor(cast, running):
    hand_over_role(
        role_of(cast.teacher),
        successor=cast.stranger,
        on=in_days(0),
        reason="退休",
        by=cast.street_officer,
    )
    assert list(cast.class_group.teachers.all()) == [cast.stranger]
    assert ClassGroup.objects.changeable_by(cast.stranger).get() == cast.class_group
    assert not ClassGroup.objects.visible_to(cast.teacher).exists()


def test_who_hands_over_later_keeps_the_classes_until_then(cast, running):
    hand_over_role(
        role_of(cast.teacher),
        successor=cast.stranger,
        on=in_days(5),
        reason="退休",
        by=cast.street_officer,
    )
    assert ClassGroup.objects.changeable_by(cast.teacher).get() == cast.class_group
    assert not ClassGroup.objects.visible_to(cast.stranger).exists()
    later = ClassGroup.objects.changeable_by(cast.stranger, in_days(5))
    assert later.get() == cast.class_group
    assert not ClassGroup.objects.changeable_by(cast.teacher, in_days(5)).exists()


def test_a_telephone_finds_its_account_or_makes_one(cast):
    made, is_new = find_or_make_account(name="何老师", telephone="+8619900000021")
    again, is_new_again = find_or_make_account(name="何老师", telephone="+8619900000021")
    assert (made, is_new, is_new_again) == (again, True, False)
    assert made.username.isdigit()
    assert not made.has_usable_password()


def test_a_telephone_of_somebody_of_another_name_is_refused(cast):
    find_or_make_account(name="何老师", telephone="+8619900000021")
    with pytest.raises(PersonRefused, match="别的姓名"):
        find_or_make_account(name="李老师", telephone="+8619900000021")


def test_without_a_telephone_two_of_one_name_are_two_people(db):
    one, _new = find_or_make_account(name="何老师", telephone="")
    other, _new = find_or_make_account(name="何老师", telephone="")
    assert one != other
