"""What is sought here: counted by words and months, offered to others, shown to editors."""

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.urls import reverse

from courses.models import LessonPage
from lms.search.counting import (
    MONTHS_KEPT,
    OFTEN_ENOUGH,
    forget_old_counts,
    month_of,
    note_sought,
    suggestions,
)
from lms.search.finding import find
from lms.search.models import SoughtWord, WordGroup
from lms.search.starter import load_words, starter_groups

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("searched")]


def counts():
    return {row.word: (row.times, row.in_vain) for row in SoughtWord.objects.all()}


def test_letters_count_for_the_word_that_they_meant():
    for query in ("wx", "weixin", "微信"):
        note_sought(query)
    assert counts() == {"微信": (3, 0)}


def test_what_was_sought_in_vain_is_counted_as_it_was_typed():
    note_sought("手电筒")
    note_sought("请问怎么用手电筒")
    assert counts() == {"手电筒": (2, 2)}


@pytest.mark.parametrize(
    "query", ["13800138000", "我家住在松影岭三组十二号楼二零一", "", "，。", "440106195001011234"]
)
def test_what_may_be_about_somebody_is_not_counted(query):
    note_sought(query)
    assert counts() == {}


def test_the_page_counts_what_was_asked_to_the_end_and_what_its_script_tells(client):
    client.get(reverse("tv:search"), {"q": "yl"})
    assert counts() == {}
    client.get(reverse("tv:search"), {"q": "琉璃", "go": "1"})
    assert client.post(reverse("tv:sought"), {"q": "琉璃"}).status_code == 204
    assert client.get(reverse("tv:sought")).status_code == 405
    assert counts() == {"琉璃": (2, 2)}


def test_what_is_often_sought_is_suggested_first_and_only_words_that_editors_know():
    first = suggestions()
    assert len(first) == 6
    for word in ("广场舞", "声音像孙子"):
        for _time in range(OFTEN_ENOUGH):
            note_sought(word)
    cache.clear()
    assert suggestions() == ["广场舞", *first[:5]]


def test_counts_are_forgotten_after_a_year():
    note_sought("微信")
    SoughtWord.objects.create(word="旧词", month=month_of(MONTHS_KEPT + 1), times=1)
    forget_old_counts()
    assert list(counts()) == ["微信"]


def test_the_starters_words_are_loaded_once_and_never_over_an_editors(searched):
    group = WordGroup.objects.get(starter=starter_groups()[0].words[0])
    group.words = "一个 另一个"
    group.save()
    assert load_words() == 0
    group.refresh_from_db()
    assert group.words == "一个 另一个"


def test_words_that_came_before_their_lesson_lead_to_it_when_it_comes():
    other = LessonPage.objects.last()
    waiting = WordGroup.objects.create(words="琉璃 瓦当", waits_for="glazed")
    chosen = WordGroup.objects.create(words="瓷砖 地砖", waits_for="glazed", leads_to=other)
    lesson = LessonPage.objects.first()
    new = lesson.copy(update_attrs={"slug": "glazed", "title": "又来一课"})
    waiting.refresh_from_db()
    chosen.refresh_from_db()
    assert waiting.leads_to_id == new.pk
    assert waiting.waits_for == ""
    assert chosen.leads_to_id == other.pk
    assert find("琉璃").found[0].title == "又来一课"
    waiting.leads_to = None  # an editor wants none
    waiting.save()
    new.save_revision().publish()
    assert load_words() == 0
    waiting.refresh_from_db()
    assert waiting.leads_to is None


def test_loading_words_again_leads_those_that_wait_to_lessons_that_are_there():
    lesson = LessonPage.objects.live().first()
    waiting = WordGroup.objects.create(words="琉璃 瓦当", waits_for=lesson.slug)
    load_words()
    waiting.refresh_from_db()
    assert waiting.leads_to_id == lesson.pk


def test_of_words_with_the_same_initials_those_sought_here_come_first():
    [first, second] = LessonPage.objects.live()[:2]
    WordGroup.objects.create(words="琉珍 晚香玉", leads_to=first)
    WordGroup.objects.create(words="楼主 夜来香", leads_to=second)
    before = [each.title for each in find("lz").found]
    least = max((first, second), key=lambda each: before.index(each.title))
    word = "琉珍" if least == first else "楼主"
    for _time in range(100):
        note_sought(word)
    WordGroup.objects.first().save()  # whatever changes lets every process read anew
    assert [each.title for each in find("lz").found].index(least.title) == 0


def test_editors_see_what_was_sought_in_vain_and_add_words_for_it(client, django_user_model):
    editor = django_user_model.objects.create_user(username="editor", password="x")
    editor.groups.add(Group.objects.get(name="课程编辑"))
    client.force_login(editor)
    note_sought("手电筒")
    page = client.get("/admin/sought_words/").content.decode()
    assert "手电筒" in page
    assert "还是没有" in page
    assert "加同义词" in page
    assert client.get("/admin/sought_words/new/").status_code in (302, 403, 404)
    add = reverse("wagtailsnippets_search_wordgroup:add")
    form = client.get(add, {"words": "手电筒"}).content.decode()
    assert 'value="手电筒"' in form
    refused = client.post(add, {"words": "手电筒", "leads_to": "", "used": "on"})
    assert "写两个以上的词" in refused.content.decode()
    client.post(add, {"words": "手电筒，电筒、照亮 照亮", "leads_to": "", "used": "on"})
    assert WordGroup.objects.get(words__contains="照亮").words == "手电筒 电筒 照亮"
