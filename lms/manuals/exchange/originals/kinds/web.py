"""A page of HTML, and whatever becomes one (Word)."""

import base64
import binascii
import re
import urllib.parse
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from bs4 import BeautifulSoup, Tag
from bs4.element import CData, NavigableString

from lms.manuals.exchange.originals.items import (
    Contents,
    FileRefused,
    Grid,
    GridCell,
    Item,
    Passage,
    Shot,
)

HEADINGS: Final = {f"h{n}": n for n in range(1, 7)}
BLOCKS: Final = {
    "p", "div", "section", "article", "main", "li", "ul", "ol", "dl", "dt", "dd", "figure",
    "figcaption", "blockquote", "pre", "details", "summary", "address", "aside", "body", "html",
    "form", "fieldset", "center",
}  # fmt: skip
SKIPPED: Final = {
    "script", "style", "head", "nav", "footer", "template", "noscript", "iframe", "object", "svg",
    "button", "select", "audio", "video", "canvas", "math",
}  # fmt: skip
BOLD: Final = {"b", "strong", "th"}
WARNS: Final = re.compile(r"warn|caution|danger|alert|注意|警告", re.IGNORECASE)
HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
#: Elements within each other; a page made to break a reader has more.
DEEPEST: Final = 200

#: What a picture's address holds; None: it is not to be had.
Fetch = Callable[[str, str], Shot | None]


def read_html(data: bytes | str, *, fetch: Fetch) -> Contents:
    """fetch: called with each picture's address and its alt text."""
    soup = BeautifulSoup(data, "lxml")
    title = soup.title.get_text(" ", strip=True) if soup.title else ""
    try:
        walker = Walker(fetch)
        walker.walk(soup.body or soup)
        walker.flush()
    except RecursionError as error:
        raise FileRefused("broken") from error
    return Contents(walker.items, title=title)


@dataclass
class Walker:
    """Goes through a page; a block ends where the next begins."""

    fetch: Fetch
    items: list[Item] = field(default_factory=list)
    text: str = ""
    shots: list[Shot] = field(default_factory=list)
    bold_signs: int = 0
    #: What the block is: its level, its list, the frame around it.
    level: int | None = None
    listed: str = ""
    box: int | None = None
    #: The item of a list that is being read, whose pictures stay with it.
    owner: Passage | None = None
    boxes: int = 0
    depth: int = 0

    def walk(self, node: Tag, *, bold: bool = False) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise RecursionError
        for child in node.children:
            if isinstance(child, Tag):
                self.take(child, bold=bold)
            elif type(child) in {NavigableString, CData}:
                self.say(str(child), bold=bold)
        self.depth -= 1

    def say(self, text: str, *, bold: bool) -> None:
        text = re.sub(r"\s+", " ", text)
        self.text += text
        if bold:
            self.bold_signs += len(text.strip())

    def take(self, tag: Tag, *, bold: bool) -> None:
        name = tag.name.lower()
        if name in SKIPPED or HIDDEN.search(str(tag.get("style") or "")) or is_note(tag):
            return
        if name == "img":
            shot = self.fetch(str(tag.get("src") or ""), str(tag.get("alt") or ""))
            if shot is not None:
                self.shots.append(shot)
        elif name == "br":
            self.flush()
        elif name == "table":
            self.flush()
            self.table(tag)
        elif name in HEADINGS or name in BLOCKS:
            self.block(tag, name, bold=bold)
        else:
            self.walk(tag, bold=bold or name in BOLD or is_bold(tag))

    def block(self, tag: Tag, name: str, *, bold: bool) -> None:
        self.flush()
        before = self.level, self.box
        listed, owner = self.listed, self.owner
        self.level = HEADINGS.get(name, self.level)
        if name == "li":
            ordered = tag.parent is not None and tag.parent.name == "ol"
            self.listed, self.owner = ("number" if ordered else "bullet"), None
        if WARNS.search(" ".join(map(str, tag.get_attribute_list("class")))):
            self.boxes += 1
            self.box = self.boxes
        self.walk(tag, bold=bold or is_bold(tag))
        self.flush()
        self.level, self.box = before
        if name == "li":
            self.listed, self.owner = listed, owner

    def flush(self) -> None:
        text = self.text.replace("\u00a0", " ").strip()
        if text:
            strong = self.bold_signs >= len(text.replace(" ", ""))
            # Of one item of a list only its first paragraph begins a step.
            listed = self.listed if self.owner is None else ""
            passage = Passage(text, 0, self.level, listed, strong, self.box, self.shots)
            self.items.append(passage)
            if self.listed and self.owner is None:
                self.owner = passage
        elif self.owner is not None:
            self.owner.shots += self.shots
        else:
            self.items += self.shots
        self.text, self.shots, self.bold_signs = "", [], 0

    def table(self, tag: Tag) -> None:
        rows: list[list[GridCell]] = []
        #: Column → how many rows more a cell from above reaches down.
        down: dict[int, int] = {}
        for row in tag.find_all("tr"):
            if row.find_parent("table") is not tag:
                continue
            rows.append(self.row(row, down))
        if any(cell.passages or cell.shots for row in rows for cell in row):
            self.items.append(Grid(rows, 0))

    def row(self, row: Tag, down: dict[int, int]) -> list[GridCell]:
        """Where a cell of a row above reaches into this one, the cell is empty."""
        cells: list[GridCell] = []
        for tag in row.find_all(["td", "th"], recursive=False):
            while down.get(len(cells), 0) > 0:
                down[len(cells)] -= 1
                cells.append(GridCell())
            reaches = number(tag.get("rowspan")) - 1
            for n in range(number(tag.get("colspan"))):
                down[len(cells)] = reaches
                cells.append(self.cell(tag) if n == 0 else GridCell())
        return cells

    def cell(self, tag: Tag) -> GridCell:
        inside = Walker(self.fetch, depth=self.depth)
        inside.walk(tag)
        inside.flush()
        cell, count = GridCell(), 0
        for item in inside.items:
            if isinstance(item, Passage):
                count += item.listed == "number"
                cell.passages.append(
                    f"{count}. {item.text}" if item.listed == "number" else item.text
                )
                cell.shots += item.shots
            elif isinstance(item, Shot):
                cell.shots.append(item)
            else:
                cell.passages += [each.text for row in item.rows for each in row if each.text]
                cell.shots += [shot for row in item.rows for each in row for shot in each.shots]
        return cell


def number(told: object) -> int:
    """Of rows or columns, 1 to 40."""
    return min(max(int(told), 1), 40) if isinstance(told, str) and told.isdigit() else 1


def is_bold(tag: Tag) -> bool:
    return bool(re.search(r"font-weight\s*:\s*(?:bold|[6-9]00)", str(tag.get("style") or "")))


def is_note(tag: Tag) -> bool:
    """A footnote as Word's become."""
    return str(tag.get("id") or "").startswith(("footnote-", "endnote-"))


def data_of(address: str) -> bytes | None:
    """Of a data: address; None for any other."""
    found = re.match(r"data:[\w/+.-]*(;[\w=-]+)*?(;base64)?,", address)
    if not found:
        return None
    content = address[found.end() :]
    try:
        if ";base64" in found[0]:
            return base64.b64decode(urllib.parse.unquote(content), validate=False)
    except (binascii.Error, ValueError):
        return b""
    return urllib.parse.unquote_to_bytes(content)
