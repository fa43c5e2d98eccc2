"""The five changes of a unit in the admin: filled in, looked at, confirmed; or refused in words."""

import re
from datetime import date, timedelta

import pytest
from django.utils import timezone
from wagtail.log_actions import registry

from lms.units.choices import Level
from lms.units.forms import SplitForm
from lms.units.models import Succession, Unit, UnitPast
from lms.units.services import tree as service
from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile
from tests.units.unit_pages import fill, text_of

pytestmark = pytest.mark.django_db

ON = "2026-05-01"


@pytest.fixture
def act(admin, units):
    """Posts the form of an action on the unit with that code."""

    def act(action, code, **fields):
        pk = units[code].pk
        return admin.post(f"/admin/units/{action}/{pk}/", {"on": ON, **fields})

    return act


#: Action, unit, what is filled in, and what the preview must say.
CHANGES = [
    ("rename", "440103001", {"name": "沙面镇"}, ["名称 沙面街道 沙面镇", "沙面街道 荔湾区 起初"]),
    (
        "move",
        "440103001",
        {"parent": "越秀区"},
        ["上级 广州市 › 荔湾区 广州市 › 越秀区", "跟着走的单位（2）", "翠洲社区（440103001001）"],
    ),
    (
        "merge",
        "440103001",
        {"into": "440103002"},
        ["岭南街道", "“沙面街道”的状态 在用 撤销", "跟着走的单位（2）", "翠洲社区 沙面街道 起初"],
    ),
    (
        "split",
        "440103001001",
        {"parts": "440103001008,翠洲东社区\n440103001009，翠洲西社区\n"},
        ["拆分 翠洲社区 翠洲社区、翠洲东社区、翠洲西社区", "翠洲东社区（440103001008）"],
    ),
    ("close", "440103001001", {}, ["状态 在用 撤销", "仍然记在原来的单位名下"]),
]


def everything():
    return (
        list(Unit.objects.values_list()),
        list(UnitPast.objects.values_list()),
        list(Succession.objects.values_list()),
    )


@pytest.mark.parametrize(("action", "code", "fields", "words"), CHANGES)
def test_a_preview_says_what_will_be_and_writes_nothing(act, cast, action, code, fields, words):
    before = everything()
    response = act(action, code, **fields)
    text = text_of(response)
    assert "还没有改" in text
    for word in words:
        assert word in text
    assert everything() == before
    page = response.content.decode()
    for name in (*fields, "on"):
        assert re.search(rf'<input type="hidden" name="{name}"', page)


@pytest.mark.parametrize(("action", "code", "fields", "words"), CHANGES)
def test_going_back_shows_what_was_filled_in(act, action, code, fields, words):
    before = everything()
    page = act(action, code, **fields, back="1").content.decode()
    for value in (*fields.values(), ON):
        assert value.splitlines()[0] in page
    assert "下一步" in page
    assert everything() == before


@pytest.mark.parametrize(("action", "code", "fields", "words"), CHANGES)
def test_a_confirmed_change_is_in_the_history(act, units, registrar, action, code, fields, words):
    response = act(action, code, **fields, confirm="1")
    unit = Unit.objects.get(code=code)
    assert response.url == f"/admin/units/inspect/{unit.pk}/"
    [entry] = registry.get_logs_for_instance(unit)
    assert entry.action == f"units.{action}_unit"
    assert entry.user == registrar
    assert f"{ON}起生效" in entry.message
    assert Unit.find_problems() == ([], [], [], [], [])


def test_the_history_tells_a_change_in_words(act, admin, units):
    act("rename", "440103001", name="沙面镇", confirm="1")
    text = text_of(admin.get(f"/admin/units/history/{units['440103001'].pk}/"))
    assert "改名：沙面街道 → 沙面镇，2026-05-01起生效" in text


def test_a_confirmed_rename_keeps_the_old_name(act):
    act("rename", "440103001", name="沙面镇", confirm="1")
    unit = Unit.objects.get(code="440103001")
    assert (unit.name, unit.since) == ("沙面镇", date(2026, 5, 1))
    assert unit.pasts.get().name == "沙面街道"


def test_a_confirmed_move_takes_all_below_along(act):
    act("move", "440103001", parent="越秀区", confirm="1")
    village = Unit.objects.get(code="440103001001")
    assert [unit.name for unit in village.get_ancestors()] == ["广州市", "越秀区", "沙面街道"]
    assert UnitPast.objects.get().parent.name == "荔湾区"


def test_a_confirmed_merge_is_in_both_histories(act):
    act("merge", "440103001", into="岭南街道", confirm="1")
    into = Unit.objects.get(code="440103002")
    assert not Unit.objects.get(code="440103001").is_open
    assert {unit.name for unit in into.get_children()} == {"翠洲社区", "沙面社区", "和平社区"}
    assert registry.get_logs_for_instance(into).get().action == "units.merge_unit"
    assert Succession.objects.get().successor == into


def test_a_confirmed_split_makes_the_new_units(act):
    act("split", "440103001001", parts="440103001008,翠洲东社区\n", confirm="1")
    new = Unit.objects.get(code="440103001008")
    assert (new.name, new.level, new.opened_on) == ("翠洲东社区", Level.VILLAGE, date(2026, 5, 1))
    assert new.get_parent().code == "440103001"
    assert registry.get_logs_for_instance(new).exists()


def test_a_confirmed_close_is_dated(act):
    act("close", "440103001001", confirm="1")
    assert Unit.objects.get(code="440103001001").closed_on == date(2026, 5, 1)


def refusal(response):
    """The words of a form that came back, which still holds its date."""
    assert response.status_code == 200
    text = text_of(response)
    assert "下一步" in text
    assert f'value="{response.context["form"]["on"].value()}"' in response.content.decode()
    return text


