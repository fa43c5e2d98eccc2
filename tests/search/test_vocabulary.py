"""Everyday words of old people find their lesson, however they are typed."""

import pytest

from lms.search.starter import starter_groups
from tests.search.vocabulary import missed, wanted

pytestmark = pytest.mark.django_db

#: Of a list's words, the least share that finds a right lesson among the first three.
GOALS = {"characters": 0.95, "pinyin": 0.90, "initials": 0.85}


#: What is asked in several words is harder by initials: five letters mean much.
SHARES = {
    "everyday_words.txt": GOALS,
    "held_out_words.txt": GOALS,
    "everyday_phrases.txt": {"characters": 0.95, "pinyin": 0.95, "initials": 0.80},
    "unseen_words.txt": GOALS,
    # never tuned on; the words of the last are others', many of them phrases
    "fresh_words.txt": GOALS,
    "told_words.txt": {"characters": 0.92, "pinyin": 0.90, "initials": 0.64},
    # strangers' own ways to ask; sentences, of which nobody types initials
    "spoken_words.txt": {"characters": 0.95, "pinyin": 0.94, "initials": 0.74},
    "later_words.txt": {"characters": 0.95, "pinyin": 0.93, "initials": 0.60},
}


EVERYDAY = {"everyday_words.txt", "everyday_phrases.txt", "told_words.txt"}


@pytest.mark.parametrize("name", [
    name if name in EVERYDAY
    else pytest.param(name, marks=pytest.mark.thorough("other words by the same ways of finding"))
    for name in SHARES
])  # fmt: skip
def test_everyday_words_find_a_right_lesson_among_the_first_three(searched, name):
    number, without = missed(name)
    assert number >= 60
    for way, words in without.items():
        assert len(words) <= (1 - SHARES[name][way]) * number, (way, len(words))


def test_the_list_is_long_enough_and_holds_each_word_once():
    words = [each.word for each in wanted("everyday_words.txt")]
    assert len(words) == len(set(words)) >= 150


def test_no_word_of_the_starter_is_too_long_or_stands_alone():
    for group in starter_groups():
        assert all(len(word) <= 12 for word in group.words), group
        assert len(group.words) > 1 or group.leads_to, group
