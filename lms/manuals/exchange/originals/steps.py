"""The steps of one section: their words, pictures, warnings, and what one should see."""

from dataclasses import dataclass, field
from itertools import zip_longest

from lms.manuals.exchange.originals import signs, troubles
from lms.manuals.exchange.originals.drafted import DraftedStep, DraftedTask, DraftedTrouble
from lms.manuals.exchange.originals.guesses import doubt
from lms.manuals.exchange.originals.items import Grid, GridCell, Item, Omission, Passage, Shot
from lms.manuals.exchange.originals.sections import (
    Section,
    has_bullets,
    has_numbers,
    has_pictures,
)
from lms.manuals.exchange.originals.signs import joined

#: Without numbers and bullets, paragraphs of so many characters at most are steps where pictures
#: stand between them.
LONGEST_PARAGRAPH = 120
#: And of so many where only the heading says that something is done (怎么…).
LONGEST_SENTENCE = 60
MOST_SENTENCES = 12


@dataclass
class StepsRead:
    """steps and pictures in the order in which they stand, to be joined at the end."""

    task: DraftedTask
    order: list[DraftedStep | Shot] = field(default_factory=list)
    troubles: list[DraftedTrouble] = field(default_factory=list)
    #: Of a section without steps.
    loose_warnings: list[str] = field(default_factory=list)
    doubts: list[Omission] = field(default_factory=list)
    #: Said before the first step.
    waiting_warnings: list[str] = field(default_factory=list)
    #: Frames in which a step begins: what else stands there is part of it.
    step_boxes: set[int] = field(default_factory=set)
    #: Whether a word that warns stood alone, and what follows is what it says.
    warns_next: bool = False

    @property
    def step(self) -> DraftedStep | None:
        return self.task.steps[-1] if self.task.steps else None

    def doubt(self, name: str, page: int, words: str = "") -> None:
        self.doubts.append(doubt(name, page, words))

    def add_step(self, words: str, page: int, shots: list[Shot]) -> None:
        step = DraftedStep("", page)
        self.task.steps.append(step)
        self.order.append(step)
        add_words(step, words)
        if self.waiting_warnings:
            step.warning = " ".join(self.waiting_warnings)
            self.waiting_warnings = []
        self.pin(shots)

    def pin(self, shots: list[Shot]) -> None:
        """Pictures that stand beside the last step."""
        for shot in shots:
            if self.step is None:
                self.order.append(shot)
            elif self.step.picture is None:
                self.step.picture, self.step.alt = shot.file, shot.alt
            else:
                self.doubt("second_picture", shot.page, self.step.words)

    def warn(self, said: str) -> None:
        if self.step is None:
            self.waiting_warnings.append(said)
        else:
            self.step.warning = joined(self.step.warning, said)


def read_steps(section: Section) -> StepsRead:
    read = StepsRead(DraftedTask(section.title, section.page))
    makes_steps = StepWay(section)
    read.step_boxes = {
        item.box
        for item in section.items
        if isinstance(item, Passage) and item.box is not None and makes_steps(item)
    }
    for item, after in zip_longest(section.items, section.items[1:]):
        if isinstance(item, Shot):
            read.order.append(item)
        elif isinstance(item, Grid):
            read_grid(item, read)
        elif item is not None:
            is_step = makes_steps(item) or goes_on_with_picture(item, after, read)
            read_passage(item, read, is_step=is_step)
    if read.task.steps:
        join_pictures(read)
        if read.waiting_warnings and read.step:
            read.warn(" ".join(read.waiting_warnings))
    else:
        read.loose_warnings = read.waiting_warnings
    return read


def goes_on_with_picture(item: Passage, after: Item | None, read: StepsRead) -> bool:
    """Whether a paragraph after a step's picture has the next picture: it is a step of its own,
    since a step shows one."""
    text = item.text
    return (
        read.step is not None
        and (isinstance(read.order[-1], Shot) or read.step.picture is not None)
        and (isinstance(after, Shot) or bool(item.shots))
        and len(text) <= LONGEST_PARAGRAPH
        and item.box is None
        and not read.warns_next
        and signs.warning_in(text) is None
        and not signs.EXPECTED.match(text)
        and not signs.TIP.match(text)
    )


