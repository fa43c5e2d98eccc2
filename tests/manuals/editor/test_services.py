"""What is written in a draft, and what the database refuses whatever the program does."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from lms.manuals.choices import OrganisationState, ProductKind, VersionState
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.products import (
    ProductRefused,
    add_product,
    change_product,
    remove_product,
)
from lms.manuals.editor.services.versions import (
    VersionRefused,
    discard_draft,
    open_draft,
    start_manual,
)
from lms.manuals.models import Manual, ManualStep, ManualVersion, Organisation, Product
from lms.manuals.review.services.reviews import submit
from tests.manuals.conftest import make_picture

# --- Products -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("brand", "model"),
    [("KangLe", "BP-1"), ("kangle", "bp-1"), ("ＫａｎｇＬｅ", " BP-1 "), ("KangLe", "BP-1　")],
)
def test_two_organisations_cannot_hold_one_model(cast, brand, model):
    what: dict[str, Any] = {"name": "血压计", "kind": ProductKind.MEDICAL}
    add_product(organisation=cast.organisation, brand="KangLe", model="BP-1", **what)
    with pytest.raises(ProductRefused, match="已经登记过") as refusal:
        add_product(organisation=cast.rivals, brand=brand, model=model, **what)
    assert "康乐" not in str(refusal.value)
    assert Product.objects.count() == 1


def test_what_a_product_is_may_change_until_a_manual_was_handed_in(cast, make_manual):
    manual = make_manual()
    product = manual.product
    same: dict[str, Any] = {"name": "手机", "brand": "康乐", "model": "KL-1"}
    change_product(product, **{**same, "model": "KL-2"}, kind=ProductKind.PHONE)
    change_product(product, **same, kind=ProductKind.PHONE)
    submit(manual.open_version(), by=cast.maker)
    with pytest.raises(ProductRefused, match="不能再改"):
        change_product(product, **same, kind=ProductKind.OTHER)
    with pytest.raises(ProductRefused, match="不能再改"):
        change_product(product, **{**same, "name": "加微信买"}, kind=ProductKind.PHONE)
    assert change_product(product, **same, kind=ProductKind.PHONE).name == same["name"]


def test_a_product_with_a_manual_is_not_removed(make_manual):
    product = make_manual().product
    with pytest.raises(ProductRefused, match="有说明书"):
        remove_product(product)
    assert Product.objects.filter(pk=product.pk).exists()


# --- Drafts -------------------------------------------------------------------------------------


def test_parts_are_added_moved_and_removed_in_order(make_manual):
    task = make_manual().open_version().tasks.get()
    third = writing.add_step(task, words="挂断。")
    writing.move_part(third, to=0)
    assert [step.words for step in task.steps.all()] == [
        "挂断。",
        "按绿色的键。",
        "把手机放到耳边。",
    ]
    writing.remove_part(task.steps.all()[0])
    assert [(step.position, step.words) for step in task.steps.all()] == [
        (0, "按绿色的键。"),
        (1, "把手机放到耳边。"),
    ]
    writing.move_part(task.steps.all()[0], to=99)
    assert task.steps.all()[1].words == "按绿色的键。"


@pytest.mark.parametrize(
    "box", [(0, 0, 101, 10), (60, 0, 50, 10), (0, 90, 10, 11), (0, 0, 0, 10), (5, 5, 5, None)]
)
def test_a_marker_outside_its_picture_is_refused(make_manual, box):
    step = ManualStep.objects.filter(task__version__manual=make_manual())[0]
    names = ("marker_x", "marker_y", "marker_w", "marker_h")
    with pytest.raises(ValidationError):
        writing.change_part(step, **dict(zip(names, box, strict=True)))
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualStep.objects.filter(pk=step.pk).update(**dict(zip(names, box, strict=True)))


def test_a_marker_goes_with_its_picture(make_manual):
    step = ManualStep.objects.filter(task__version__manual=make_manual())[0]
    writing.change_part(step, marker_x=10, marker_y=10, marker_w=20, marker_h=20)
    assert step.marker.w == 20
    writing.change_part(step, picture=None)
    step.refresh_from_db()
    assert step.marker is None


def test_another_organisations_picture_is_not_taken(cast, make_manual):
    step = ManualStep.objects.filter(task__version__manual=make_manual())[0]
    with pytest.raises(VersionRefused, match="没有这张图片"):
        writing.change_part(step, picture=make_picture(cast.rivals))


def test_what_was_handed_in_does_not_change(cast, make_manual):
    manual = make_manual()
    version = manual.open_version()
    step = ManualStep.objects.filter(task__version=version)[0]
    submit(version, by=cast.maker)
    for write in (
        lambda: writing.change_version(version, title="别的"),
        lambda: writing.add_task(version, title="别的"),
        lambda: writing.change_part(step, words="别的"),
        lambda: writing.move_part(step, to=1),
        lambda: writing.remove_part(step),
        lambda: open_draft(manual),
        lambda: discard_draft(manual),
    ):
        with pytest.raises(VersionRefused):
            write()


def test_a_suspended_organisation_writes_nothing(cast, make_manual):
    manual = make_manual()
    Organisation.objects.update(state=OrganisationState.SUSPENDED)
    version = ManualVersion.objects.get(manual=manual)
    for write in (
        lambda: writing.change_version(version, title="别的"),
        lambda: start_manual(product=version.manual.product, by=cast.maker),
    ):
        with pytest.raises(VersionRefused, match="没有开通"):
            write()


def test_a_new_draft_has_the_words_pictures_and_keys_of_the_live_version(make_manual, publish):
    manual = publish(make_manual())
    draft = open_draft(manual)
    live = manual.published_version
    assert (draft.number, draft.state, draft.title) == (2, VersionState.DRAFT, live.title)
    [old], [new] = live.tasks.all(), draft.tasks.all()
    assert (new.key, new.pk != old.pk) == (old.key, True)
    assert list(new.steps.values("key", "words", "picture", "expected")) == list(
        old.steps.values("key", "words", "picture", "expected")
    )
    assert open_draft(manual) == draft


def test_throwing_the_draft_away_leaves_the_live_version(make_manual, publish):
    manual = publish(make_manual())
    open_draft(manual)
    discard_draft(manual)
    assert manual.newest_version() == manual.published_version
    never_live = make_manual(model="KL-9")
    discard_draft(never_live)
    assert not Manual.objects.filter(pk=never_live.pk).exists()


# --- The database -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "changes",
    [
        {"state": VersionState.SUBMITTED},  # and nobody knows when
        {"state": "lost"},
        {"state": VersionState.PUBLISHED, "submitted_at": timezone.now()},
        {"review_due": timezone.localdate() - timedelta(days=900)},
    ],
)
def test_the_database_refuses_a_version_that_cannot_be(make_manual, changes):
    make_manual()
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualVersion.objects.update(**changes)


def test_the_database_keeps_one_open_version_and_one_brands_model(cast, make_manual):
    manual = make_manual()
    with pytest.raises(IntegrityError), transaction.atomic():
        ManualVersion.objects.create(manual=manual, number=2)
    with pytest.raises(IntegrityError), transaction.atomic():
        Product.objects.create(
            organisation=cast.rivals, brand="康乐", model="kl-1", name="手机", kind="phone"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        Manual.objects.update(live=True)


def test_the_database_refuses_a_code_with_a_letter_that_codes_have_not(cast):
    with pytest.raises(IntegrityError), transaction.atomic():
        Organisation.objects.filter(pk=cast.organisation.pk).update(code="9144010IMA5A00001H")
