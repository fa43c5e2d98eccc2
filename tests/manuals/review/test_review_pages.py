"""The admin's pages on which manuals are read, compared and judged."""

import re
from datetime import timedelta

import pytest
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from lms.manuals.editor.services import writing
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.models import Manual, ManualVersion, Membership, Review
from lms.manuals.review.services.reviews import (
    submit,
    withdraw,
)
from tests.units.unit_pages import text_of

INDEX = "wagtailsnippets_manuals_manual:list"
PAGE = "wagtailsnippets_manuals_manual:edit"


def judge(client, version, *, button, note="", number=None, stage="plain"):
    address = reverse(PAGE, args=[version.manual_id])
    sent = {button: "1", "note": note, "number": number or version.number, "stage": stage}
    return client.post(address, sent, follow=True)


def test_a_reviewer_reads_compares_and_judges_on_one_page(as_, cast, make_manual, publish):
    manual = publish(make_manual())
    draft = open_draft(manual)
    writing.change_part(draft.tasks.get().steps.all()[0], words="按绿色的大键。")
    version = submit(draft, by=cast.maker)
    client = as_("reviewer")
    assert "等待审核" in text_of(client.get(reverse(INDEX), {"show": "waiting"}))
    page = client.get(reverse(PAGE, args=[manual.pk])).content.decode()
    assert "<ins>大</ins>" in page
    assert "请写明" in text_of(judge(client, version, button="return"))
    assert "已经上线" in text_of(judge(client, version, button="approve", note="好懂"))
    manual.refresh_from_db()
    assert manual.published_version == version


def test_what_was_not_read_is_not_judged(as_, cast, make_manual):
    """The maker took it back and handed in another, while the page stood open."""
    manual = make_manual()
    version = submit(manual.open_version(), by=cast.maker)
    withdraw(version, by=cast.maker)
    submit(open_draft(manual), by=cast.maker)
    answer = judge(as_("reviewer"), version, button="approve", number=1)
    assert "又交了新的一版" in text_of(answer)
    assert not Review.objects.exists()


def test_the_list_of_those_due_has_what_is_overdue_first(as_, cast, make_manual, publish):
    today = timezone.localdate()
    titles = {}
    for model, days in (("A", 10), ("B", -3), ("C", 200)):
        manual = publish(make_manual(model=model, title=f"{model}机怎么用"))
        dates = {"checked_on": today - timedelta(days=99), "review_due": today + timedelta(days)}
        ManualVersion.objects.filter(manual=manual).update(**dates)
        titles[model] = manual.published_version.title
    page = text_of(as_("reviewer").get(reverse(INDEX), {"show": "due"}))
    assert page.index(titles["B"]) < page.index(titles["A"])
    assert titles["C"] not in page
    assert "可能过时" in page


def test_a_draft_is_its_makers_own(as_, make_manual):
    manual = make_manual(title="还没有写完")
    client = as_("superuser")
    assert "还没有写完" not in text_of(client.get(reverse(INDEX)))
    assert client.get(reverse(PAGE, args=[manual.pk])).status_code == 404
    picture = manual.open_version().tasks.get().steps.all()[0].picture
    address = reverse("wagtailsnippets_manuals_manual:picture", args=[manual.pk, picture.key])
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("who", ["editor", "maker", "rival", "stranger", "anonymous"])
def test_only_reviewers_open_the_admins_pages(as_, cast, make_manual, who):
    manual = make_manual()
    version = submit(manual.open_version(), by=cast.maker)
    picture = version.tasks.get().steps.all()[0].picture
    client = as_(who)
    for address in (
        reverse(INDEX),
        reverse(PAGE, args=[manual.pk]),
        reverse("wagtailsnippets_manuals_manual:history", args=[manual.pk]),
        reverse("wagtailsnippets_manuals_manual:picture", args=[manual.pk, picture.key]),
    ):
        assert client.get(address).status_code == 302, address
    judge(client, version, button="approve")
    assert not Review.objects.exists()


def test_his_own_is_shown_to_a_reviewer_without_buttons(as_, cast, make_manual):
    Membership.objects.create(organisation=cast.organisation, user=cast.reviewer)
    version = submit(make_manual().open_version(), by=cast.maker)
    client = as_("reviewer")
    page = text_of(client.get(reverse(PAGE, args=[version.manual_id])))
    assert "请别人审" in page
    assert "请别人审" in text_of(judge(client, version, button="approve"))
    assert not Review.objects.exists()


@pytest.mark.parametrize(
    "name",
    ["add", "copy", "delete", "lock", "unpublish", "workflow_action", "revisions_revert"],
)
def test_wagtails_ways_around_a_review_have_no_address(name):
    with pytest.raises(NoReverseMatch):
        reverse(f"wagtailsnippets_manuals_manual:{name}", args=[1])


def test_many_at_once_are_not_deleted(as_, cast, make_manual):
    manual = make_manual()
    submit(manual.open_version(), by=cast.maker)
    address = reverse("wagtail_bulk_action", args=["manuals", "manual", "delete"])
    as_("superuser").post(f"{address}?id={manual.pk}")
    assert Manual.objects.filter(pk=manual.pk).exists()


def test_wagtails_first_page_leads_to_the_review(as_, cast, make_manual):
    manual = make_manual()
    submit(manual.open_version(), by=cast.maker)
    page = as_("reviewer").get("/admin/").content.decode()
    assert reverse(PAGE, args=[manual.pk]) in page


def test_a_finding_says_where_and_leads_there(as_, cast, make_manual):
    draft = make_manual().open_version()
    writing.add_warning(draft, words="务必小心，不要让水进去。")
    trouble = writing.add_trouble(draft, problem="没有声音", remedy="务必先按大的键，再等一等。")
    version = submit(draft, by=cast.maker)
    page = as_("reviewer").get(reverse(PAGE, args=[version.manual_id])).content.decode()
    warning = version.warnings.get()
    for key, words in ((warning.key, "开头的提醒"), (trouble.key, "常见问题")):
        assert re.search(rf'href="#part-{key}">\s*{words}\s*</a>', page)
        assert f'id="part-{key}"' in page
