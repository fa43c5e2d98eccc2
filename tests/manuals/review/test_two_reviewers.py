"""Medical products: two different people approve, neither of the organisation that wrote it."""

import threading

import pytest
from django.db import connection
from django.urls import reverse
from wagtail.models import TaskState

from lms.manuals.choices import ProductKind, ReviewOutcome, ReviewStage, VersionState
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.models import Manual, Membership, Review
from lms.manuals.review.services.reviews import (
    ReviewRefused,
    approve,
    return_version,
    stage_of,
    submit,
)
from tests.units.unit_pages import text_of

PAGE = "wagtailsnippets_manuals_manual:edit"
TWO_PEOPLE = "要两个人审"


@pytest.fixture
def half_way(cast, make_manual):
    """A function: a version of that kind whose first question the first reviewer has approved."""

    def half_way(kind=ProductKind.MEDICAL):
        manual = make_manual(kind=kind)
        version = submit(manual.open_version(), by=cast.maker)
        approve(version, by=cast.reviewer, note="话说得明白。")
        return Manual.objects.get(pk=manual.pk), version

    return half_way


@pytest.mark.django_db
@pytest.mark.parametrize("answer", [approve, return_version])
def test_whoever_approved_first_does_not_answer_the_second_question(cast, half_way, answer):
    manual, version = half_way()
    with pytest.raises(ReviewRefused, match=TWO_PEOPLE):
        answer(version, by=cast.reviewer, note="我再看一遍。")
    manual.refresh_from_db()
    assert (manual.live, stage_of(manual)) == (False, ReviewStage.SAFETY)
    [first] = version.reviews.all()
    assert (first.reviewer, first.note) == (cast.reviewer, "话说得明白。")


@pytest.mark.django_db
def test_another_person_does_and_both_answers_are_kept(cast, half_way):
    manual, version = half_way()
    approve(version, by=cast.second_reviewer)
    manual.refresh_from_db()
    assert manual.live
    told = {review.stage: review.reviewer for review in version.reviews.all()}
    assert told == {ReviewStage.PLAIN: cast.reviewer, ReviewStage.SAFETY: cast.second_reviewer}


@pytest.mark.django_db
def test_a_superuser_is_one_person_too(cast, make_manual, django_user_model):
    root = django_user_model.objects.create_superuser("root")
    version = submit(make_manual(kind=ProductKind.MEDICAL).open_version(), by=cast.maker)
    approve(version, by=root)
    with pytest.raises(ReviewRefused, match=TWO_PEOPLE):
        approve(version, by=root)


@pytest.mark.django_db
@pytest.mark.parametrize("who", ["second_reviewer", "maker", "colleague", "rival", "editor"])
def test_the_second_is_not_of_the_organisation_nor_without_the_right(cast, half_way, who):
    _manual, version = half_way()
    person = getattr(cast, who)
    if who == "second_reviewer":
        Membership.objects.create(organisation=cast.organisation, user=person)
    with pytest.raises(ReviewRefused, match="请别人审"):
        approve(version, by=person)
    assert version.reviews.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("kind", [ProductKind.HEATING, ProductKind.ELECTRICAL])
def test_other_products_may_be_read_twice_by_one_person(cast, half_way, kind):
    manual, version = half_way(kind)
    approve(version, by=cast.reviewer)
    manual.refresh_from_db()
    assert manual.live


@pytest.mark.django_db
def test_the_next_version_is_begun_by_whoever_comes_first(cast, half_way):
    """What somebody said of an earlier version does not count."""
    manual, version = half_way()
    return_version(version, by=cast.second_reviewer, note="少一句警告。")
    again = submit(open_draft(manual), by=cast.maker)
    approve(again, by=cast.second_reviewer)
    approve(again, by=cast.reviewer)
    manual.refresh_from_db()
    assert manual.published_version == again


@pytest.mark.django_db
def test_it_waits_on_the_first_page_of_others_only(cast, half_way):
    half_way()
    assert TaskState.objects.reviewable_by(cast.reviewer).count() == 0
    assert TaskState.objects.reviewable_by(cast.second_reviewer).count() == 1


@pytest.mark.django_db
def test_the_page_shows_the_first_approval_and_offers_no_button_to_who_gave_it(as_, half_way):
    manual, version = half_way()
    address = reverse(PAGE, args=[manual.pk])
    own = as_("reviewer").get(address)
    assert TWO_PEOPLE in text_of(own)
    assert 'name="approve"' not in own.content.decode()
    others = as_("second_reviewer").get(address)
    assert "是否好懂：通过" in text_of(others)
    assert "话说得明白。" in text_of(others)
    assert 'name="approve"' in others.content.decode()
    pressed = as_("reviewer").post(address, {"approve": "1", "number": version.number})
    assert TWO_PEOPLE in text_of(pressed)
    manual.refresh_from_db()
    assert not manual.live


@pytest.mark.django_db
def test_the_decision_stands_below_what_it_is_about(as_, cast, make_manual):
    manual = make_manual(kind=ProductKind.MEDICAL)
    submit(manual.open_version(), by=cast.maker)
    page = as_("reviewer").get(reverse(PAGE, args=[manual.pk])).content.decode()
    assert page.index("按绿色的键。") < page.index('name="approve"')


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_one_person_who_presses_twice_at_once_approves_once(cast, make_manual):
    manual = make_manual(kind=ProductKind.MEDICAL)
    version = submit(manual.open_version(), by=cast.maker)
    answers = at_once(version, [cast.reviewer, cast.reviewer])
    assert sorted(answers) == ["approved", "refused"]
    assert Review.objects.get().stage == ReviewStage.PLAIN
    assert not Manual.objects.get(pk=manual.pk).live


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_two_people_who_press_at_once_answer_one_question_each(cast, make_manual):
    manual = make_manual(kind=ProductKind.MEDICAL)
    version = submit(manual.open_version(), by=cast.maker)
    answers = at_once(version, [cast.reviewer, cast.second_reviewer])
    assert answers == ["approved", "approved"]
    reviews = Review.objects.filter(version=version, outcome=ReviewOutcome.APPROVED)
    assert {review.stage for review in reviews} == {ReviewStage.PLAIN, ReviewStage.SAFETY}
    assert len({review.reviewer_id for review in reviews}) == 2
    version.refresh_from_db()
    assert version.state == VersionState.PUBLISHED


def at_once(version, people) -> list[str]:
    """What became of each person's approval, all given in the same moment."""
    ready, answers = threading.Barrier(len(people)), []

    def press(person):
        ready.wait()
        try:
            approve(version, by=person)
            answers.append("approved")
        except ReviewRefused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press, args=[person]) for person in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers
