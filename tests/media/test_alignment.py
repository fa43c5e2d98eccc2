"""The narration's clauses find their scenes."""

from media.films.alignment import SURE, align
from media.films.clauses import clauses_of
from media.films.storyboard import Scene, SceneKind
from media.films.timeline import SHORTEST_MS, SpokenPart, spoken_parts, timeline_of

SAID = (
    "如今买菜，咱们也能学会扫码。点开“微信”，找到“扫一扫”，把手机对准摊上的方块图，听到一声响。"
    "再看钱数，三块五。别急，打幺幺零问一问。"
)


def scene(words: str, kind: SceneKind = SceneKind.WORDS, number: int = 1, **more) -> Scene:
    return Scene(kind=kind, words=words, number=number, **more)


SCENES = [
    scene("扫码付钱", SceneKind.TITLE, 0),
    scene("点开“微信”"),
    scene("点“扫一扫”"),
    scene("对准方块图"),
    scene("点错了不要紧", SceneKind.PHONE, 0, silent=True),
    scene("看清钱数"),
    scene("拿不准，打110"),
]


def told() -> list[str]:
    clauses = clauses_of(SAID)
    spans = align(SCENES, clauses).spans
    return ["".join(clause.text for clause in clauses[first:after]) for first, after in spans]


def test_one_sentence_is_three_scenes():
    assert told() == [
        "如今买菜，咱们也能学会扫码。",
        "点开“微信”，",
        "找到“扫一扫”，",
        "把手机对准摊上的方块图，听到一声响。",
        "",  # it is looked at without a word
        "再看钱数，三块五。",
        "别急，打幺幺零问一问。",  # 110, as it is said
    ]


def test_a_sure_border_says_so():
    leads = align(SCENES, clauses_of(SAID)).leads
    assert leads[0] == SURE
    assert min(leads[2:4]) > 0


def test_clauses_make_the_sentence_again_and_none_is_too_short_to_follow():
    clauses = clauses_of(SAID)
    assert "".join(clause.text for clause in clauses) == SAID
    assert min(clause.length for clause in clauses) >= 2


def test_times_follow_the_speech_or_else_its_share():
    clauses = clauses_of("点开微信，再点扫一扫。")
    sentence = [SpokenPart("点开微信，再点扫一扫。", 300, 3_300)]
    heard = spoken_parts(clauses, sentence, [[(300, 1_100), (1_400, 3_300)]])
    assert [part.start_ms for part in heard] == [300, 1_400]
    shared = spoken_parts(clauses, sentence, [[]])
    assert [(part.start_ms, part.end_ms) for part in shared] == [(300, 1_633), (1_633, 3_300)]
    timeline = timeline_of(SCENES[1:3], [(0, 1), (1, 2)], [1.0, 1.0], heard)
    first, second = timeline.scenes
    assert first.duration_ms == 3_040  # 3 s, on the grid
    assert first.duration_ms >= SHORTEST_MS
    assert second.said[0].start_ms - first.said[0].end_ms >= 500


def test_scenes_that_know_what_is_said_in_them_need_no_likeness():
    """Two things to do may begin with the same step."""
    said = ("按开关。灯亮了。", "按开关。", "")
    scenes = [scene("怎么开", said=said[0]), scene("怎么关", said=said[1]), scene("看", said="")]
    clauses = clauses_of("\n".join(said))
    assert align(scenes, clauses).spans == ((0, 2), (2, 3), (3, 3))
    other = clauses_of("按开关。灯灭了。按开关。")  # a narration that is older than the scenes
    assert align(scenes, other).spans[-1][1] == len(other)
