"""Chapters begin with sentences, evenly and at pauses, and are named by what is said."""

from subtitles.cues import UNHEARD, Cue
from subtitles.cues.chapters import title_of, with_chapters


def film(seconds: int, every: int = 5, pause_before: tuple[int, ...] = ()) -> list[Cue]:
    """Sentences of two cues each; before those numbered in `pause_before` is a second's pause."""
    return [
        Cue(
            n * every * 1000 + (900 if n in pause_before else 0),
            (n + 1) * every * 1000 - 100,
            (f"第{n}句的后半。" if n % 2 else f"第{n}句，先看这里",),
        )
        for n in range(seconds // every)
    ]


def begins(cues: list[Cue]) -> list[int]:
    return [n for n, cue in enumerate(with_chapters(cues)) if cue.chapter]


def test_a_minute_is_a_chapter_and_each_begins_a_sentence():
    numbers = begins(film(300))
    assert len(numbers) == 5
    assert all(number % 2 == 0 for number in numbers)


def test_the_longest_pause_near_the_place_wins():
    assert 26 in begins(film(300, pause_before=(26,)))


def test_a_short_film_has_none_and_a_long_one_not_too_many():
    assert begins(film(15)) == []
    assert begins([]) == []
    assert len(begins(film(3 * 3600, every=20))) == 6


def test_no_chapter_begins_where_nobody_was_understood():
    cues = film(300, pause_before=(26,))
    for n in (0, 26):
        cues[n] = Cue(cues[n].start_ms, cues[n].end_ms, (UNHEARD,))
    assert begins(cues)[0] == 1
    assert 26 not in begins(cues)
    assert begins([Cue(0, 60_000, (UNHEARD,))]) == []


def test_a_name_is_as_many_clauses_as_a_card_is_wide_or_words_of_the_first():
    assert title_of("第一部分，我们来学习微信支付。") == "第一部分"
    assert title_of("怎样安全地使用智能手机和网络") == "怎样安全地使用"
    assert title_of("墙越厚，离得越远，信号越弱") == "墙越厚，离得越远"


def test_a_name_leaves_no_quotation_open():
    assert title_of("看到“已连接”，就好了") == "看到“已连接”"
    assert title_of("打开手机自带的“应用市场”") == "打开手机自带的"
    assert title_of("点开“国家医保服务平台”") == "点开国家医保"
