"""A reviewer says something at a step; its maker finds it there, and says when it is done."""

import threading
from uuid import uuid4

import pytest
from django.db import connection
from django.urls import reverse

from lms.manuals.choices import ProductKind, ReviewStage
from lms.manuals.editor.services import writing
from lms.manuals.editor.services.versions import open_draft
from lms.manuals.models import Manual, Review, ReviewNote
from lms.manuals.review.services.notes import remove_note, write_note
from lms.manuals.review.services.reviews import (
    ReviewRefused,
    approve,
    return_version,
    stage_of,
    submit,
)
from tests.units.unit_pages import text_of

PAGE = "wagtailsnippets_manuals_manual:edit"


@pytest.fixture
def handed_in(cast, make_manual):
    """A function: a version in review."""

    def handed_in(kind=ProductKind.PHONE):
        return submit(make_manual(kind=kind).open_version(), by=cast.maker)

    return handed_in


def step_of(version, number=0):
    return version.tasks.get().steps.all()[number]


def test_a_note_goes_to_its_step_in_the_next_draft_and_comes_back_done(as_, cast, handed_in):
    version = handed_in()
    step, address = step_of(version, 1), reverse(PAGE, args=[version.manual_id])
    reviewer = as_("reviewer")
    sent = {"number": version.number, "at": str(step.key), "words": "放到哪一边的耳朵？"}
    assert reviewer.post(address, sent).url == f"{address}#part-{step.key}"
    assert "放到哪一边的耳朵？" in text_of(reviewer.get(address))
    decision = {"number": version.number, "stage": "plain", "note": "", "return": "1"}
    reviewer.post(address, decision)
    assert Review.objects.get().note == "请看写在各处的1条意见。"
    draft = open_draft(version.manual)
    write = reverse("workbench:write", args=[version.manual_id])
    page = as_("maker").get(write).content.decode()
    at = page.index(f'id="part-{step.key}"')
    assert page.index("放到哪一边的耳朵？") > at
    assert "1条意见没改" in page
    note = ReviewNote.objects.get()
    as_("maker").post(write, {"do": f"note-done:{step.key}:{note.pk}"})
    note.refresh_from_db()
    assert note.done_at is not None
    page = as_("maker").get(write).content.decode()
    assert "意见没改" not in page
    assert "放到哪一边的耳朵？" in page  # done in this draft
    writing.change_part(step_of(draft, 1), words="把手机放到右耳边。")
    submit(draft, by=cast.maker)
    page = text_of(as_("reviewer").get(address))
    assert "厂商说改好了" in page
    assert "把手机放到右耳边。" in page


def test_a_note_at_a_part_that_is_gone_is_shown_above(as_, cast, handed_in):
    version = handed_in()
    key = step_of(version, 1).key
    write_note(version, key=key, words="这一步没有用。", by=cast.reviewer)
    return_version(version, by=cast.reviewer, note="")
    draft = open_draft(version.manual)
    writing.add_step(draft.tasks.get(), words="说完按红键。")
    writing.remove_part(step_of(draft, 1))
    write = reverse("workbench:write", args=[version.manual_id])
    page = as_("maker").get(write).content.decode()
    assert "那一处已经删掉了" in page
    note = ReviewNote.objects.get()
    as_("maker").post(write, {"do": f"note-done::{note.pk}"})
    note.refresh_from_db()
    assert note.done_at is not None
    as_("maker").post(write, {"do": f"note-open::{note.pk}"})
    note.refresh_from_db()
    assert note.done_at is None


def test_another_makers_note_is_not_ticked(as_, cast, handed_in, make_manual):
    version = handed_in()
    note = write_note(version, key=step_of(version).key, words="太长。", by=cast.reviewer)
    other = make_manual(cast.rivals, by=cast.rival, model="X9")
    as_("rival").post(reverse("workbench:write", args=[other.pk]), {"do": f"note-done::{note.pk}"})
    note.refresh_from_db()
    assert note.done_at is None


