"""The process in which scenes are drawn, so that a hard page costs its own time and memory only.

    python -m media.films.drawing_child < asked.json

Asked is `{"html": ..., "targets": [...]}`: a document with a page for each target, a PNG. It needs
neither Django's settings nor a database, and opens no file and no address.
"""

import json
import os
import sys
from pathlib import Path

import pypdfium2
from weasyprint import HTML
from weasyprint.urls import URLFetcher

NICENESS = 10  # viewers of films come first
#: A page's pixels are those of the style sheet (96 to the inch); a PDF counts in points (72).
SCALE = 96 / 72
#: PNG's effort: 1 is six times as fast as the default and a fifth larger.
EFFORT = 1


def main() -> None:
    os.nice(max(0, NICENESS - os.nice(0)))  # whoever makes a film is that low already
    asked = json.load(sys.stdin)
    pdf = HTML(
        string=asked["html"], url_fetcher=URLFetcher(allowed_protocols=("data",))
    ).write_pdf()
    document = pypdfium2.PdfDocument(pdf)
    if len(document) != len(asked["targets"]):
        raise SystemExit(f"{len(document)} pages for {len(asked['targets'])} scenes")
    for page, target in zip(document, map(Path, asked["targets"]), strict=True):
        half_made = target.with_name(f".half-made-{os.getpid()}-{target.name}")
        page.render(scale=SCALE).to_pil().save(half_made, "PNG", compress_level=EFFORT)
        half_made.replace(target)


if __name__ == "__main__":
    main()
