"""A DOCX, by way of HTML: mammoth knows Word's lists, styles and anchored pictures."""

from pathlib import Path
from typing import Any, Final

import mammoth

from lms.manuals.exchange.originals.items import Contents, FileRefused, Shot
from lms.manuals.exchange.originals.kinds.pictures import WorkFolder
from lms.manuals.exchange.originals.kinds.web import read_html
from lms.manuals.exchange.originals.kinds.word_boxes import laid_open

#: Beside mammoth's own. Chinese Word and WPS keep the English names inside; some programs do not.
STYLES: Final = "\n".join(
    [
        "p[style-name='Title'] => h1:fresh",
        "p[style-name='标题'] => h1:fresh",
        *(f"p[style-name='标题 {n}'] => h{n}:fresh" for n in range(1, 7)),
        *(f"p[style-name='toc {n}'] => !" for n in range(1, 10)),
        *(f"p[style-name='TOC {n}'] => !" for n in range(1, 10)),
        "p[style-name='TOC Heading'] => !",
        "p[style-name='List Bullet'] => ul > li:fresh",
        "p[style-name='List Number'] => ol > li:fresh",
    ]
)


def read_word(path: Path, folder: WorkFolder) -> Contents:
    shots: dict[str, Shot] = {}

    def keep(image: Any) -> dict[str, str]:
        with image.open() as file:
            shot = folder.keep(file.read(), page=0, alt=image.alt_text or "")
        if shot is None:
            return {"src": ""}
        shots[shot.file] = shot
        return {"src": shot.file}

    def fetch(address: str, alt: str) -> Shot | None:
        known = shots.get(address)
        return Shot(known.file, 0, alt) if known else None

    try:
        with laid_open(path) or path.open("rb") as file:
            made = mammoth.convert_to_html(
                file, convert_image=mammoth.images.img_element(keep), style_map=STYLES
            )
    except FileRefused:
        raise
    except Exception as error:  # mammoth has no error of its own for a broken file
        raise FileRefused("broken") from error
    return read_html(made.value, fetch=fetch)