@pytest.mark.parametrize("who", ["maker", "colleague", "editor", "rival"])
def test_only_who_may_review_it_writes(cast, handed_in, who):
    version = handed_in()
    with pytest.raises(ReviewRefused, match="请别人审"):
        write_note(version, key=step_of(version).key, words="好。", by=getattr(cast, who))


def test_what_cannot_be_noted_is_said(cast, handed_in):
    version = handed_in()
    key = step_of(version).key
    for words, match in (("  ", "先写意见"), ("长" * 301, "最多300")):
        with pytest.raises(ReviewRefused, match=match):
            write_note(version, key=key, words=words, by=cast.reviewer)
    with pytest.raises(ReviewRefused, match="没有这一步"):
        write_note(version, key=uuid4(), words="好。", by=cast.reviewer)
    note = write_note(version, key=key, words="太长。", by=cast.reviewer)
    with pytest.raises(ReviewRefused, match="写的人自己"):
        remove_note(note, by=cast.second_reviewer)
    remove_note(note, by=cast.reviewer)
    assert not ReviewNote.objects.exists()


def test_the_television_and_the_phone_stand_beside_the_text(as_, cast, handed_in):
    version = handed_in()
    name = "wagtailsnippets_manuals_manual"
    client = as_("reviewer")
    page = client.get(reverse(PAGE, args=[version.manual_id])).content.decode()
    step = reverse(f"{name}:looks", args=[version.manual_id, "1-2"])
    assert f'href="{step}" target="looks"' in page
    looks = client.get(step).content.decode()
    screen = reverse(f"{name}:screen", args=[version.manual_id, "1-2"])
    assert looks.count(f'src="{screen}') == 2
    shown = client.get(screen).content.decode()
    assert "把手机放到耳边。" in shown
    picture = reverse(f"{name}:picture", args=[version.manual_id, step_of(version).picture.key])
    assert picture in shown
    for wrong in ("9-9", "nothing"):
        for which in ("looks", "screen"):
            address = reverse(f"{name}:{which}", args=[version.manual_id, wrong])
            assert client.get(address).status_code == 404


# --- A decision that is pressed twice ------------------------------------------------------------


@pytest.mark.parametrize("second", ["approve", "return"])
def test_the_same_page_does_not_answer_both_questions(as_, cast, handed_in, second):
    """Electrical: one person may answer both, but not by one press, nor from an old window."""
    version = handed_in(ProductKind.ELECTRICAL)
    client, address = as_("reviewer"), reverse(PAGE, args=[version.manual_id])
    sent = {"number": version.number, "stage": "plain", "note": "好。"}
    client.post(address, sent | {"approve": "1"})
    answer = client.post(address, sent | {second: "1"})
    assert "已经审过了" in text_of(answer)
    manual = Manual.objects.get(pk=version.manual_id)
    assert (manual.live, stage_of(manual)) == (False, ReviewStage.SAFETY)
    assert Review.objects.count() == 1
    client.post(address, sent | {"approve": "1", "stage": "safety"})
    assert Manual.objects.get(pk=version.manual_id).live


def test_a_decision_without_its_question_decides_nothing(as_, handed_in):
    version = handed_in()
    sent = {"number": version.number, "note": "好。", "approve": "1"}
    as_("reviewer").post(reverse(PAGE, args=[version.manual_id]), sent)
    assert not Review.objects.exists()


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
@pytest.mark.parametrize("kind", [ProductKind.PHONE, ProductKind.ELECTRICAL])
def test_two_windows_at_once_decide_once(cast, make_manual, kind):
    version = submit(make_manual(kind=kind).open_version(), by=cast.maker)
    ready, answers = threading.Barrier(2), []

    def press():
        ready.wait()
        try:
            approve(version, by=cast.reviewer, asked=ReviewStage.PLAIN)
            answers.append("approved")
        except ReviewRefused:
            answers.append("refused")
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for _window in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == ["approved", "refused"]
    assert Review.objects.get().stage == ReviewStage.PLAIN
