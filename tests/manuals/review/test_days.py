"""A manual that is approved appears on its day, and goes after its last day."""

from datetime import datetime, time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from courses.tasks import publish_scheduled
from lms.manuals.choices import VersionState
from lms.manuals.editor.services.versions import VersionRefused, open_draft
from lms.manuals.models import Manual, ManualVersion, Membership
from lms.manuals.review.services.days import DaysRefused, change_days
from lms.manuals.review.services.reviews import approve, submit, withdraw
from lms.work.queries import planned_for
from tests.units.unit_pages import text_of

PAGE = "wagtailsnippets_manuals_manual:edit"
DAY = timedelta(days=1)


@pytest.fixture
def today():
    return timezone.localdate()


@pytest.fixture
def noon_of(monkeypatch, django_capture_on_commit_callbacks):
    """A function: the clock stands at a day's noon, and what is due is done."""

    def noon_of(day):
        noon = datetime.combine(day, time(12), timezone.get_current_timezone())
        monkeypatch.setattr(timezone, "now", lambda: noon)
        with django_capture_on_commit_callbacks(execute=True):
            publish_scheduled()

    return noon_of


@pytest.fixture
def approved(cast, make_manual):
    """A function: a manual that was approved for days."""

    def approved(**days):
        version = submit(make_manual().open_version(), by=cast.maker)
        return approve(version, by=cast.reviewer, **days).manual

    return approved


def seen(manual) -> bool:
    return Client().get(manual.get_short_url()).status_code == 200


def state_of(manual, number=1):
    return manual.versions.get(number=number).state


def test_it_appears_on_its_day_and_goes_after_its_last(approved, today, noon_of):
    manual = approved(shows_from=today + 7 * DAY, shows_until=today + 9 * DAY)
    assert state_of(manual) == VersionState.PLANNED
    for days, is_seen in ((6, False), (7, True), (9, True), (10, False)):
        noon_of(today + days * DAY)
        assert seen(manual) is is_seen, days
    assert state_of(manual) == VersionState.PAST


def test_the_code_on_the_box_says_from_when_and_that_it_is_over(approved, today, noon_of):
    first, last = today + 7 * DAY, today + 9 * DAY
    manual = approved(shows_from=first, shows_until=last)
    page = text_of(Client().get(manual.get_short_url()))
    assert f"它{first.year}年{first.month}月{first.day}日起才能看" in page
    noon_of(first)
    noon_of(last + DAY)
    assert "厂商不再管这样东西了" in text_of(Client().get(manual.get_short_url()))


def test_what_elders_see_stays_until_the_new_words_have_their_day(
    cast, make_manual, publish, today, noon_of
):
    manual = publish(make_manual())
    newer = submit(open_draft(manual), by=cast.maker)
    approve(newer, by=cast.reviewer, shows_from=today + 3 * DAY)
    manual.refresh_from_db()
    assert (manual.live, manual.published_version.number) == (True, 1)
    assert (state_of(manual, 1), state_of(manual, 2)) == ("published", "planned")
    noon_of(today + 3 * DAY)
    manual.refresh_from_db()
    assert manual.published_version.number == 2
    assert (state_of(manual, 1), state_of(manual, 2)) == ("past", "published")


def test_a_day_that_has_come_is_at_once(approved, today):
    assert seen(approved(shows_from=today))


@pytest.mark.parametrize(
    ("shows_from", "shows_until", "told"),
    [(None, -1, "要写今天，或者今天以后"), (5, 4, "不能早过")],
    ids=["over already", "over before it begins"],
)
def test_days_that_make_no_sense_are_refused(approved, today, shows_from, shows_until, told):
    with pytest.raises(DaysRefused, match=told):
        approved(
            shows_from=shows_from and today + shows_from * DAY,
            shows_until=today + shows_until * DAY,
        )
    assert not Manual.objects.filter(live=True).exists()
    assert ManualVersion.objects.get().state == VersionState.SUBMITTED


def test_days_are_changed_while_it_waits_while_it_is_seen_and_when_it_is_over(
    approved, cast, today, noon_of
):
    manual = approved(shows_from=today + 7 * DAY)
    manual = change_days(
        manual, by=cast.reviewer, shows_from=today + 2 * DAY, shows_until=today + 4 * DAY
    )
    assert (manual.shows_from, manual.shows_until) == (today + 2 * DAY, today + 4 * DAY)
    noon_of(today + 2 * DAY)
    assert seen(manual)
    manual = change_days(manual, by=cast.reviewer, shows_from=None, shows_until=today + 3 * DAY)
    noon_of(today + 4 * DAY)
    assert not seen(manual)
    manual = change_days(manual, by=cast.reviewer, shows_from=None, shows_until=None)
    assert seen(manual)
    assert (manual.shows_until, state_of(manual)) == (None, VersionState.PUBLISHED)


def test_what_waits_for_its_day_is_shown_at_once_when_the_day_is_taken_away(approved, cast, today):
    manual = approved(shows_from=today + 7 * DAY)
    assert seen(change_days(manual, by=cast.reviewer, shows_from=None, shows_until=None))


def test_its_maker_takes_back_what_waits_for_its_day(approved, cast, today, noon_of):
    manual = approved(shows_from=today + 7 * DAY)
    with pytest.raises(VersionRefused, match="请先撤回"):
        open_draft(manual)
    withdraw(manual.open_version(), by=cast.maker)
    noon_of(today + 8 * DAY)
    assert Client().get(manual.get_short_url()).status_code == 404
    assert open_draft(manual).number == 2


def test_nobody_decides_about_the_days_of_his_own(approved, cast, today):
    manual = approved()
    Membership.objects.create(organisation=cast.organisation, user=cast.reviewer)
    with pytest.raises(DaysRefused, match="请别人审"):
        change_days(manual, by=cast.reviewer, shows_from=None, shows_until=today)


def test_a_reviewer_sets_days_on_the_page_and_reads_them_where_things_wait(
    as_, cast, make_manual, today
):
    version = submit(make_manual().open_version(), by=cast.maker)
    client, address = as_("reviewer"), reverse(PAGE, args=[version.manual_id])
    first, last = today + 7 * DAY, today + 9 * DAY
    form = {"number": version.number, "stage": "plain", "shows_from": f"{first}"}
    form["shows_until"] = "2026-2-30"
    page = text_of(client.post(address, {**form, "approve": "1"}, follow=True))
    assert "请写成2026-01-31这样" in page
    form["shows_until"] = f"{last}"
    page = text_of(client.post(address, {**form, "approve": "1"}, follow=True))
    told = f"{first}起给老人看，看到{last}为止。"
    assert told in page
    assert told in text_of(client.get(address))
    assert f"等着发布：{first}" in text_of(client.get(address.split("edit/")[0]))
    [row] = planned_for(cast.reviewer)
    assert (row.title, row.appears) == ("大字手机怎么用", True)
    assert f"大字手机怎么用 上线 {first} 00:00" in text_of(client.get("/admin/"))
    page = text_of(client.post(address, {**form, "shows_from": "", "days": "1"}, follow=True))
    assert f"老人看得到，看到{last}为止。" in page
    [row] = planned_for(cast.reviewer)
    assert (timezone.localdate(row.at), row.appears) == (last + DAY, False)


def test_a_maker_reads_when_elders_will_see_it(as_, approved, cast, today):
    first = today + 7 * DAY
    manual = approved(shows_from=first)
    page = text_of(as_("maker").get(reverse("workbench:manual", args=[manual.pk])))
    assert "等着发布" in page
    assert f"{first.year}年{first.month}月{first.day}日起给老人看" in page