@pytest.mark.parametrize("step", [{}, {"confirm": "1"}])
@pytest.mark.parametrize(
    ("action", "code", "fields", "words"),
    [
        ("rename", "440103001", {"name": "沙面街道"}, "这个单位已经叫“沙面街道”"),
        ("move", "440103001", {"parent": "440103001001"}, "不能把一个单位移到它自己下面"),
        ("move", "440103001", {"parent": "荔湾区"}, "本来就在“荔湾区”下面"),
        ("move", "440103001001", {"parent": "和平社区"}, "“和平社区”是村居，下面不能放村居"),
        ("move", "440103001", {"parent": "天河区"}, "没有找到“天河区”"),
        ("move", "440103001", {"parent": "999999"}, "没有找到“999999”"),
        ("merge", "440103001", {"into": "440103001"}, "不能把一个单位并入它自己"),
        ("merge", "440103001", {"into": "越秀区"}, "是街镇，只能并入另一个街镇"),
        ("split", "440103001001", {"parts": "440103001002,新"}, "代码440103001002已经有单位在用"),
        ("split", "440103001001", {"parts": "440103009,新"}, "9位，这一级的代码应该有12位"),
        ("split", "440103001001", {"parts": "\n翠洲东社区"}, "第2行：要写成“代码,名称”"),
        (
            "split",
            "440103001001",
            {"parts": "440103001008,东\n440103001008,西"},
            "第2行：代码440103001008写了两次",
        ),
        ("split", "440103001001", {"parts": "\n \n"}, "请至少写一个新单位"),
        ("close", "440103001", {}, "下面还有2个单位，请先移走或撤销它们"),
    ],
)
def test_a_refusal_is_in_words_and_loses_nothing_of_what_was_typed(
    act, action, code, fields, words, step
):
    before = everything()
    response = act(action, code, **fields, **step)
    assert words in refusal(response)
    for value in fields.values():
        assert value.strip().partition("\n")[0] in response.content.decode()
    assert everything() == before


@pytest.mark.parametrize(("action", "code", "fields", "words"), CHANGES)
def test_a_year_mistyped_far_ahead_is_refused(act, action, code, fields, words):
    before = everything()
    far = (timezone.localdate() + timedelta(days=3 * 366)).isoformat()
    response = act(action, code, **fields, on=far, confirm="1")
    assert "生效日期最多提前两年" in refusal(response)
    assert everything() == before


@pytest.mark.parametrize(("action", "code", "fields", "words"), CHANGES)
def test_a_day_before_an_earlier_change_is_refused(act, units, action, code, fields, words):
    if action == "split":  # which changes nothing of the unit itself; its opening still counts
        Unit.objects.filter(code=code).update(opened_on=date(2026, 6, 1))
    else:
        service.rename_unit(units[code], name="新名", on=date(2026, 6, 1))
        if action == "merge":
            units[code].refresh_from_db()
    before = everything()
    assert "2026-06-01" in refusal(act(action, code, **fields, confirm="1"))
    assert everything() == before


@pytest.mark.parametrize(("action", "code", "fields", "words"), CHANGES)
def test_a_closed_unit_is_not_changed_any_more(act, units, action, code, fields, words):
    service.close_unit(units[code], on=date(2026, 3, 1), with_units_below=True)
    before = everything()
    assert "已经撤销，不能再变更" in refusal(act(action, code, **fields, confirm="1"))
    assert everything() == before


def test_what_changed_between_preview_and_confirmation_is_seen(act, units):
    assert "还没有改" in text_of(act("move", "440103001", parent="越秀区"))
    service.close_unit(units["440104"], on=date(2026, 3, 1))
    assert "没有找到“越秀区”" in refusal(act("move", "440103001", parent="越秀区", confirm="1"))
    again = act("move", "440103001", parent="440104", confirm="1")
    assert "“越秀区”已经撤销，不能接收单位" in refusal(again)


def test_a_name_that_several_have_is_asked_for_by_its_code(act, units):
    names = {code: unit.name for code, unit in units.items()}
    names |= {"440103003": "岭南街道", "440104001": "岭南街道"}
    import_units(UnitFile(names), on=date(2026, 2, 1))
    text = refusal(act("move", "440103001001", parent="岭南街道"))
    assert "有3个单位叫“岭南街道”，请改填代码：440103002（广州市 › 荔湾区）；" in text
    assert "440104001（广州市 › 越秀区）" in text


def test_a_name_that_two_levels_have_means_the_likely_one(act, units):
    """东莞市 is a city and its own placeholder district."""
    import_units(UnitFile({"4419": "东莞市", "441900": "东莞市"}), on=date(2026, 2, 1))
    assert "广州市 › 荔湾区 东莞市 › 东莞市" in text_of(act("move", "440103001", parent="东莞市"))


def test_the_form_begins_with_today(admin, units):
    page = admin.get(f"/admin/units/close/{units['440103001001'].pk}/").content.decode()
    assert f'value="{timezone.localdate().isoformat()}"' in page


def test_a_long_preview_lists_the_first_twenty(act, units):
    fill(units, 30)
    text = text_of(act("move", "440103001", parent="越秀区"))
    assert "跟着走的单位（32）" in text
    assert text.count("（440103001") == 1 + 20  # the heading names the unit itself
    assert "只列出前面这些" in text


def test_blank_lines_between_new_units_do_not_matter(units):
    data = {"on": ON, "parts": "\n440103001008,东\n\n440103001009,西\n"}
    form = SplitForm(data, unit=units["440103001001"])
    assert form.is_valid()
    assert form.cleaned_data["parts"] == [("440103001008", "东"), ("440103001009", "西")]
