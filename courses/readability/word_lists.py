"""Two lists of words: jargon, which must be explained or replaced, and officialese.

Words are found as words: they begin and end where a word of the sentence does; the longest wins.
"""

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path

from courses.readability.plain_text import (
    BRACKETED,
    HAN,
    QUOTED,
    fold,
    inside,
    plain,
    spans,
)
from courses.readability.segments import Segmenter

DATA = Path(__file__).parent / "data"
#: Sentences whose cuts are remembered, for a page that is judged anew with every word typed.
REMEMBERED = 2048

#: 手机里的方块图（二维码）: a word of ours that only gives the other name of what stands before.
OTHER_NAME = re.compile(r"^(?:也叫|又叫|又称|也就是|就是|叫|即)?[“‘「『]?(.+?)[”’」』]?$")
DOING = re.compile(
    r"(?:打开|点开|关闭|连接|进入|启动|选择|设置|输入|点击|安装|下载|找到|使用|退出|返回|按下|插入|连上)$"
)
#: Brackets that point somewhere or add something, and explain nothing.
NO_EXPLANATION = re.compile(r"^(?:见|详见|参见|如图|图|即将|例如|比如|可选|选填|必填|建议|默认|\d)")
OPENS = re.compile(r"[（(]")

#: Signs with which a longer word goes on: what stands before them is not swapped.
GOES_ON = frozenset(
    "仪器机值表码键灯率量度性化者员类型式线口盒板卡栏页箱柜室区层级法力感费款人名号"
)
#: After them, or at an end, a longer expression reads well.
LETS_GO_ON = frozenset(
    "，。！？；：、…,.!?;:“”‘’「」（）()【】后前时了就会再并和与或吗呢吧的里上中下在是有不"
)
#: Before what one does: 请登录, 先登录; not 完成登录, 自动登录.
LETS_ACT = re.compile(
    r"(?:^|[，。！？；：、,.!?;:“（(\s]|请|先|再|要|并|就|可以|能|会|别|不要|想|来|去|可)$"
)
ENDS_A_CLAUSE = re.compile(r"\s*(?:$|[，。！？；：、…,.!?;:”）)]|后|前|时|了|吗|吧|就|再|并)")


@dataclass(frozen=True)
class FoundWord:
    """A word of a list in a text."""

    words: str
    #: What to write instead; empty: leave it out.
    instead: str
    #: The word as the text has it, perhaps in wide letters, and where it begins there.
    written: str
    start: int
    quoted: bool = False
    #: Jargon that many know: advice only.
    half_known: bool = False
    #: The whole text with the word swapped; empty when a swap would not read well.
    fix: str = ""


@dataclass(frozen=True)
class _Match:
    word: str
    start: int
    end: int


