"""What a file says of the product: its title, brand, model, name, and whom to telephone."""

import re

from lms.manuals.exchange.originals import signs
from lms.manuals.exchange.originals.drafted import (
    MOST_NAME,
    MOST_TITLE,
    DraftedManual,
)
from lms.manuals.exchange.originals.items import Grid, Item, Omission, Passage

#: Characters of a sentence that a doubt quotes.
QUOTED = 24
#: Characters of a title; fewer are a piece of a drawing or a logo.
LEAST_TITLE = 3
#: What programs call a file by themselves.
MADE_TITLE = re.compile(
    r"^(?:PowerPoint\b|Microsoft (?:Word|PowerPoint)|(?:文档|演示文稿|幻灯片)\s*\d|untitled|无标题)"
    r"|\.(?:docx?|pptx?|wps|pdf|indd|ai|cdr)$",
    re.IGNORECASE,
)
#: Passages of the beginning in which a title is looked for.
BEGINNING = 12


def doubt(name: str, page: int, words: str = "") -> Omission:
    return Omission(name, page, words if len(words) <= QUOTED else f"{words[: QUOTED - 1]}…")


def guess_product(manual: DraftedManual, items: list[Item], title: str) -> None:
    texts = texts_of(items)
    told = "" if MADE_TITLE.search(title.strip()) else title.strip()
    manual.title = (title_of(items) or told)[:MOST_TITLE]
    manual.model = first(signs.MODEL, texts)[:MOST_NAME]
    manual.brand = first(signs.BRAND, texts)[:MOST_NAME]
    manual.telephone = re.sub(r"\s", "", first(signs.TELEPHONE, texts))[:20]
    named = first(signs.PRODUCT_NAME, texts) or signs.MANUAL_TITLE.sub("", manual.title)
    for known in (manual.brand, manual.model):
        if known:
            named = named.replace(known, "")
    manual.name = named.strip(" -—_·")[:MOST_NAME]


def texts_of(items: list[Item]) -> list[str]:
    texts = []
    for item in items:
        if isinstance(item, Passage):
            texts.append(item.text)
        elif isinstance(item, Grid):
            texts += ["：".join(cell.text for cell in row) for row in item.rows]
    return texts


def first(pattern: re.Pattern[str], texts: list[str]) -> str:
    return next((found[1].strip() for text in texts if (found := pattern.search(text))), "")


def title_of(items: list[Item]) -> str:
    """What calls itself a manual near the beginning, else the highest heading there."""
    opening = [item for item in items if isinstance(item, Passage)][:BEGINNING]
    short = [each for each in opening if LEAST_TITLE <= len(each.text) <= MOST_TITLE]
    called = [
        each
        for each in short
        if signs.MANUAL_TITLE.search(each.text) and signs.chapter_words(each.text) is None
    ]
    if called:
        return called[0].text
    headings = [each for each in short if each.level == 1]
    if headings and not is_section(headings[0].text):
        return headings[0].text
    return ""


def is_section(title: str) -> bool:
    return bool(
        signs.chapter_words(title) is not None
        or signs.HOW_TITLE.match(title)
        or signs.CARE_TITLE.search(title)
        or signs.OTHER_TITLE.search(title)
        or signs.TROUBLE_TITLE.search(title)
    )
