"""Photographs: each is a step with its picture, in the order in which they were chosen."""

from pathlib import Path

from lms.manuals.exchange.originals.items import Contents, FileRefused, Item, Passage
from lms.manuals.exchange.originals.kinds.pictures import WorkFolder
from lms.manuals.exchange.originals.progress import tell_page


def read_photos(paths: list[Path], folder: WorkFolder) -> Contents:
    items: list[Item] = []
    for number, path in enumerate(paths, 1):
        shot = folder.keep(path.read_bytes(), page=number, small=True)
        if shot is not None:
            items.append(Passage("", number, listed="number", shots=[shot]))
        tell_page(number, len(paths))
    if not items:
        raise FileRefused("no_picture")
    return Contents(items, doubts=[])
