"""A page is advised about while it is written, and stopped only when it is to be published."""

import pytest
from django.urls import reverse
from wagtail.models import Page
from wagtail.test.utils.form_data import nested_form_data, streamfield

from courses.models import DrillPage, LessonPage, PracticePage
from courses.plain_pages import findings_of
from lms.manuals.models import PlainWord
from tests.courses.lessons import make_lessons

pytestmark = pytest.mark.django_db

HARD = "打开设置，连接局域网路由器，启用投屏功能，完成终端配对与授权。"
JARGON = "请看局域网。"
HARD_ANSWERS = streamfield([("item", each) for each in ("红的", "绿的", JARGON)])
COMMENTS = {
    "comments-TOTAL_FORMS": 0,
    "comments-INITIAL_FORMS": 0,
    "comments-MIN_NUM_FORMS": 0,
    "comments-MAX_NUM_FORMS": 1000,
}


@pytest.fixture
def lesson(db):
    return make_lessons(1)[0]


def form_of(lesson, words="按红色的圆钮。", **changes):
    """What the editor sends, with these words as the one step."""
    data = {
        "title": lesson.title,
        "slug": lesson.slug,
        "goal": lesson.goal,
        "steps": streamfield([("step", {"words": words, "drawing": "", "picture-image": ""})]),
        "quizzes": streamfield([]),
        "fraud_line": lesson.fraud_line,
        "offline_route": lesson.offline_route,
        "narration": "",
        **COMMENTS,
        **changes,
    }
    return nested_form_data(data)


def quiz(**changes):
    """A field of one quiz."""
    value = {
        "question": "按哪个钮？",
        "options": streamfield([("item", each) for each in ("红的", "绿的", "蓝的")]),
        "answer": "0",
        "why": "红的是开机。",
        **changes,
    }
    return streamfield([("quiz", value)])


@pytest.fixture
def send(admin_client, lesson):
    """A function: the lesson's form with these words as its one step, by a button."""

    def send(words="按红色的圆钮。", **changes):
        address = reverse("wagtailadmin_pages:edit", args=[lesson.pk])
        return admin_client.post(address, form_of(lesson, words, **changes))

    return send


def live_words(lesson):
    return LessonPage.objects.get(pk=lesson.pk).steps[0].value["words"]


def labels(findings):
    return [found.label for found in findings if found.finding.stops]


def test_jargon_is_saved_as_a_draft_and_stopped_at_publishing(send, lesson, admin_client):
    before = live_words(lesson)
    assert send(HARD).status_code == 302
    refused = send(HARD, **{"action-publish": "1"})
    assert refused.status_code == 200
    assert "“局域网”老人不一定懂" in refused.content.decode()
    assert live_words(lesson) == before
    page = admin_client.get(reverse("wagtailadmin_pages:edit", args=[lesson.pk])).content.decode()
    assert "老人好不好懂" in page
    assert "要改</b>" not in page  # the kind stands with the field
    assert "要改 · 第1步" in page
    assert send("按红色的圆钮。", **{"action-publish": "1"}).status_code == 302
    assert live_words(lesson) == "按红色的圆钮。"


@pytest.mark.parametrize(
    "changes",
    [
        {"quizzes": quiz(question=JARGON)},
        {"quizzes": quiz(options=HARD_ANSWERS)},
        {"quizzes": quiz(why=JARGON)},
        {"narration": f"您好。{JARGON}"},
        {"practice_text": JARGON},
    ],
    ids=["question", "answer", "why", "narration", "practice"],
)
def test_all_that_learners_read_or_hear_is_stopped_at_publishing(send, changes):
    assert send(**changes).status_code == 302
    refused = send(**changes, **{"action-publish": "1"})
    assert refused.status_code == 200
    assert "“局域网”老人不一定懂" in refused.content.decode()


@pytest.mark.parametrize(
    ("changes", "label", "path"),
    [
        ({"title": "局域网怎么用"}, "标题", "title"),
        ({"quizzes": quiz(why=JARGON)}, "第1题 · 为什么", "quizzes.0.why"),
        (
            {
                "quizzes": quiz(
                    options=streamfield([("item", each) for each in ("红", "绿", JARGON)])
                )
            },
            "第1题 · 回答3",
            "quizzes.0.options.2",
        ),
        ({"narration": f"您好。{JARGON}"}, "朗读稿第2句", "narration"),
        ({"words": JARGON, "title": ""}, "第1步", "steps.0.words"),
    ],
    ids=["title", "quiz", "answer", "narration", "an incomplete form"],
)
def test_what_stands_in_the_fields_is_judged_without_being_saved(
    admin_client, lesson, changes, label, path
):
    before = lesson.get_latest_revision()
    form = form_of(lesson, **changes)
    for name in [name for name in form if name.endswith("-order")]:
        form[name.removesuffix("order") + "id"] = name.split("-")[-2]  # a browser makes them up
    answer = admin_client.post(reverse("courses_plain", args=["lessonpage"]), form)
    page = answer.content.decode()
    assert f"要改 · {label}</b>" in page
    assert f"contentpath={path}" in page
    assert lesson.get_latest_revision() == before
    fine = admin_client.post(reverse("courses_plain", args=["lessonpage"]), form_of(lesson))
    assert "要改" not in fine.content.decode()


def test_nobody_else_is_answered(client, admin_client, lesson):
    address = reverse("courses_plain", args=["lessonpage"])
    assert client.post(address, form_of(lesson)).status_code == 302
    assert admin_client.post(address, {"title": "一二三", "steps-count": "x"}).status_code == 400
    for kind in ("storypage", "learnerrecord", "nothing"):
        assert admin_client.post(reverse("courses_plain", args=[kind])).status_code == 404


def test_a_word_that_a_step_explained_is_known_in_the_question_and_not_on_the_tile(lesson):
    lesson.steps = [("step", {"words": "看局域网（家里的几样东西连在一起）。"})]
    asked = {
        "question": "局域网是什么？",
        "options": ["红", "绿", "蓝"],
        "answer": "0",
        "why": "是",
    }
    lesson.quizzes = [("quiz", asked)]
    assert labels(findings_of(lesson)) == []
    lesson.fraud_line = "有人要局域网，别给。"
    assert labels(findings_of(lesson)) == ["防骗一句话"]


def test_the_citys_own_words_count_in_lessons_too(lesson):
    lesson.steps = [("step", {"words": "看握持传感。"})]
    assert labels(findings_of(lesson)) == []
    PlainWord.objects.create(word="握持传感", kind="jargon", instead="手握住就知道")
    assert [f.finding.found for f in findings_of(lesson) if f.finding.stops] == ["握持传感"]


def test_screens_of_a_practice_and_answers_of_a_drill_are_judged(starter):
    practice = PracticePage.objects.first()
    practice.screens[1].value["hint"] = JARGON
    assert labels(findings_of(practice)) == ["第2屏 · 提示"]
    drill = DrillPage.objects.first()
    drill.items[2].value["advice"] = JARGON
    assert labels(findings_of(drill)) == ["第3条 · 该怎么办"]


@pytest.mark.usefixtures("starter")
def test_every_starter_page_passes():
    pages = [page for page in Page.objects.specific() if getattr(page, "is_judged", False)]
    assert len(pages) > 80
    stops = {
        f"{page.slug} · {found.label}": found.finding.message
        for page in pages
        for found in findings_of(page)
        if found.finding.stops
    }
    assert stops == {}
