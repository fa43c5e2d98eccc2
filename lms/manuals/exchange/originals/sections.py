"""A file's passages under their headings."""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from lms.manuals.exchange.originals import signs
from lms.manuals.exchange.originals.items import Grid, Item, Passage, Shot

#: Characters of a line that may be a heading though no style says so.
LONGEST_HEADING = 30
SENTENCE_MARKS: Final = ("。", "！", "；", ".", "!", ";", "，", ",")


@dataclass
class Section:
    title: str
    page: int
    #: Of its heading; None for what stands before the first one.
    level: int | None
    items: list[Item] = field(default_factory=list)


def sections_of(items: list[Item], *, title: str) -> list[Section]:
    """title: of the whole manual, which heads no section."""
    marked = marked_headings(items)
    sections = [Section("", 1, None)]
    for item in items:
        if isinstance(item, Passage) and item.text == title != "" and len(sections) == 1:
            continue
        level = marked.get(id(item))
        if level is None or not isinstance(item, Passage):
            sections[-1].items.append(item)
            continue
        heading = signs.without_number(item.text).rstrip("：: ")
        if signs.CONTINUED.sub("", heading) != sections[-1].title or not heading:
            sections.append(Section(heading, item.page, level))
        sections[-1].items += item.shots
    return sections


def marked_headings(items: list[Item]) -> dict[int, int]:
    """The level of each passage that is a heading, by its id."""
    found: dict[int, int] = {}
    counting = False
    for item in items:
        if not isinstance(item, Passage):
            continue
        counting = counting or bool(item.listed or signs.numbering_of(item.text))
        if (level := level_of(item, opening=not counting)) is not None:
            found[id(item)] = level
    for passage in numbers_over_bullets(items, found) or numbers_over_numbers(items, found):
        found[id(passage)] = 3
    for passage in between_bullets(items, found):
        found[id(passage)] = 3
    return found


def level_of(passage: Passage, *, opening: bool) -> int | None:
    """opening: before the first step, where the word 警告 alone heads all warnings."""
    text = passage.text
    numbered = signs.numbering_of(text)
    if passage.listed or not text or (numbered and numbered.style in {"word", "circled"}):
        return None
    if signs.warning_in(text) is not None and not is_care_title(text):
        alone = opening and not signs.warning_in(text)
        return passage.level if alone else None
    if passage.level is not None and len(text) <= 2 * LONGEST_HEADING:
        return passage.level
    if len(text) > LONGEST_HEADING or text.endswith(SENTENCE_MARKS):
        return None
    if signs.chapter_words(text):
        return 2
    if passage.strong and not numbered and passage.box is None and not signs.BULLET.match(text):
        return 3
    return None


def is_care_title(text: str) -> bool:
    """安全注意事项, and not a word that opens a warning."""
    return (
        len(text) <= 12
        and bool(signs.CARE_TITLE.search(text))
        and text not in {"警告", "注意", "小心", "危险"}
    )


def numbers_over_numbers(items: list[Item], headings: dict[int, int]) -> list[Passage]:
    """Numbered lines that head others: in bold where others are not, or each followed by numbers of
    another style that begin at 1."""
    lines = [
        (item, numbered)
        for item in items
        if isinstance(item, Passage)
        and id(item) not in headings
        and (numbered := signs.numbering_of(item.text))
        and len(numbered.rest) > 0
    ]
    bold = [item for item, numbered in lines if item.strong and is_short(numbered.rest)]
    if bold and len(bold) < len(lines):
        return bold
    over = [
        (item, numbered)
        for (item, numbered), (_after, below) in pairwise(lines)
        if below.style != numbered.style and below.number == 1 and is_short(numbered.rest)
    ]
    styles = {numbered.style for _item, numbered in over}
    if len(styles) != 1:
        return []
    return [item for item, _numbered in over if not item.shots]


def numbers_over_bullets(items: list[Item], headings: dict[int, int]) -> list[Passage]:
    """Short numbered lines most of which have bullets below them: those say what is done."""
    heads: list[Passage] = []
    over: set[int] = set()
    for item in items:
        if not isinstance(item, Passage) or id(item) in headings:
            continue
        if item.listed == "number" or signs.numbering_of(item.text):
            heads.append(item)
        elif heads and is_plain_bullet(item):
            over.add(id(heads[-1]))
    is_over = len(heads) > 1 and len(over) * 2 > len(heads)
    return heads if is_over and all(is_short(item.text) for item in heads) else []


def between_bullets(items: list[Item], headings: dict[int, int]) -> list[Passage]:
    """Short lines with a colon between bullets that are no part of a numbered step: 数字输入："""
    passages = [item for item in items if isinstance(item, Passage)]
    found: list[Passage] = []
    under_number = False
    for n, item in enumerate(passages):
        if id(item) in headings:
            under_number = False
        elif item.listed == "number" or signs.numbering_of(item.text):
            under_number = True
        elif (
            0 < n < len(passages) - 1
            and not under_number
            and item.text.endswith(("：", ":"))
            and len(item.text) <= LONGEST_HEADING
            and not is_plain_bullet(item)
            and is_plain_bullet(passages[n - 1])
            and is_plain_bullet(passages[n + 1])
        ):
            found.append(item)
    return found


def is_plain_bullet(item: Passage) -> bool:
    """One that neither warns nor says what one should see."""
    text = signs.BULLET.sub("", item.text)
    return (
        (item.listed == "bullet" or bool(signs.BULLET.match(item.text)))
        and signs.warning_in(text) is None
        and not signs.EXPECTED.match(item.text)
        and not signs.EXPECTED.match(text)
    )


def is_short(text: str) -> bool:
    """Two Latin letters are as wide as one Chinese sign."""
    width = len(text) - sum(sign.isascii() for sign in text) / 2
    return width <= LONGEST_HEADING and not text.endswith(SENTENCE_MARKS)


def has_numbers(items: list[Item]) -> bool:
    return any(
        isinstance(item, Passage) and (item.listed == "number" or signs.numbering_of(item.text))
        for item in items
    )


def has_bullets(items: list[Item]) -> bool:
    return any(
        isinstance(item, Passage) and (item.listed == "bullet" or signs.BULLET.match(item.text))
        for item in items
    )


def has_pictures(items: list[Item]) -> bool:
    return any(isinstance(i, Shot) or (isinstance(i, Passage) and i.shots) for i in items)


def grids(items: list[Item]) -> list[Grid]:
    return [item for item in items if isinstance(item, Grid)]
