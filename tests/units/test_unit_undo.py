"""A change of a unit that was entered wrong can be taken back, as if it had never been made."""

import random
from datetime import date, timedelta

import pytest

from lms.people.choices import Role
from lms.people.models import RoleAssignment
from lms.units.models import Succession, Unit, UnitPast
from lms.units.services.tree import (
    UnitChangeRefused,
    close_unit,
    merge_units,
    move_unit,
    rename_unit,
    split_unit,
)
from lms.units.services.undo import last_change, undo_last_change
from tests.units.unit_pages import fill, text_of

pytestmark = pytest.mark.django_db

ON = date(2026, 5, 1)


def everything():
    return [
        list(model.objects.order_by("pk").values_list()) for model in (Unit, UnitPast, Succession)
    ]


def unit(code):
    return Unit.objects.get(code=code)


CHANGES = {
    "rename": lambda: rename_unit(unit("440103001"), name="沙面镇", on=ON),
    "move": lambda: move_unit(unit("440103001"), parent=unit("440104"), on=ON),
    "merge": lambda: merge_units([unit("440103001")], into=unit("440103002"), on=ON),
    "split": lambda: split_unit(
        unit("440103001"), parts=[("440103008", "东街道"), ("440103009", "西街道")], on=ON
    ),
    "close": lambda: close_unit(unit("440103001"), on=ON, with_units_below=True),
}


@pytest.mark.parametrize("kind", ["rename", "move", "merge", "split"])
def test_taking_a_change_back_leaves_every_row_as_it_was(units, kind):
    before = everything()
    CHANGES[kind]()
    assert everything() != before
    assert undo_last_change(unit("440103001")).kind == kind
    assert everything() == before
    assert Unit.find_problems() == ([], [], [], [], [])


def test_what_was_entered_wrong_may_be_entered_right_on_the_same_day(units):
    rename_unit(unit("440103001"), name="沙面真", on=ON)
    undo_last_change(unit("440103001"))
    rename_unit(unit("440103001"), name="沙面镇", on=ON)
    assert [past.name for past in UnitPast.objects.all()] == ["沙面街道"]


def test_a_closing_is_taken_back_one_unit_after_the_other_from_above(units):
    CHANGES["close"]()
    village = unit("440103001001")
    with pytest.raises(UnitChangeRefused, match="请先撤回它的撤销"):
        undo_last_change(village)
    undo_last_change(unit("440103001"))
    undo_last_change(village)
    assert unit("440103001001").is_open
    assert not unit("440103001002").is_open


def a_change(chance, on, number):
    """Some change that is not refused, on some unit: the unit and the kind."""
    while True:
        streets = list(Unit.objects.open().filter(depth=3))
        villages = list(Unit.objects.open().filter(depth=4))
        one = chance.choice([*streets, *villages])
        level = streets if one in streets else villages
        above = list(Unit.objects.open().filter(depth=one.depth - 1))
        kind = chance.choice(["rename", "move", "merge", "split", "close"])
        try:
            if kind == "rename":
                rename_unit(one, name=f"{number}号", on=on)
            elif kind == "move":
                move_unit(one, parent=chance.choice(above), on=on)
            elif kind == "merge":
                merge_units([one], into=chance.choice(level), on=on)
            elif kind == "split":
                code = one.code[:-3] + f"{900 - number}"
                split_unit(one, parts=[(code, f"新{number}")], on=on)
            else:
                close_unit(one, on=on)
        except UnitChangeRefused:
            continue
        return one, kind


@pytest.mark.parametrize("seed", range(2))
def test_any_row_of_changes_is_taken_back_step_by_step(units, seed):
    fill(units, 6)
    chance = random.Random(seed)
    done: list[tuple] = []
    on = ON
    while len(done) < 30 and Unit.objects.open().filter(depth=3).exists():
        on += timedelta(days=chance.choice((1, 40)))  # one day's rows do not tell which came first
        before = everything()
        one, kind = a_change(chance, on, len(done))
        done.append((one.pk, kind, before))
    for pk, kind, before in reversed(done):
        assert undo_last_change(Unit.objects.get(pk=pk)).kind == kind
        assert everything() == before
    assert Unit.find_problems() == ([], [], [], [], [])


def test_nothing_is_taken_back_of_a_unit_that_never_changed(units):
    assert last_change(unit("440104")) is None
    with pytest.raises(UnitChangeRefused, match="没有变更过"):
        undo_last_change(unit("440104"))


