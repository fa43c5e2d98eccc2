"""Traditional characters into simplified ones, as everything here is written."""

from functools import cache
from typing import Any

from opencc import OpenCC

from lms.manuals.exchange.originals.items import Contents, Grid, Omission, Passage, shots_of

#: Of a text's Chinese characters that are another when simplified; below it they are names.
LEAST_PART = 0.04


@cache
def converter() -> Any:
    return OpenCC("t2s")


def simplify(contents: Contents) -> None:
    """Changes the contents in place, and tells it, where they are traditional."""
    text = "".join(item.text for item in contents.items if isinstance(item, Passage))
    chinese = [sign for sign in text if "\u4e00" <= sign <= "\u9fff"]
    plain = converter().convert("".join(chinese))
    changed = sum(a != b for a, b in zip(chinese, plain, strict=False))
    if not chinese or changed < LEAST_PART * len(chinese):
        return
    convert = converter().convert
    contents.title = convert(contents.title)
    for item in contents.items:
        if isinstance(item, Passage):
            item.text = convert(item.text)
        elif isinstance(item, Grid):
            for row in item.rows:
                for cell in row:
                    cell.passages = [convert(passage) for passage in cell.passages]
    for shot in shots_of(contents.items):
        shot.alt = convert(shot.alt)
    contents.doubts.insert(0, Omission("traditional"))
