"""Where a text is cut into the sentences that are spoken, timed and lit, each as one."""

import re

_END = "。！？!?…"
_OPEN, _CLOSE = "“‘「『（《〈【(", "”’」』）》〉】)"
#: A quotation is one sentence whatever is in it, unless nobody could say it in one breath.
_LONGEST_QUOTE = 60


def split_sentences(text: str) -> list[str]:
    """The sentences of ``text`` in order, without blanks around them; none of them is empty.

    This is the only place that decides it: what is recorded, what the machine says, the times in
    the track and the page's own marks all follow these sentences. A mark that ends a sentence
    takes the closing marks after it along, and inside a quotation ends nothing; a new line ends
    every sentence.
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
    """Whether a quotation or bracket begun in ``said`` has not been closed yet."""
    return any(said.count(mark) > said.count(end) for mark, end in zip(_OPEN, _CLOSE, strict=True))


def spoken_length(sentence: str) -> int:
    """How many characters of it are said aloud: about as many syllables, at least 1."""
    return max(1, len(re.findall(r"\w", sentence)))