@dataclass(frozen=True)
class WordLists:
    """Each maps a word to its replacement; in `officialese` an empty one means: leave it out."""

    jargon: Mapping[str, str]
    officialese: Mapping[str, str]
    #: Of either list: what one does, such as 注册. It is swapped only where it stands alone.
    verbs: frozenset[str] = frozenset()
    #: Of jargon: many old people know it, so it is only advised about.
    half_known: frozenset[str] = frozenset()
    #: Of jargon: what frauds say, so that a warning has to say it too.
    of_frauds: frozenset[str] = frozenset()
    #: Words of shops.
    selling: frozenset[str] = frozenset()
    #: Ways of saying something plain in which the signs of a listed word occur: 红外壳, 水热点再喝.
    fine: tuple[re.Pattern[str], ...] = ()

    @cached_property
    def _segmenter(self) -> Segmenter:
        return Segmenter({*self.jargon, *self.officialese, *self.selling})

    @cached_property
    def _borders(self) -> Callable[[str], frozenset[int]]:
        return lru_cache(maxsize=REMEMBERED)(self._segmenter.borders)

    def borders(self, text: str) -> frozenset[int]:
        """Where words of a folded text begin or end."""
        return self._borders(text)

    def matches(self, text: str, words: Collection[str]) -> list[_Match]:
        """Those of `words` in a folded text, the longest at each place, none across another."""
        borders = self.borders(text)
        fine = [span for pattern in self.fine for span in spans(pattern, text)]
        longest = max(map(len, words), default=0)
        found: list[_Match] = []
        after = 0
        for start in sorted(borders):
            if start < after:
                continue
            for end in range(min(len(text), start + longest), start, -1):
                if end in borders and text[start:end] in words and not meets(fine, start, end):
                    found.append(_Match(text[start:end], start, end))
                    after = end
                    break
        return found

    def selling_in(self, text: str) -> str:
        """The first word of a shop in a folded text; empty when there is none."""
        found = self.matches(text, self.selling)
        return found[0].word if found else ""

    def jargon_in(self, written: str) -> list[FoundWord]:
        """All that occurs in the text, explained or not, in the order of the text."""
        return [
            self._found(written, m, self.jargon) for m in self.matches(plain(written), self.jargon)
        ]

    def unexplained_in(
        self, written: str, *, known: frozenset[str] = frozenset()
    ) -> list[FoundWord]:
        """Jargon without an explanation in brackets, as in 验证码（几位数字） or 蓝字（链接）."""
        text = plain(written)
        return [
            self._found(written, match, self.jargon)
            for match in self.matches(text, self.jargon)
            if match.word not in known and not self._is_explained(text, match)
        ]

    def explained_in(self, written: str) -> frozenset[str]:
        text = plain(written)
        return frozenset(
            m.word for m in self.matches(text, self.jargon) if self._is_explained(text, m)
        )

    def officialese_in(self, written: str) -> list[FoundWord]:
        """Outside quotation marks; quoted words are written on the product and must stay."""
        text = plain(written)
        quotes = spans(QUOTED, text)
        return [
            self._found(written, match, self.officialese)
            for match in self.matches(text, self.officialese)
            if not inside(quotes, match.start)
        ]

    def _found(self, written: str, match: _Match, words: Mapping[str, str]) -> FoundWord:
        folded = fold(written)
        start, end = folded.span_written(match.start, match.end)
        instead = words[match.word]
        return FoundWord(
            match.word,
            instead,
            written[start:end],
            start,
            quoted=inside(spans(QUOTED, folded.text), match.start),
            half_known=words is self.jargon and match.word in self.half_known,
            fix=swapped(written, start, end, instead, verb=match.word in self.verbs),
        )

    def _is_explained(self, text: str, match: _Match) -> bool:
        for start, end in spans(BRACKETED, text):
            if start <= match.start < end:
                return self._is_other_name(text, start, end, match)
        following = re.match(r"[”’」』】\"]?(（[^）]+）|\([^)]+\))", text[match.end :])
        return following is not None and self.explains(following[1][1:-1])

    def explains(self, words: str) -> bool:
        """Whether they say in plain Chinese what something is: neither jargon nor Latin."""
        return (
            len(HAN.findall(words)) > 1
            and not re.search(r"[A-Za-z]", words)
            and not NO_EXPLANATION.match(words.strip())
            and not self.matches(words, self.jargon)
        )

    def _is_other_name(self, text: str, start: int, end: int, match: _Match) -> bool:
        """Whether brackets hold nothing but the word, after something plain that it is."""
        name = OTHER_NAME.match(text[start + 1 : end - 1].strip())
        before = re.split(r"[，。！？；：、,.!?;:（(\s]", text[:start])[-1].strip('“”‘’「」『』"')
        if name is None or name[1] != match.word or len(HAN.findall(before)) < 2:
            return False
        if DOING.search(before):  # 打开（蓝牙）
            return False
        jargon = self.matches(before, self.jargon)
        return not (jargon and jargon[-1].end == len(before))


def swapped(written: str, start: int, end: int, instead: str, *, verb: bool = False) -> str:
    """The text with `instead` in the place of a span; empty when that would not read well."""
    before, after = written[:start], written[end:]
    following = after[:1]
    if not instead or (following and following in GOES_ON) or is_doubled(before, instead, after):
        return ""
    if verb and not (LETS_ACT.search(before) and ENDS_A_CLAUSE.match(after)):
        return ""
    is_long = len(instead) > 4 or "的" in instead
    if is_long and following == "的":
        return ""
    if is_long and following and following not in LETS_GO_ON:
        return ""
    return before + instead + after


def is_doubled(before: str, words: str, after: str) -> bool:
    """Whether the words would stand beside themselves, in whole or by an edge: 机器机器, 面面."""
    near = len(words) + 2
    return (
        words in before[-near:]
        or words in after[:near]
        or any(before.endswith(words[:n]) or after.startswith(words[-n:]) for n in range(1, near))
    )


def meets(places: list[tuple[int, int]], start: int, end: int) -> bool:
    """Whether it overlaps one of the places; a longer one around a place does not count."""
    return any(
        start < ends and begins < end and not has_more(start, end, begins, ends)
        for begins, ends in places
    )


def has_more(start: int, end: int, begins: int, ends: int) -> bool:
    return start <= begins and ends <= end and end - start > ends - begins


@cache
def built_in_word_lists() -> WordLists:
    """Those of the program itself (data/)."""
    rows = {name: list(read(name)) for name in ("jargon", "officialese")}
    every = [row for name in rows for row in rows[name]]
    return WordLists(
        jargon={word: instead for word, instead, _marks in rows["jargon"]},
        officialese={word: instead for word, instead, _marks in rows["officialese"]},
        verbs=frozenset(word for word, _instead, marks in every if "v" in marks),
        half_known=frozenset(word for word, _instead, marks in every if "a" in marks),
        of_frauds=frozenset(word for word, _instead, marks in every if "w" in marks),
        selling=frozenset(lines_of("selling.txt")),
        fine=tuple(re.compile(line) for line in lines_of("fine.txt")),
    )


def read(name: str) -> Iterator[tuple[str, str, str]]:
    """Word, what to say instead, marks."""
    for line in lines_of(f"{name}.tsv"):
        word, instead, marks, *_ = [*line.split("\t"), "", ""]
        yield word, "" if instead == "-" else instead, marks


def lines_of(name: str) -> list[str]:
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line.strip() and not line.startswith("#")]