class StepWay:
    """Whether a passage begins a step in this section: by numbers, else by bullets, else every
    short paragraph where there are pictures or the heading says that something is done."""

    def __init__(self, section: Section) -> None:
        items = section.items
        plain = [
            item
            for item in items
            if isinstance(item, Passage) and signs.warning_in(item.text) is None
        ]
        longest = max((len(item.text) for item in plain), default=0)
        self.way = "none"
        if has_numbers(items):
            self.way = "number"
        elif has_bullets(items):
            self.way = "bullet"
        elif looks_done(section, longest, len(plain)):
            self.way = "paragraph"

    def __call__(self, item: Passage) -> bool:
        if self.way == "number":
            return item.listed == "number" or signs.numbering_of(item.text) is not None
        if self.way == "bullet":
            return item.listed == "bullet" or bool(signs.BULLET.match(item.text))
        return (
            self.way == "paragraph"
            and not signs.EXPECTED.match(item.text)
            and not signs.TIP.match(item.text)
            and signs.warning_in(item.text) is None
        )


def looks_done(section: Section, longest: int, count: int) -> bool:
    """Whether paragraphs without signs are steps. longest: characters of the longest one."""
    if has_pictures(section.items):
        return bool(section.title) and longest <= LONGEST_PARAGRAPH
    is_how = signs.HOW_TITLE.match(section.title) is not None
    return is_how and longest <= LONGEST_SENTENCE and count <= MOST_SENTENCES


def read_passage(item: Passage, read: StepsRead, *, is_step: bool) -> None:
    text = item.text.strip()
    said = signs.warning_in(text)
    if is_step:
        numbered = None if item.listed else signs.numbering_of(text)
        words = numbered.rest if numbered else signs.BULLET.sub("", text).strip()
        inner = signs.warning_in(words)
        if inner and read.step and item.listed == "bullet":  # a warning among bullets
            read.warn(inner)
        else:
            read.add_step(words, item.page, item.shots)
        return
    if read.warns_next and text:
        read.warn(text)
        read.warns_next = False
    elif said is not None:
        read.warns_next = not said
        if said:
            read.warn(said)
    elif found := signs.EXPECTED.match(text):
        if read.step:
            read.step.expected = joined(read.step.expected, text[found.end() :].strip())
    elif signs.TIP.match(text):
        read.doubt("tip", item.page, text)
    else:
        read_rest(item, text, read)
    read.pin(item.shots)


def read_rest(item: Passage, text: str, read: StepsRead) -> None:
    """What follows a step without a sign of its own."""
    if item.box is not None and item.box not in read.step_boxes and text:
        read.warn(text)
        read.doubt("boxed", item.page, text)
    elif read.step:
        add_words(read.step, text)
    elif text and not signs.tells_of_product(text):
        read.doubt("sentence", item.page, text)


def add_words(step: DraftedStep, words: str) -> None:
    """To what it says; what one should see and what to mind stand in their own fields."""
    words, *seen = signs.EXPECTED_INSIDE.split(words, maxsplit=1)
    words, *minded = signs.WARNING_INSIDE.split(words, maxsplit=1)
    step.words = joined(step.words, words.strip())
    if seen:
        step.expected = joined(step.expected, seen[0].strip(" ）)"))
    if minded:
        step.warning = joined(step.warning, minded[0].strip())


# --- Tables -----------------------------------------------------------------------------------


def read_grid(grid: Grid, read: StepsRead) -> None:
    """A frame, a table of troubles, one of steps; any other is left out and told."""
    rows = [row for row in grid.rows if any(cell.text or cell.shots for cell in row)]
    if not rows:
        return
    if len(rows) == 1 and len(rows[0]) == 1:
        read_frame(rows[0][0], grid.page, read)
    elif troubles.is_table_of(rows):
        read.troubles += troubles.of_rows(rows, grid.page)
    elif holds_steps(rows):
        read_rows(rows, grid.page, read)
    else:
        read.doubt("table", grid.page, rows[0][0].text)


