"""“This is right here”: a word that stops a draft is kept with a reason that the reviewer reads."""

import pytest
from django.urls import reverse

from lms.manuals.editor.services import writing
from lms.manuals.editor.services.answers import keep_word, take_answer_back
from lms.manuals.editor.services.versions import VersionRefused, open_draft
from lms.manuals.models import ManualStep, ManualVersion
from lms.manuals.readability.queries import blocking_findings_of
from lms.manuals.review.services.reviews import (
    SubmissionRefused,
    return_version,
    submit,
)

REASON = "机器上的灯旁边就印着这两个字"


@pytest.fixture
def draft(make_manual):
    """Stopped for one word in one step."""
    draft = make_manual().open_version()
    writing.change_part(step_of(draft), words="看“电”旁边的蓝牙灯。")
    return draft


def step_of(draft) -> ManualStep:
    return ManualStep.objects.filter(task__version=draft)[0]


def kept(draft, by, **changed):
    place = {"key": str(step_of(draft).key), "field": "words", "word": "蓝牙", "reason": REASON}
    return keep_word(draft, by=by, **{**place, **changed})


def stops_of(draft):
    return [
        f.found for f in blocking_findings_of(ManualVersion.objects.with_content().get(pk=draft.pk))
    ]


def test_a_word_with_a_reason_stops_no_more_and_travels_with_the_next_draft(cast, draft):
    assert stops_of(draft) == ["蓝牙"]
    with pytest.raises(SubmissionRefused):
        submit(draft, by=cast.maker)
    kept(draft, cast.maker)
    assert stops_of(draft) == []
    version = submit(draft, by=cast.maker)
    return_version(version, by=cast.reviewer, note="再看看")
    following = open_draft(version.manual)
    assert following.pk != version.pk
    assert [(a.word, a.reason) for a in following.answers.all()] == [("蓝牙", REASON)]
    assert stops_of(following) == []


def test_an_answer_holds_for_its_word_in_its_field_only(cast, draft):
    kept(draft, cast.maker)
    writing.change_part(step_of(draft), warning="别关蓝牙。")
    assert stops_of(draft) == ["蓝牙"]
    writing.change_part(step_of(draft), warning="", words="看蓝牙旁边的路由器。")
    assert stops_of(draft) == ["路由器"]


@pytest.mark.parametrize("changed", [{"reason": " 对 "}, {"word": "绿色"}, {"field": "alt"}])
def test_what_does_not_stop_or_has_no_reason_is_not_kept(cast, draft, changed):
    with pytest.raises(VersionRefused):
        kept(draft, cast.maker, **changed)
    assert stops_of(draft) == ["蓝牙"]


def test_an_answer_is_taken_back_in_a_draft_only(cast, draft):
    kept(draft, cast.maker)
    place = {"key": str(step_of(draft).key), "field": "words", "word": "蓝牙"}
    take_answer_back(draft, **place)
    assert stops_of(draft) == ["蓝牙"]
    kept(draft, cast.maker)
    submit(draft, by=cast.maker)
    with pytest.raises(VersionRefused):
        take_answer_back(draft, **place)


def test_the_maker_answers_on_the_page_of_handing_in_and_the_reviewer_reads_it(as_, draft):
    manual = draft.manual
    hand_in = reverse("workbench:hand_in", args=[manual.pk])
    assert "为什么“蓝牙”留着才对" in as_("maker").get(hand_in).content.decode()
    sent = {"key": str(step_of(draft).key), "field": "words", "word": "蓝牙"}
    keep = reverse("workbench:keep_word", args=[manual.pk])
    refused = as_("maker").post(keep, {**sent, "reason": ""})
    assert (refused.status_code, "请写明" in refused.content.decode()) == (422, True)
    assert as_("maker").post(keep, {**sent, "reason": REASON}).url == hand_in
    page = as_("maker").get(hand_in).content.decode()
    assert REASON in page
    assert "可以交了" in page
    as_("maker").post(hand_in)
    review = reverse("wagtailsnippets_manuals_manual:edit", args=[manual.pk])
    assert f"厂商说这里对：{REASON}" in as_("reviewer").get(review).content.decode()
