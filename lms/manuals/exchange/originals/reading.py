"""From the kind of a file to its reader. Imported in the child process only."""

from pathlib import Path, PurePosixPath
from urllib.parse import unquote

from lms.manuals.exchange.originals.items import Contents, FileRefused, Shot
from lms.manuals.exchange.originals.kinds import archives
from lms.manuals.exchange.originals.kinds.pdf import read_pdf
from lms.manuals.exchange.originals.kinds.photos import read_photos
from lms.manuals.exchange.originals.kinds.pictures import WorkFolder
from lms.manuals.exchange.originals.kinds.slides import read_slides
from lms.manuals.exchange.originals.kinds.web import data_of, read_html
from lms.manuals.exchange.originals.kinds.word import read_word
from lms.manuals.exchange.originals.pages import give_pages
from lms.manuals.exchange.originals.plain import simplify


def read_sources(paths: list[Path], kinds: list[str], folder: WorkFolder) -> Contents:
    """One document, or photographs. Raises FileRefused."""
    if all(kind == "photo" for kind in kinds):
        contents = read_photos(paths, folder)
        give_pages(contents, folder)
    elif len(paths) > 1:
        raise FileRefused("one_at_a_time")
    elif kinds[0] == "pdf":
        contents = read_pdf(paths[0], folder)
    else:
        contents = read_flowing(paths[0], kinds[0], folder)
        give_pages(contents, folder)
    contents.doubts += folder.doubts
    simplify(contents)
    return contents


def read_flowing(path: Path, kind: str, folder: WorkFolder) -> Contents:
    """What has no pages of its own, or slides."""
    if kind == "html":
        return read_html(path.read_bytes(), fetch=PictureFetcher(path, "", [], folder))
    names = archives.names_in(path)
    if "word/document.xml" in names:
        return read_word(path, folder)
    if "ppt/presentation.xml" in names:
        return read_slides(path, folder)
    if "xl/workbook.xml" in names:
        raise FileRefused("spreadsheet")
    if "manual.json" in names:
        raise FileRefused("own_package")
    page = archives.page_in(names)
    if page is None:
        raise FileRefused("no_page_in_zip")
    content = archives.content_of(path, page)
    return read_html(content or b"", fetch=PictureFetcher(path, page, names, folder))


class PictureFetcher:
    """A picture by its address: within the page itself or in the same ZIP, never from elsewhere."""

    def __init__(self, path: Path, page: str, names: list[str], folder: WorkFolder) -> None:
        self.path, self.names, self.folder = path, set(names), folder
        self.home = PurePosixPath(page).parent

    def __call__(self, address: str, alt: str) -> Shot | None:
        data = data_of(address)
        if data is None and address and not address.lower().startswith(("http:", "https:", "//")):
            name = str(self.home / unquote(address.partition("?")[0]))
            if name in self.names:
                data = archives.content_of(self.path, name)
        if data is None:
            self.folder.tell("picture_elsewhere", 0, address[-40:])
            return None
        return self.folder.keep(data, page=0, alt=alt)
