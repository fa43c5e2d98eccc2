"""The one sheet and the two scripts of all pages: the site's own, joined as collectstatic does."""

from pathlib import Path
from typing import Final

from django.contrib.staticfiles.finders import find

from lms.joining import join_modules, join_sheets
from lms.packs.reader.folder import PAGES, ReaderFolder

SHEET: Final = f"{PAGES}/reader.css"
SCRIPT: Final = f"{PAGES}/reader.js"
#: Shows how big and in which colours before anything is seen.
LOOK: Final = f"{PAGES}/look.js"

#: What asks a server, or is kept from a page that has none, and what stands in its place.
IN_PLACE_OF: Final = {
    "js/part.js": "packs/part.js",  # every answer lies in the page
    "js/icon.js": "packs/icon.js",  # the icons too
    "js/player/subtitles.js": "packs/subtitles.js",  # they are in the picture
    "js/player/loudness.js": "packs/loudness.js",  # a file's sound may not be worked on
}


def write_looks(folder: ReaderFolder) -> None:
    sheet = join_sheets("css/learner.css", read) + read("packs/reader.css")
    folder.write(SHEET, sheet.encode())
    joined = join_modules("packs/reader.js", read)
    folder.write(SCRIPT, f"(() => {{ 'use strict';\n{joined}}})();\n".encode())
    folder.write(LOOK, read("packs/look.js").encode())


def read(name: str) -> str:
    """A static file as it is written in the sources; raises KeyError."""
    found = find(IN_PLACE_OF.get(name, name))
    if found is None:
        raise KeyError(name)
    return Path(found).read_text()
