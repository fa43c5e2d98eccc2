"""What a file holds, made a draft: headings become tasks, numbered lines steps, pictures those of
the steps beside them, warnings warnings, a table of troubles troubles.

What does not fit is left out and told (`Omission`); nothing is made up.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from lms.manuals.exchange.originals import guesses, signs, troubles
from lms.manuals.exchange.originals.drafted import DraftedManual
from lms.manuals.exchange.originals.fitting import fit
from lms.manuals.exchange.originals.items import Contents, Grid, Item, Passage, Shot
from lms.manuals.exchange.originals.sections import Section, sections_of
from lms.manuals.exchange.originals.steps import StepsRead, read_steps

STARTS_OF_OTHER = 40
#: Numbers that stand alone between paragraphs; as many are those of pages.
LEAST_NUMBERS = 4


@dataclass
class Making:
    """The draft while it is being made."""

    manual: DraftedManual = field(default_factory=DraftedManual)
    #: Level and kind of the chapter whose sections are being read; 0: none.
    chapter: tuple[int, str] = (0, "")

    def doubt(self, name: str, page: int, words: str = "") -> None:
        self.manual.doubts.append(guesses.doubt(name, page, words))


def draft_of(contents: Contents) -> DraftedManual:
    manual = read_all(contents)
    if not manual.tasks:  # perhaps the steps were written in the largest letters of all
        levelled = [
            replace(item, level=None)
            if isinstance(item, Passage) and signs.numbering_of(item.text)
            else item
            for item in contents.items
        ]
        again = read_all(replace(contents, items=levelled))
        manual = again if again.tasks else manual
    fit(manual)
    return manual


def read_all(contents: Contents) -> DraftedManual:
    making = Making()
    making.manual.doubts += contents.doubts
    items = without_contents(without_page_numbers(contents.items))
    guesses.guess_product(making.manual, items, contents.title)
    for section in sections_of(items, title=making.manual.title):
        read_section(section, making)
    return making.manual


def without_page_numbers(items: list[Item]) -> list[Item]:
    """Of a file that a program made of pages: without their numbers, which stand between its
    paragraphs, and what stands beside these again and again."""
    texts = [item.text if isinstance(item, Passage) and not item.listed else "" for item in items]
    at = {n for n, text in enumerate(texts) if text.isdigit() and len(text) <= 3}
    if len(at) < LEAST_NUMBERS:
        return items
    beside = Counter(texts[n] for m in at for n in (m - 1, m + 1) if 0 <= n < len(texts))
    gone = {text for text, count in beside.items() if text and count >= LEAST_NUMBERS}
    return [item for n, item in enumerate(items) if n not in at and texts[n] not in gone]


def without_contents(items: list[Item]) -> list[Item]:
    """Without a table of contents; what stands under a picture (图3 后盖) becomes its alt text."""
    kept: list[Item] = []
    for item in items:
        text = item.text if isinstance(item, Passage) else ""
        if signs.CONTENTS_LINE.search(text) or signs.CONTENTS_TITLE.match(text):
            continue
        if caption := signs.CAPTION.match(text):
            if shot := last_shot(kept):
                shot.alt = shot.alt or text[caption.end() :].strip()
            continue
        kept.append(item)
    return kept


def last_shot(items: list[Item]) -> Shot | None:
    last = items[-1] if items else None
    if isinstance(last, Passage) and last.shots:
        return last.shots[-1]
    return last if isinstance(last, Shot) else None


def read_section(section: Section, making: Making) -> None:
    """Raises nothing: what is not understood is told."""
    role = role_of(section, making)
    if role == "care":
        read_care(section, making)
    elif role == "trouble":
        read_troubles(section, making)
    elif role == "other":
        leave_out(section, making)
    else:
        read_task(section, making)


def role_of(section: Section, making: Making) -> str:
    """By the heading; below a chapter of warnings or troubles, the chapter's."""
    level, kind = making.chapter
    if kind and section.level and section.level > level:
        return kind
    making.chapter = (0, "")
    title = section.title
    role = "task"
    if not title:
        return "opening"
    if signs.TROUBLE_TITLE.search(title) and not signs.CARE_TITLE.match(title):
        role = "trouble"
    elif signs.CARE_TITLE.search(title) and not signs.HOW_TITLE.match(title):
        role = "care"
    elif signs.OTHER_TITLE.search(title) and not signs.HOW_TITLE.match(title):
        role = "other"
    if role in {"trouble", "care"}:
        making.chapter = (section.level or 0, role)
    return role


def read_care(section: Section, making: Making) -> None:
    """Each line is a warning about the whole product."""
    for item in section.items:
        if isinstance(item, Passage):
            said = plain_words(item.text)
            if said:
                making.manual.warnings.append(said)
        elif isinstance(item, Grid):
            for text in (cell.text for row in item.rows for cell in row):
                if len(said := plain_words(text)) > 4:
                    making.manual.warnings.append(said)
        else:
            making.doubt("picture_of_nothing", item.page)


def plain_words(text: str) -> str:
    """Without a number, a bullet and the word that says that it is a warning."""
    if (warned := signs.warning_in(text)) is not None:
        text = warned
    numbered = signs.numbering_of(text)
    text = numbered.rest if numbered else text
    text = signs.BULLET.sub("", text).strip()
    warned = signs.warning_in(text)
    return text if warned is None else warned


def read_troubles(section: Section, making: Making) -> None:
    own = (
        bool(making.chapter[1]) and section.level is not None and section.level > making.chapter[0]
    )
    problem = section.title if own else ""
    found = troubles.read(section.items, problem=problem)
    making.manual.troubles += found.troubles
    making.manual.doubts += found.doubts


def leave_out(section: Section, making: Making) -> None:
    """Of a section that tells nothing to do; its warnings stay."""
    for item in passages(section.items):
        if said := signs.warning_in(item.text):
            making.manual.warnings.append(said)
    if section.items:
        making.doubt("section", section.page, section.title)


def passages(items: list[Item]) -> Iterator[Passage]:
    return (item for item in items if isinstance(item, Passage))


def read_task(section: Section, making: Making) -> None:
    read = read_steps(section)
    manual = making.manual
    manual.doubts += read.doubts
    manual.troubles += read.troubles
    manual.warnings += read.loose_warnings
    if read.task.steps:
        manual.tasks.append(read.task)
    elif section.items:
        tell_what_is_left(section, read, making)


def tell_what_is_left(section: Section, read: StepsRead, making: Making) -> None:
    words = next((p.text for p in passages(section.items) if signs.warning_in(p.text) is None), "")
    if not words and any(isinstance(item, Shot) for item in section.items):
        making.doubt("picture_of_nothing", section.page)
    elif words and section.title:
        making.doubt("section", section.page, section.title)
    elif words and not read.troubles and len(words) > STARTS_OF_OTHER:
        making.doubt("sentence", section.page, words)
