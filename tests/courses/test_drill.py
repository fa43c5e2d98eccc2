"""The drill against fraud: mixed anew each round, explained at once, two mistakes counted apart."""

import json
import re

import pytest
from django.core.exceptions import ValidationError

from courses.blocks.drill import items_of
from courses.choices import Verdict
from courses.drill import AnswerTally, Item, Round, draw, round_of
from courses.models import DrillPage, LessonPage
from courses.phrases import by_phrases
from courses.starter import loading
from courses.starter.loading import (
    Loaded,
    find_or_make_classroom,
    find_or_make_home,
    load_drill,
    load_lesson,
)

CURRICULUM = json.loads((loading.STARTER_DIR / "curriculum.json").read_text())
ITEMS = [
    Item(
        channel=entry["channel"],
        sender=entry["sender"],
        text=entry["text"],
        verdict=entry["verdict"],
        sign=entry["sign"],
        advice=entry["do"],
    )
    for entry in CURRICULUM["drills"]
]
SCAM, GENUINE, UNSURE = AnswerTally(scam=1), AnswerTally(genuine=1), AnswerTally(unsure=1)


def ended(*pairs: tuple[str, AnswerTally]) -> Round:
    """A round that is over: what each message was, and what was said of it."""
    items = tuple(Item("短信", "谁", "话", verdict, "看", "做") for verdict, _said in pairs)
    said = tuple(said for _verdict, said in pairs)
    return Round(seed=1, items=items, number=len(items) + 1, said=said)


class TestTheDraw:
    def test_the_same_seed_draws_the_same_round(self):
        assert draw(ITEMS, seed=41, length=7) == draw(ITEMS, seed=41, length=7)

    def test_other_seeds_draw_other_rounds(self):
        assert len({draw(ITEMS, seed=seed, length=7) for seed in range(1, 30)}) > 25

    @pytest.mark.parametrize("seed", range(1, 20))
    def test_a_round_holds_both_kinds_mixed_as_they_are(self, seed):
        drawn = draw(ITEMS, seed=seed, length=7)
        assert len(set(drawn)) == 7
        assert sum(not item.is_scam for item in drawn) == 3  # 14 of 36 are genuine

    def test_a_round_longer_than_all_has_all_once(self):
        assert sorted(item.text for item in draw(ITEMS, seed=3, length=99)) == sorted(
            item.text for item in ITEMS
        )


class TestTheScores:
    def test_a_fraud_taken_for_genuine_and_a_genuine_one_refused_are_two_mistakes(self):
        now = ended(
            (Verdict.SCAM, GENUINE),
            (Verdict.SCAM, SCAM),
            (Verdict.GENUINE, SCAM),
            (Verdict.GENUINE, SCAM),
            (Verdict.GENUINE, GENUINE),
        )
        assert (now.score.frauds_missed, now.score.genuine_refused) == (1, 2)
        assert now.score.right == 2
        assert len(now.mistaken) == 3

    def test_to_be_unsure_is_careful_and_no_mistake(self):
        score = ended((Verdict.SCAM, UNSURE), (Verdict.GENUINE, UNSURE)).score
        assert score.is_clean
        assert score.careful == 2

    def test_a_class_is_counted_by_hands(self):
        now = ended((Verdict.SCAM, AnswerTally(12, 3, 5)), (Verdict.GENUINE, AnswerTally(4, 16, 0)))
        score = now.score
        assert (score.frauds_missed, score.genuine_refused, score.careful) == (3, 4, 5)


class TestTheAddress:
    def test_without_a_seed_nothing_has_begun(self):
        assert round_of(ITEMS, {}, length=7) is None
        assert round_of(ITEMS, {"round": "x"}, length=7) is None

    def test_it_carries_the_whole_round(self):
        now = round_of(ITEMS, {"round": "5", "n": "3", "said": "1.0.0-0.0.1"}, length=7)
        assert (now.number, now.said, now.is_explained) == (3, (SCAM, UNSURE), False)

    @pytest.mark.parametrize(
        "asked",
        [{"n": "4"}, {"n": "3", "said": "1.0.0"}, {"n": "99", "said": ""}, {"n": "-1"},
         {"n": "2", "said": "1.0"}, {"said": "a.b.c-1.0.0-1.0.0"}],
    )  # fmt: skip
    def test_one_that_makes_no_sense_begins_the_round(self, asked):
        now = round_of(ITEMS, {"round": "5", **asked}, length=7)
        assert (now.number, now.said) == (1, ())

    def test_hands_stay_between_none_and_999(self):
        now = Round(seed=1, items=tuple(ITEMS), whole_class=True, hands=AnswerTally(0, 999, 3))
        assert now.counted("scam", -1).endswith("hands=0.999.3")
        assert now.counted("genuine", 1000).endswith("hands=0.999.3")
        assert now.counted("unsure", 4).endswith("hands=0.999.4")


