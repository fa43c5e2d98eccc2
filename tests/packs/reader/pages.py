"""What a browser would find in a pack: its pages, their links, and what they keep for a press."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import unquote

NAMED = ("href", "src", "srcset", "poster", "action")


class Tags(HTMLParser):
    """Every tag with its attributes, and the words of scripts and of all else."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data):
        self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.words).split())


@dataclass
class Pack:
    folder: Path
    write: Callable[[Path], None]
    content: SimpleNamespace

    @property
    def door(self) -> Path:
        return self.folder / "打开.html"

    @cached_property
    def pages(self) -> list[Path]:
        return [self.door, *sorted((self.folder / "网页").glob("*.html"))]

    def page(self, name: str) -> str:
        return (self.folder / "网页" / name).read_text()

    @cached_property
    def all_html(self) -> list[tuple[Path, str]]:
        """Each page, and each part that a page keeps."""
        found = []
        for path in self.pages:
            html = path.read_text()
            found.append((path, html))
            found += [(path, part) for part in kept_parts(html)]
        return found

    @cached_property
    def links(self) -> list[tuple[Path, str, str, str]]:
        """Page, tag, attribute, address; each once."""
        found: dict[tuple[Path, str, str, str], None] = {}
        for path, html in self.all_html:
            for tag, attributes in Tags(html).tags:
                for name in NAMED:
                    if name in attributes:
                        found[path, tag, name, attributes[name]] = None
        return list(found)

    def target(self, page: Path, address: str) -> Path:
        plain = re.split("[?#]", address)[0]
        return (page.parent / unquote(plain)).resolve() if plain else page


def kept(html: str, name: str) -> dict:
    """What a page keeps for its script, by its attribute."""
    [found] = re.findall(rf'<script type="application/json" data-{name}>(.*?)</script>', html)
    return json.loads(found)


def lines_of(parts: list, place: int) -> list[str]:
    """As lms/static/packs/part.js puts a part together."""
    like, changes = parts[place]
    if like is None:
        return changes
    lines = list(lines_of(parts, like))
    for start, end, fresh in reversed(changes):
        lines[start:end] = fresh
    return lines


def kept_parts(html: str) -> list[str]:
    found: list[str] = []
    if " data-answers>" in html:
        parts = kept(html, "answers")["parts"]
        found += ["\n".join(lines_of(parts, place)) for place in range(len(parts))]
    if " data-drill-data>" in html:
        found += list(words_in(kept(html, "drill-data")))
    return found


def words_in(value) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for each in value.values() if isinstance(value, dict) else value:
            yield from words_in(each)
