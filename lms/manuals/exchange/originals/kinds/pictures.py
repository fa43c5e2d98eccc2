"""Pictures out of files: looked at, and laid into the work folder as JPEG or PNG.

Our own process encodes each anew afterwards (editor/picture_files.py); here is only found out
whether there is something to look at, and what no browser shows is turned into what it does.
"""

import hashlib
import io
import struct
import warnings
import zlib
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pillow_heif
from PIL import Image

from lms.manuals.exchange.originals.items import Omission, Shot

FORMATS: Final = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "HEIF")
#: Pixels of the longer side: what is smaller is a sign or a bullet, and is left out without a word.
LEAST_SIDE: Final = 200
MOST_MEGAPIXELS: Final = 40
KEPT_SIDE: Final = 1920
MOST_PICTURES: Final = 400

VECTOR_SIGNS: Final = (b"\x01\x00\x00\x00", b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"%!PS")
BROKEN: Final = (
    OSError, SyntaxError, ValueError, TypeError, IndexError, KeyError, EOFError, AttributeError,
    OverflowError, struct.error, zlib.error, RuntimeError, Image.DecompressionBombError,
    Image.DecompressionBombWarning,
)  # fmt: skip

pillow_heif.register_heif_opener()


@dataclass
class WorkFolder:
    """Where the child process works: the files that came, and what it makes of them."""

    path: Path
    doubts: list[Omission] = field(default_factory=list)
    #: Name of the file by the digest of what came, so that a picture shown twice is kept once;
    #: None for what was not kept.
    kept: dict[bytes, str | None] = field(default_factory=dict)

    def keep(self, data: bytes, *, page: int, alt: str = "", small: bool = False) -> Shot | None:
        """None: it is not kept; unless it was too small to be a picture, that is told.

        small: whether even a small one is kept, since somebody chose it.
        """
        digest = hashlib.sha256(data).digest()
        if digest not in self.kept:
            self.kept[digest] = self._look_at(data, page, small=small)
        name = self.kept[digest]
        return Shot(name, page, alt) if name else None

    def keep_image(self, image: Image.Image, *, page: int) -> Shot | None:
        """One that was decoded already."""
        if max(image.size) < LEAST_SIDE:
            return None
        image.thumbnail((KEPT_SIDE, KEPT_SIDE))
        file = io.BytesIO()
        image.save(file, "PNG", compress_level=1)
        return self.keep(file.getvalue(), page=page)

    def tell(self, name: str, page: int, words: str = "") -> None:
        self.doubts.append(Omission(name, page, words[:40]))

    def _look_at(self, data: bytes, page: int, *, small: bool) -> str | None:
        if is_vector(data):
            self.tell("vector_picture", page)
            return None
        if len(self.kept) >= MOST_PICTURES:
            self.tell("too_many_pictures", page)
            return None
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", Image.DecompressionBombWarning)
                image = Image.open(io.BytesIO(data), formats=FORMATS)
            if image.width * image.height > MOST_MEGAPIXELS * 10**6:
                self.tell("huge_picture", page)
                return None
            if max(image.size) < LEAST_SIDE and not small:
                return None
            return self._write(image, data)
        except BROKEN:
            self.tell("broken_picture", page)
            return None

    def _write(self, image: Image.Image, data: bytes) -> str:
        """A JPEG in three colours or grey stays as it is, with its EXIF: its pixels are encoded
        anew only once, by our own process."""
        number = len(self.kept) + 1
        if image.format == "JPEG" and image.mode in {"RGB", "L"}:
            image.draft(image.mode, (LEAST_SIDE, LEAST_SIDE))  # all of it is read, little decoded
            image.load()
            name = f"picture-{number:03}.jpg"
            (self.path / name).write_bytes(data)
            return name
        name = f"picture-{number:03}.png"
        image.load()
        kept = image.convert("RGBA" if image.has_transparency_data else "RGB")
        kept.thumbnail((KEPT_SIDE, KEPT_SIDE))
        kept.info.clear()
        kept.save(self.path / name, "PNG", compress_level=1, exif=image.getexif().tobytes())
        return name


def is_vector(data: bytes) -> bool:
    """EMF, WMF, SVG or PostScript."""
    start = data[:1024].lstrip()
    return data.startswith(VECTOR_SIGNS) or b"<svg" in start.lower() or start.startswith(b"<?xml")