def read_frame(cell: GridCell, page: int, read: StepsRead) -> None:
    frame = None if any(signs.numbering_of(text) for text in cell.passages) else -1
    for text in cell.passages:
        is_step = signs.numbering_of(text) is not None and not read.warns_next
        read_passage(Passage(text, page, box=frame), read, is_step=is_step)
    read.pin(cell.shots)
    read.warns_next = False


def holds_steps(rows: list[list[GridCell]]) -> bool:
    """Whether rows are steps: most are numbered, or have words beside a picture."""
    head = [cell.text for cell in rows[0]]
    body = rows[1:] if is_head(rows[0]) else rows
    if is_head(rows[0]) and any(signs.STEP_HEAD.search(text) for text in head) and body:
        return True
    numbered = sum(is_counted([cell.text for cell in row if cell.text]) for row in body)
    pictured = sum(
        any(cell.shots for cell in row) and any(cell.text for cell in row) for row in body
    )
    return bool(body) and max(numbered, pictured) * 2 > len(body)


def is_head(row: list[GridCell]) -> bool:
    return (
        not any(cell.shots for cell in row)
        and all(len(cell.text) <= 8 for cell in row)
        and any(signs.STEP_HEAD.search(cell.text) for cell in row)
    )


def is_counted(texts: list[str]) -> bool:
    """Whether a row begins with its number, or a cell of it with a step's; other figures (R301, 99)
    say nothing."""
    begins = bool(texts) and texts[0].isdigit() and len(texts[0]) <= 2
    return begins or any(signs.numbering_of(text) for text in texts)


def is_numbered(text: str) -> bool:
    return text.isdigit() or signs.numbering_of(text) is not None


def read_rows(rows: list[list[GridCell]], page: int, read: StepsRead) -> None:
    body = rows[1:] if is_head(rows[0]) else rows
    cells_are_steps = sum(is_card(cell) for row in body for cell in row) > len(body)
    for row in body:
        if cells_are_steps:  # two or three cards side by side
            for cell in row:
                read_cells([cell], page, read)
        else:
            read_cells(row, page, read)


def is_card(cell: GridCell) -> bool:
    return any(is_numbered(text) for text in cell.passages) and len(cell.text) > 3


def read_cells(cells: list[GridCell], page: int, read: StepsRead) -> None:
    """One step of one row. The first cell that is more than a number has its words."""
    page = cells[0].page or page
    shots = [shot for cell in cells for shot in cell.shots]
    texts = [text for cell in cells for text in cell.passages if not bare_number(text)]
    if not texts and not shots:
        return
    first, *rest = texts or [""]
    numbered = signs.numbering_of(first)
    read.add_step(numbered.rest if numbered else first, page, shots)
    for text in rest:
        numbered = signs.numbering_of(text)
        if numbered and numbered.number > 1:
            read.add_step(numbered.rest, page, [])
        else:
            read_passage(Passage(text, page), read, is_step=False)
    read.warns_next = False


def bare_number(text: str) -> bool:
    numbered = signs.numbering_of(text)
    return text.strip().isdigit() or (numbered is not None and not numbered.rest)


# --- Pictures ---------------------------------------------------------------------------------


def join_pictures(read: StepsRead) -> None:
    """Gives each free picture to the step before it, or to the one after it where that way more
    steps get one: in some manuals pictures stand above their words."""
    after, before = given(read.order), given(read.order[::-1])
    chosen = before if len(before) > len(after) else after
    used: set[int] = set()
    for step, shot in chosen.values():
        step.picture, step.alt = shot.file, shot.alt
        used.add(id(shot))
    for item in read.order:
        if isinstance(item, Shot) and id(item) not in used:
            name = "second_picture" if read.task.steps else "picture_of_nothing"
            read.doubt(name, item.page, read.task.title)


def given(order: list[DraftedStep | Shot]) -> dict[int, tuple[DraftedStep, Shot]]:
    """By the step's id, the first picture that follows a step without one."""
    found: dict[int, tuple[DraftedStep, Shot]] = {}
    step: DraftedStep | None = None
    for item in order:
        if isinstance(item, DraftedStep):
            step = item
        elif step is not None and step.picture is None and id(step) not in found:
            found[id(step)] = (step, item)
    return found