@pytest.fixture
def drill(db) -> DrillPage:
    home = find_or_make_home(CURRICULUM["title"])
    classroom = find_or_make_classroom(home, CURRICULUM["classrooms"][2])
    entry = next(e for e in CURRICULUM["lessons"] if e["slug"] == "stop-unknown-call")
    lesson = load_lesson(classroom, {**entry, "practice": None}, Loaded())
    lessons = dict.fromkeys(range(1, len(CURRICULUM["lessons"]) + 1), int(lesson.pk))
    load_drill(classroom, CURRICULUM["drills"], lessons, Loaded())
    return DrillPage.objects.get()


def html_of(client, drill: DrillPage, address: str = "") -> str:
    response = client.get(drill.url + address)
    assert response.status_code == 200
    return response.content.decode()


def links(page: str) -> list[str]:
    return [link.replace("&amp;", "&") for link in re.findall(r'href="(\?[^"]*)"', page)]


class TestThePage:
    def test_it_holds_the_21_messages_of_the_curriculum(self, drill):
        drill.full_clean()
        assert [item.text for item in items_of(drill.items)] == [item.text for item in ITEMS]

    def test_links_alone_lead_through_a_round_and_into_another(self, client, drill):
        response = client.get(drill.url + links(html_of(client, drill))[0])
        for number in range(1, 8):
            page, item = response.content.decode(), response.context["round"].item
            assert f"第{number}条，共7条" in page
            assert item.sign not in page
            page = html_of(client, drill, links(page)[2])  # unsure, each time
            assert item.sign in page
            assert item.advice in page
            [on] = links(page)
            response = client.get(drill.url + on)
        page = response.content.decode()
        assert "这一轮做完了" not in page
        assert "一条都没弄错" in page
        assert "有7条您说拿不准" in page
        again = links(page)[0]
        assert client.get(drill.url + again).context["round"].number == 1

    def test_the_end_names_both_scores_and_the_lessons_of_what_was_mistaken(self, client, drill):
        drawn = draw(items_of(drill.items), seed=5, length=7)
        said = ["0.1.0" if drawn[0].is_scam else "1.0.0"]
        said += ["1.0.0" if item.is_scam else "0.1.0" for item in drawn[1:]]
        page = html_of(client, drill, f"?round=5&n=8&said={'-'.join(said)}")
        scores = re.findall(r'class="score__number">(\d+)<', page)
        assert scores == (["1", "0"] if drawn[0].is_scam else ["0", "1"])
        assert by_phrases(LessonPage.objects.get().title) in page

    def test_a_class_counts_hands_and_reveals(self, client, drill):
        page = html_of(client, drill, "?round=5&n=1&class=1&hands=12.3.5")
        assert re.findall(r'class="hand__count">(\d+)<', page) == ["12", "3", "5"]
        counts = [re.search(r"hands=([\d.]+)", link) for link in links(page)]
        steps = ["11.3.5", "13.3.5", "12.2.5", "12.4.5", "12.3.4", "12.3.6"]
        assert [found[1] for found in counts if found] == steps
        shown = html_of(client, drill, links(page)[-1])
        assert re.findall(r'class="shown-hands__count">(\d+)<', shown) == ["12", "3", "5"]
        assert client.get(drill.url + links(page)[-1]).context["round"].whole_class

    def test_nothing_is_kept_of_an_answer(self, client, drill):
        client.get(drill.url + "?round=5&n=1&said=1.0.0")
        assert dict(client.session) == {}
        assert "set-cookie" not in {name.lower() for name in client.get(drill.url).headers}

    def test_its_classroom_leads_to_it(self, client, drill):
        assert drill.url in client.get(drill.get_parent().url).content.decode()

    def test_a_round_of_one_message_is_refused(self, drill):
        drill.items_a_round = 1
        with pytest.raises(ValidationError):
            drill.full_clean()
