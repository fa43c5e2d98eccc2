"""An editor's border holds, and every clause belongs to exactly one scene, in order."""

import re
from itertools import pairwise
from random import Random

import pytest

from media.films.alignment import SURE, align
from media.films.borders import lay_borders, settled
from media.films.clauses import clauses_of
from media.films.storyboard import MovedBorder, Scene, SceneKind, Storyboard, moved_borders

SAID = (
    "如今买菜，咱们也能学会扫码。点开“微信”，找到“扫一扫”，把手机对准摊上的方块图，听到一声响。"
    "再看钱数，三块五。别急，打幺幺零问一问。"
)


def scene(words: str, key: str, **more) -> Scene:
    return Scene(kind=SceneKind.WORDS, words=words, key=key, **{"number": 1, **more})


SCENES = (
    scene("扫码付钱", "title", number=0),
    scene("点开“微信”", "open"),
    scene("点“扫一扫”", "scan"),
    scene("对准\n方块图", "aim"),
    scene("点错了不要紧", "miss", silent=True),
    scene("看清钱数", "sum"),
    scene("拿不准，打110", "police"),
)


def laid(*moved: MovedBorder, said: str = SAID, scenes: tuple[Scene, ...] = SCENES):
    return lay_borders(Storyboard("扫码", scenes, moved), clauses_of(said))


def told(borders, said: str = SAID) -> list[str]:
    clauses = clauses_of(said)
    return ["".join(clause.text for clause in clauses[slice(*span)]) for span in borders.spans]


def test_without_a_moved_border_it_is_the_machines():
    assert laid().spans == align(SCENES, clauses_of(SAID)).spans


def test_a_moved_border_holds_and_the_others_stay():
    borders = laid(MovedBorder("sum", "看清钱数", "听到一声响。"))
    before, after = told(laid()), told(borders)
    assert after[3] == "把手机对准摊上的方块图，"
    assert after[5] == "听到一声响。再看钱数，三块五。"
    assert after[:3] + after[6:] == before[:3] + before[6:]
    assert borders.moved == {5}
    assert borders.leads[5] == SURE
    assert borders.lost == ()


def test_borders_of_the_machine_give_way_to_a_moved_one():
    borders = laid(MovedBorder("sum", "看清钱数", "找到“扫一扫”，"))
    assert told(borders)[1:4] == ["点开“微信”，", "", ""]


def test_it_holds_when_marks_and_the_scenes_words_change():
    renamed = tuple(scene("把钱数看清", "sum") if each.key == "sum" else each for each in SCENES)
    moved = MovedBorder("sum", "看清钱数", "听到一声响。")
    said = SAID.replace("听到一声响。", "听到一声响！")
    borders = laid(moved, said=said, scenes=renamed)
    assert told(borders, said)[5].startswith("听到一声响！")
    # A step that was written anew has another key, and is known by its words.
    assert laid(MovedBorder("gone", "对准方块图", "听到一声响。")).moved == {3}


@pytest.mark.parametrize(
    "moved",
    [
        MovedBorder("sum", "看清钱数", "这句话没有了。"),
        MovedBorder("sum", "看清钱数", "听到一声响。", nth=1),
        MovedBorder("gone", "这一屏没有了", "听到一声响。"),
        MovedBorder("title", "扫码付钱", "听到一声响。"),  # the first begins with the first clause
        MovedBorder("miss", "点错了不要紧", "听到一声响。"),  # nothing is said in it
    ],
)
def test_what_has_no_place_is_dropped_and_told(moved):
    borders = laid(moved)
    assert borders.lost == (moved,)
    assert borders.spans == laid().spans


def test_of_two_that_cross_the_later_scenes_is_dropped():
    early = MovedBorder("scan", "点“扫一扫”", "再看钱数，")
    late = MovedBorder("sum", "看清钱数", "点开“微信”，")
    borders = laid(late, early)
    assert borders.lost == (late,)
    assert borders.moved == {2}


def test_every_clause_has_one_scene_in_order_whatever_is_moved():
    chance = Random(16)
    clauses = clauses_of(SAID)
    for _round in range(300):
        moved = [
            MovedBorder(each.key, each.words, chance.choice([*(c.text for c in clauses), ""]))
            for each in chance.sample(SCENES, chance.randint(0, len(SCENES)))
        ]
        spans = laid(*moved).spans
        assert [at for span in spans for at in range(*span)] == list(range(len(clauses)))
        assert all(first[1] == second[0] for first, second in pairwise(spans))
        assert spans[4][0] == spans[4][1]  # the silent one


def test_a_moved_border_stands_where_it_was_put_if_order_allows():
    chance = Random(5)
    for _round in range(300):
        count, scenes = chance.randint(0, 12), chance.randint(1, 8)
        machine = sorted([0, *(chance.randint(0, count) for _ in range(scenes - 1))])
        numbers = sorted(chance.sample(range(1, scenes), chance.randint(0, scenes - 1)))
        at = sorted(chance.randint(0, count) for _ in numbers)
        places = dict(zip(numbers, at, strict=True))
        starts = settled(machine, places, [False] * scenes, count)
        assert starts == sorted(starts)
        assert [starts[number] for number in numbers] == at


@pytest.mark.parametrize(
    "kept", [None, 3, ["x"], [{"scene": "a"}], [{"scene": 1, "words": "", "clause": ""}]]
)
def test_what_is_no_border_is_refused(kept):
    with pytest.raises(ValueError, match=re.escape(str(kept))):
        moved_borders(kept)