def refused(code, words):
    before = everything()
    with pytest.raises(UnitChangeRefused, match=words):
        undo_last_change(unit(code))
    assert everything() == before


def test_a_merge_is_kept_while_what_went_over_has_changed_since(units):
    CHANGES["merge"]()
    rename_unit(unit("440103001001"), name="翠洲新村", on=date(2026, 6, 1))
    refused("440103001", "“翠洲新村”合并以后又变更过")
    undo_last_change(unit("440103001001"))
    undo_last_change(unit("440103001"))
    assert unit("440103001001").get_parent().code == "440103001"


def test_a_split_is_kept_once_somebody_works_in_the_new_unit(units, cast):
    CHANGES["split"]()
    RoleAssignment.objects.create(person=cast.stranger, role=Role.OFFICER, unit=unit("440103009"))
    refused("440103001", "“西街道”已经有了任职、班级、学员或变更")
    assert Unit.objects.filter(code="440103008").exists()


def test_a_move_is_kept_when_the_old_parent_has_closed_meanwhile(units):
    move_unit(unit("440103002001"), parent=unit("440103001"), on=ON)
    close_unit(unit("440103002"), on=ON)
    refused("440103002001", "“岭南街道”已经撤销")
    assert unit("440103002001").get_parent().code == "440103001"


def test_a_unit_whose_old_place_is_taken_goes_behind_its_neighbours(units):
    """A place can be taken only by what comes later, and then both must stand."""
    CHANGES["move"]()
    old = units["440103001"].path
    Unit.objects.filter(code="440103002").update(path=old)
    Unit.objects.filter(code="440103002001").update(path=old + "0001")
    undo_last_change(unit("440103001"))
    assert unit("440103001").get_parent().code == "440103"
    assert {child.code for child in unit("440103").get_children()} == {"440103001", "440103002"}


# --- In the admin


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        ("rename", ["名称 沙面镇 沙面街道", "会删去的记录", "沙面街道 荔湾区 起初 2026-04-30"]),
        ("move", ["上级 广州市 › 越秀区 广州市 › 荔湾区"]),
        ("merge", ["状态 撤销 在用", "跟着回来的单位", "沙面社区、翠洲社区"]),
        ("split", ["拆分 沙面街道、东街道、西街道 沙面街道", "新单位 西街道（440103009） 没有"]),
    ],
)
def test_the_preview_says_what_will_be_and_the_confirmed_undo_is_in_the_history(
    admin, units, kind, words
):
    before = everything()
    CHANGES[kind]()
    changed = everything()
    pk = units["440103001"].pk
    url = f"/admin/units/undo/{pk}/"
    assert url in admin.get(f"/admin/units/inspect/{pk}/").content.decode()
    page = admin.get(url)
    text = text_of(page)
    for word in ("还没有改", *words):
        assert word in text
    assert everything() == changed
    sent = {"change": page.context["form"]["change"].value(), "confirm": "1"}
    assert admin.post(url, sent).url == f"/admin/units/inspect/{pk}/"
    assert everything() == before
    assert "撤回最近一次变更" in text_of(admin.get(f"/admin/units/history/{pk}/"))


def test_a_change_that_came_meanwhile_is_not_taken_back_unseen(admin, units):
    CHANGES["rename"]()
    url = f"/admin/units/undo/{units['440103001'].pk}/"
    seen = admin.get(url).context["form"]["change"].value()
    rename_unit(unit("440103001"), name="又一个", on=date(2026, 6, 1))
    changed = everything()
    assert "刚才又有变更" in text_of(admin.post(url, {"change": seen, "confirm": "1"}))
    assert everything() == changed


def test_a_unit_that_never_changed_offers_no_undo(admin, units):
    pk = units["440104"].pk
    assert "/undo/" not in admin.get(f"/admin/units/inspect/{pk}/").content.decode()
    assert "还没有改" not in text_of(admin.get(f"/admin/units/undo/{pk}/"))


def test_who_may_not_change_units_takes_nothing_back(client, cast, units):
    CHANGES["rename"]()
    changed = everything()
    client.force_login(cast.city_officer)
    url = f"/admin/units/undo/{units['440103001'].pk}/"
    assert client.post(url, {"confirm": "1"}).status_code == 302
    assert everything() == changed
