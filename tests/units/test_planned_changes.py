"""A change of a unit that is dated ahead takes effect by itself, on its day and not before."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from lms.units.models import PlannedChange, Unit
from lms.units.planning import make_due_changes
from lms.units.tasks import make_due_changes as make_due_changes_today
from tests.units.unit_pages import text_of

pytestmark = pytest.mark.django_db

STREET = "440103001"


@pytest.fixture
def day() -> date:
    return timezone.localdate() + timedelta(days=40)


@pytest.fixture
def plan(admin, units, day):
    """Posts the form of an action, confirmed, for a day to come."""

    def plan(action, code=STREET, *, on=day, **fields):
        url = f"/admin/units/{action}/{units[code].pk}/"
        return admin.post(url, {"on": on.isoformat(), "confirm": "1", **fields}, follow=True)

    return plan


def street():
    return Unit.objects.get(code=STREET)


def test_before_it_is_confirmed_the_page_says_that_it_will_come_by_itself(admin, units, day):
    url = f"/admin/units/rename/{units[STREET].pk}/"
    page = text_of(admin.post(url, {"on": day.isoformat(), "name": "沙面镇"}))
    assert "到那天自动办" in page
    assert not PlannedChange.objects.exists()


@pytest.mark.parametrize(
    ("action", "fields", "came"),
    [
        ("rename", {"name": "沙面镇"}, lambda: street().name == "沙面镇"),
        ("move", {"parent": "越秀区"}, lambda: street().get_parent().name == "越秀区"),
        ("merge", {"into": "440103002"}, lambda: not street().is_open),
        (
            "split",
            {"parts": "440103009,西街道"},
            lambda: Unit.objects.filter(code="440103009").exists(),
        ),
    ],
)
def test_it_takes_effect_on_its_day_and_not_before(plan, day, action, fields, came):
    page = text_of(plan(action, **fields))
    assert f"{day:%Y-%m-%d}" in page
    assert "到时自动生效" in page
    make_due_changes(day - timedelta(days=1))
    assert not came()
    make_due_changes(day)
    assert came()
    assert PlannedChange.objects.get().state == "done"
    make_due_changes(day)  # a second worker
    assert PlannedChange.objects.count() == 1


def test_the_clock_makes_it(plan):
    tomorrow = timezone.localdate() + timedelta(days=1)
    plan("rename", on=tomorrow, name="沙面镇")
    make_due_changes_today()
    assert street().name == "沙面街道"
    PlannedChange.objects.update(on=timezone.localdate())
    make_due_changes_today()
    assert street().name == "沙面镇"


def test_changes_of_several_days_are_made_in_their_order(plan, day):
    """The worker stood still for a week."""
    plan("rename", on=day + timedelta(days=3), name="沙面新城街道")
    plan("rename", on=day, name="沙面镇")
    make_due_changes(day + timedelta(days=7))
    assert street().name == "沙面新城街道"
    assert [past.name for past in street().pasts.order_by("until_date")] == ["沙面街道", "沙面镇"]


def test_what_cannot_be_made_any_more_is_told_and_the_others_are_made(plan, admin, units, day):
    plan("move", parent="越秀区")
    plan("rename", "440103002", name="岭南镇")
    units["440104"].closed_on = timezone.localdate()
    units["440104"].save()
    make_due_changes(day)
    assert street().get_parent().name == "荔湾区"
    assert Unit.objects.get(code="440103002").name == "岭南镇"
    for url in (f"/admin/units/inspect/{units[STREET].pk}/", "/admin/units/"):
        page = text_of(admin.get(url))
        assert "没有办成" in page
        assert "没有找到“越秀区”" in page


def test_it_can_be_withdrawn_until_it_takes_effect(plan, admin, day):
    plan("rename", name="沙面镇")
    planned = PlannedChange.objects.get()
    page = text_of(admin.post(f"/admin/units/withdraw/{planned.pk}/", follow=True))
    assert "变更取消了" in page
    make_due_changes(day)
    assert street().name == "沙面街道"


def test_what_took_effect_is_not_withdrawn(plan, admin, day):
    plan("rename", name="沙面镇")
    make_due_changes(day)
    planned = PlannedChange.objects.get()
    page = text_of(admin.post(f"/admin/units/withdraw/{planned.pk}/", follow=True))
    assert "已经生效，不能取消了" in page
    assert street().name == "沙面镇"


def test_only_who_may_change_units_withdraws(plan, client, cast):
    plan("rename", name="沙面镇")
    planned = PlannedChange.objects.get()
    client.force_login(cast.teacher)
    assert client.post(f"/admin/units/withdraw/{planned.pk}/").status_code in {302, 403}
    planned.refresh_from_db()
    assert planned.state == "waiting"
