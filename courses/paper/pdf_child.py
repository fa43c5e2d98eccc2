"""The process in which a PDF is laid out, so that a hard page costs its own time and memory only.

    python -m courses.paper.pdf_child < page.html > page.pdf

It needs neither Django's settings nor a database, and opens no file and no address: whatever a
page shows is in the page.
"""

import os
import sys

from weasyprint import HTML
from weasyprint.urls import URLFetcher

NICENESS = 10  # viewers of films come first


def main() -> None:
    os.nice(NICENESS)
    page = HTML(
        string=sys.stdin.buffer.read().decode(), url_fetcher=URLFetcher(allowed_protocols=("data",))
    )
    page.write_pdf(sys.stdout.buffer)


if __name__ == "__main__":
    main()
