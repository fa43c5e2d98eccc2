"""Handing in, judging, publishing: who may, in which order, and what stays live meanwhile."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from wagtail.models import TaskState

from lms.manuals.choices import (
    OrganisationState,
    ProductKind,
    ReviewOutcome,
    ReviewStage,
    VersionState,
)
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.models import Manual, Membership, Organisation, Review
from lms.manuals.review.differences import PartChangeKind, differences_of
from lms.manuals.review.services.decisions import (
    DecisionRefused,
    close_organisation,
    reactivate_organisation,
    suspend_organisation,
)
from lms.manuals.review.services.reviews import (
    ReviewRefused,
    SubmissionRefused,
    approve,
    return_version,
    stage_of,
    submit,
    withdraw,
)


def test_the_gate_stops_what_an_elder_would_not_understand(cast, make_manual):
    draft = make_manual().open_version()
    step = draft.tasks.get().steps.all()[0]
    writing.change_part(step, words="请在路由器的管理页面里输入IP地址。")
    with pytest.raises(SubmissionRefused, match="要改") as refusal:
        submit(draft, by=cast.maker)
    assert refusal.value.findings
    draft.refresh_from_db()
    assert draft.state == VersionState.DRAFT


def test_a_plain_product_is_read_once_and_then_live(cast, make_manual):
    manual = make_manual()
    version = submit(manual.open_version(), by=cast.maker)
    assert stage_of(manual) == ReviewStage.PLAIN
    assert not Manual.objects.shown().exists()
    approve(version, by=cast.reviewer)
    manual.refresh_from_db()
    assert (manual.live, manual.published_version) == (True, version)
    assert manual.published_version.state == VersionState.PUBLISHED
    assert list(Manual.objects.shown()) == [manual]


@pytest.mark.parametrize("kind", [ProductKind.MEDICAL, ProductKind.HEATING, ProductKind.ELECTRICAL])
def test_what_can_hurt_is_read_for_safety_too(cast, make_manual, kind):
    manual = make_manual(kind=kind)
    version = submit(manual.open_version(), by=cast.maker)
    approve(version, by=cast.reviewer)
    manual.refresh_from_db()
    assert (manual.live, stage_of(manual)) == (False, ReviewStage.SAFETY)
    approve(version, by=cast.second_reviewer, note="插头的警告写得清楚。")
    manual.refresh_from_db()
    assert manual.live
    assert [review.stage for review in version.reviews.all()] == [
        ReviewStage.SAFETY,
        ReviewStage.PLAIN,
    ]


def test_a_return_says_why_and_the_next_draft_mends_it(cast, make_manual):
    manual = make_manual()
    version = submit(manual.open_version(), by=cast.maker)
    with pytest.raises(ReviewRefused, match="请写明"):
        return_version(version, by=cast.reviewer, note="  ")
    return_version(version, by=cast.reviewer, note="第二步的图看不清。")
    draft = open_draft(manual)
    assert draft.number == 2
    version.refresh_from_db()
    assert version.state == VersionState.RETURNED
    assert version.reviews.get().note == "第二步的图看不清。"
    again = submit(draft, by=cast.maker)
    approve(again, by=cast.reviewer)
    manual.refresh_from_db()
    assert manual.published_version == again


def test_the_live_version_stays_while_a_draft_is_written_reviewed_and_returned(
    cast, make_manual, publish
):
    manual = publish(make_manual())
    live = manual.published_version
    draft = open_draft(manual)
    writing.change_version(draft, title="新的名称")
    for act in (
        lambda: submit(draft, by=cast.maker),
        lambda: return_version(draft, by=cast.reviewer, note="名称太短"),
    ):
        act()
        manual.refresh_from_db()
        assert (manual.live, manual.published_version) == (True, live)
    newer = submit(open_draft(manual), by=cast.maker)
    approve(newer, by=cast.reviewer)
    manual.refresh_from_db()
    live.refresh_from_db()
    assert (manual.published_version, live.state) == (newer, VersionState.PAST)


def test_what_is_taken_back_can_be_changed_again(cast, make_manual):
    manual = make_manual()
    version = submit(manual.open_version(), by=cast.maker)
    withdraw(version, by=cast.maker)
    with pytest.raises(ReviewRefused, match="不在审核"):
        approve(version, by=cast.reviewer)
    assert open_draft(manual).number == 2
    submit(open_draft(manual), by=cast.maker)
    assert stage_of(manual) == ReviewStage.PLAIN


def test_a_workflow_that_an_administrator_stopped_can_be_begun_again(cast, make_manual):
    manual = make_manual()
    version = submit(manual.open_version(), by=cast.maker)
    manual.get_workflow().deactivate()
    with pytest.raises(ReviewRefused, match="再交一次"):
        approve(version, by=cast.reviewer)
    withdraw(version, by=cast.maker)
    approve(submit(open_draft(manual), by=cast.maker), by=cast.reviewer)
    assert Manual.objects.shown().exists()


# --- Nobody approves his own --------------------------------------------------------------------


@pytest.mark.parametrize("who", ["maker", "colleague", "rival", "editor", "stranger"])
def test_nobody_without_the_right_judges(cast, make_manual, who):
    version = submit(make_manual().open_version(), by=cast.maker)
    for judge in (approve, return_version):
        with pytest.raises(ReviewRefused, match="请别人审"):
            judge(version, by=getattr(cast, who), note="好")
    assert not Review.objects.exists()


def test_a_reviewer_who_works_for_the_maker_judges_nothing_of_it(cast, make_manual):
    Membership.objects.create(organisation=cast.organisation, user=cast.reviewer)
    version = submit(make_manual().open_version(), by=cast.maker)
    with pytest.raises(ReviewRefused, match="请别人审"):
        approve(version, by=cast.reviewer)
    approve(version, by=cast.second_reviewer)
    assert version.reviews.get().reviewer == cast.second_reviewer


def test_not_even_a_superuser_judges_what_he_handed_in(cast, make_manual, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    place = Membership.objects.create(organisation=cast.organisation, user=root)
    version = submit(make_manual().open_version(), by=root)
    place.delete()
    with pytest.raises(ReviewRefused, match="请别人审"):
        approve(version, by=root)


def test_nobody_hands_in_for_another_organisation(cast, make_manual):
    draft = make_manual().open_version()
    for who in (cast.rival, cast.reviewer, cast.stranger):
        with pytest.raises(SubmissionRefused, match="自己单位"):
            submit(draft, by=who)


def test_wagtails_own_ways_to_approve_do_nothing(cast, make_manual, as_):
    """Neither its task, which its bulk actions call, nor its addresses."""
    manual = make_manual()
    submit(manual.open_version(), by=cast.maker)
    state = TaskState.objects.get()
    task = state.task.specific
    assert task.get_actions(manual, cast.reviewer) == []
    with pytest.raises(PermissionDenied):
        task.on_action(state, cast.reviewer, "approve")


def test_a_reviewers_first_page_lists_what_waits_but_not_his_own(cast, make_manual):
    submit(make_manual().open_version(), by=cast.maker)
    assert TaskState.objects.reviewable_by(cast.reviewer).count() == 1
    assert TaskState.objects.reviewable_by(cast.editor).count() == 0
    Membership.objects.create(organisation=cast.organisation, user=cast.reviewer)
    assert TaskState.objects.reviewable_by(cast.reviewer).count() == 0


# --- Suspending, closing ------------------------------------------------------------------------


def test_a_suspension_hides_and_a_reactivation_shows_again(cast, make_manual, publish):
    publish(make_manual())
    with pytest.raises(DecisionRefused, match="原因"):
        suspend_organisation(cast.organisation, by=cast.reviewer, note="")
    suspend_organisation(cast.organisation, by=cast.reviewer, note="型号和实物不一样")
    assert not Manual.objects.shown().exists()
    assert Manual.objects.once_live().exists()
    reactivate_organisation(cast.organisation, by=cast.reviewer)
    assert Manual.objects.shown().exists()


def test_nothing_of_a_suspended_maker_is_published(cast, make_manual):
    version = submit(make_manual().open_version(), by=cast.maker)
    suspend_organisation(cast.organisation, by=cast.reviewer, note="查一下")
    with pytest.raises(ReviewRefused, match="没有开通"):
        approve(version, by=cast.reviewer)


def test_a_closed_makers_live_manuals_stay_and_the_rest_is_taken_back(cast, make_manual, publish):
    live = publish(make_manual())
    waiting = submit(make_manual(model="KL-2").open_version(), by=cast.maker)
    close_organisation(cast.organisation, by=cast.reviewer)
    assert list(Manual.objects.shown()) == [live]
    assert Manual.objects.get(pk=live.pk).organisation.has_left
    waiting.refresh_from_db()
    assert waiting.state == VersionState.WITHDRAWN
    for verb in (suspend_organisation, reactivate_organisation, close_organisation):
        with pytest.raises(DecisionRefused):
            verb(cast.organisation, by=cast.reviewer, note="又")


def test_nobody_decides_about_whom_he_works_for(cast):
    Membership.objects.create(organisation=cast.organisation, user=cast.reviewer)
    with pytest.raises(DecisionRefused, match="自己单位"):
        suspend_organisation(cast.organisation, by=cast.reviewer, note="再见")


def test_an_organisation_with_products_cannot_be_deleted(cast, make_manual):
    make_manual()
    with pytest.raises(IntegrityError), transaction.atomic():  # ProtectedError is one
        Organisation.objects.filter(pk=cast.organisation.pk).delete()


# --- The database -------------------------------------------------------------------------------


def test_the_database_wants_a_note_with_a_return(cast, make_manual):
    version = make_manual().open_version()
    with pytest.raises(IntegrityError), transaction.atomic():
        Review.objects.create(
            version=version, stage=ReviewStage.PLAIN, outcome=ReviewOutcome.RETURNED
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        cast.organisation.decisions.create(state=OrganisationState.SUSPENDED)


# --- What changed -------------------------------------------------------------------------------


def compared(manual):
    old, new = manual.versions.with_content().order_by("number")
    return differences_of(new, old=old)


def test_a_copy_differs_in_nothing(make_manual, publish):
    manual = publish(make_manual())
    open_draft(manual)
    assert compared(manual) == []


def test_each_change_is_told_where_it_stands_and_sign_by_sign(make_manual, publish):
    manual = publish(make_manual())
    draft = open_draft(manual)
    task = draft.tasks.get()
    first, second = task.steps.all()
    writing.change_part(
        first, words="按绿色的大键。", marker_x=1, marker_y=2, marker_w=3, marker_h=4
    )
    writing.remove_part(second)
    writing.add_trouble(draft, problem="没有声音", remedy="按旁边的加号。")
    changed, added, removed = compared(manual)
    assert (changed.change, changed.where) == (PartChangeKind.CHANGED, "怎么接电话 · 第1步")
    words, marker = changed.fields
    assert [(piece.change, piece.text) for piece in words.pieces] == [
        (None, "按绿色的"),
        (PartChangeKind.ADDED, "大"),
        (None, "键。"),
    ]
    assert marker.pieces[-1].text == "1, 2, 3 × 4 %"
    assert (added.change, added.where) == (PartChangeKind.ADDED, "第1个常见问题")
    assert (removed.change, removed.where) == (PartChangeKind.REMOVED, "怎么接电话 · 第2步")


def test_a_step_that_only_moved_is_told_as_moved(make_manual, publish):
    manual = publish(make_manual())
    task = open_draft(manual).tasks.get()
    writing.move_part(task.steps.all()[1], to=0)
    [moved] = compared(manual)
    assert moved.change == PartChangeKind.MOVED
    assert "第2步" in moved.where
    assert "第1步" in moved.where
