"""Splits a text into the sentences that are spoken, timed and highlighted."""

import re

_END = "。！？!?…"
_OPEN, _CLOSE = "“‘「『（《〈【(", "”’」』）》〉】)"
#: A quotation of up to so many characters is not split.
_LONGEST_QUOTE = 60
_SIGNS = "零一二三四五六七八九幺"
#: Three signs of which one is 幺, which nothing but a dialled number has; or five at least.
_SAID_NUMBER = re.compile(
    f"(?<![{_SIGNS}])(?:(?=[{_SIGNS}，]*[零幺])[{_SIGNS}]{{3,}}(?:，[{_SIGNS}]{{3,}})+"
    f"|(?=[{_SIGNS}]*幺)[{_SIGNS}]{{3,}}|[{_SIGNS}]{{5,}})"
)
_FIGURES = str.maketrans(_SIGNS + "，", "01234567891-")


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, without blanks around them; none of them is empty.

    Recordings, synthetic voices, the times in the track and the marks on the page all use this
    function. The closing marks after an end mark belong to its sentence; inside a quotation an end
    mark does not end the sentence; a new line always does.
    """
    sentences: list[str] = []
    for line in text.splitlines():
        start = 0
        for found in re.finditer(f"[{_END}]+[{_CLOSE}]*", line):
            said = line[start : found.end()]
            if _is_open(said) and len(said) <= _LONGEST_QUOTE:
                continue
            sentences.append(said)
            start = found.end()
        sentences.append(line[start:])
    return [sentence.strip() for sentence in sentences if re.search(r"\w", sentence)]


def _is_open(said: str) -> bool:
    """Whether a quotation or bracket that begins in ``said`` is still open."""
    return any(said.count(mark) > said.count(end) for mark, end in zip(_OPEN, _CLOSE, strict=True))


def in_figures(text: str) -> str:
    """As it is shown: a telephone number that is written the way it is said (幺二零) stands in
    figures (120), one said in groups with hyphens (400-123-4567). As long as `text`; other numbers
    stay as they are."""
    return _SAID_NUMBER.sub(lambda number: number[0].translate(_FIGURES), text)


def spoken_length(sentence: str) -> int:
    """How many of its characters are spoken, about one syllable each; at least 1."""
    return max(1, len(re.findall(r"\w", sentence)))
