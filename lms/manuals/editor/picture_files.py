"""Uploaded pictures made safe: decoded, turned upright and encoded anew.

Only the pixels of the upload are kept: no EXIF, no place where it was taken, no file hidden in it.
A file that cannot be trusted is refused, with what to do.
"""

import hashlib
import io
import re
import struct
import warnings
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

from django.core.files.base import File
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_MIB = 20
MOST_MEGAPIXELS = 40
#: Pixels of the longer side: a smaller picture is blurred on a television, a larger one only loads
#: slowly.
LEAST_SIDE = 200
KEPT_SIDE = 1920
JPEG_QUALITY = 88
#: A PNG that is larger than this becomes a JPEG.
LARGE_PNG_BYTES = 1_000_000

FORMATS = ("JPEG", "PNG", "WEBP")
#: What follows "ftyp" in a photograph of a telephone (HEIC: ISO/IEC 23008-12, one still picture).
HEIC_BRANDS = frozenset({b"heic", b"heix", b"mif1", b"heim", b"heis"})
#: Parts of such a file that hold pixels; mpvd is the film that some telephones add.
PIXEL_BOXES = frozenset({b"mdat", b"mpvd"})
#: Signs of a file within the file: a page, a script, a drawing, an archive.
SMUGGLED = re.compile(
    rb"<script|<\?php|<html|<!doctype|<svg|<iframe|javascript:|%PDF-|PK\x03\x04|PK\x05\x06|Rar!\x1a|7z\xbc\xaf",
    re.IGNORECASE,
)
#: What Pillow raises for broken files, as the tests with fuzzed pictures showed.
BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    IndexError,
    KeyError,
    EOFError,
    AttributeError,
    OverflowError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


class PictureRefused(Exception):
    """A file that is not kept; the text says what is wrong and what to send instead."""


@dataclass(frozen=True)
class CleanPicture:
    content: bytes
    suffix: str  # .png or .jpg, which is what it is
    width: int  # pixels
    height: int

    @property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return hashlib.sha256(self.content).hexdigest()


def clean_picture(file: BinaryIO | File[Any]) -> CleanPicture:
    """As it is kept. Raises PictureRefused and nothing else, whatever the file holds."""
    data = file.read(MOST_MIB * 2**20 + 1)
    if len(data) > MOST_MIB * 2**20:
        raise PictureRefused(
            _("这张图太大了，最多%(limit)d MB。请缩小一点再传。") % {"limit": MOST_MIB}
        )
    check_content(data)
    image = upright(data)
    image.thumbnail((KEPT_SIDE, KEPT_SIDE), Image.Resampling.LANCZOS)
    suffix, content = encode_anew(image, as_png=data[:4] in {b"\x89PNG", b"RIFF"})
    return CleanPicture(content, suffix, image.width, image.height)


def check_content(data: bytes) -> None:
    """Checks that the content, whatever its name, is one whole picture and nothing else."""
    if data.startswith(b"\xff\xd8\xff"):
        spans = jpeg_words(data)
    elif data.startswith(b"\x89PNG\r\n\x1a\n"):
        spans = png_words(data)
    elif data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        spans = webp_words(data)
    elif is_heic(data):
        spans = heic_words(data)
    else:
        raise PictureRefused(why_no_picture(data))
    for words in spans:
        if SMUGGLED.search(words):
            raise hidden()


def why_no_picture(data: bytes) -> str:
    if data[:6] in {b"GIF87a", b"GIF89a"}:
        return _("会动的图不能用。请选一张不动的照片，存成JPG或PNG。")
    if re.search(rb"<svg[\s>]", data[:4096], re.IGNORECASE):
        return _("SVG图不能用，里面可能藏着程序。请存成PNG再传。")
    if data[4:8] == b"ftyp" and data[8:12] in {b"avif", b"avis", b"hevc", b"msf1"}:
        return _("这种照片别的机器打不开。请在手机的相机设置里选“兼容性最佳”，或者存成JPG再传。")
    if not data:
        return _("文件是空的。请再选一次。")
    return _("这个文件不是照片。请传JPG、PNG、WebP或HEIC图片。")


def hidden() -> PictureRefused:
    return PictureRefused(_("这张图里还藏着别的东西，不能用。请打开它，截一张图再传。"))


def broken() -> PictureRefused:
    return PictureRefused(_("这张图坏了，或者没有传完整。请重新存一次再传。"))


def moving() -> PictureRefused:
    return PictureRefused(_("会动的图不能用。请选一张不动的照片，存成JPG或PNG。"))


def jpeg_words(data: bytes) -> Iterator[bytes]:
    """All bytes that are not pixels. Raises PictureRefused for something behind the picture.

    A second JPEG behind the first is allowed (MPO, as phones write it), and so are zeros.
    """
    at = 2
    while True:
        at, marker = next_marker(data, at)
        if marker == 0xD9:
            break
        if marker == 0xDA:  # pixels, up to the next marker that is not a restart
            found = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]").search(data, at)
            if found is None:
                raise broken()
            at = found.start()
            continue
        if marker == 0x01 or 0xD0 <= marker <= 0xD8:
            continue
        length = int.from_bytes(data[at : at + 2], "big")
        if length < 2 or at + length > len(data):
            raise broken()
        yield data[at + 2 : at + length]
        at += length
    rest = data[at:].strip(b"\x00")
    if rest.startswith(b"\xff\xd8\xff"):
        yield from jpeg_words(rest)
    elif rest:
        raise hidden()


def next_marker(data: bytes, at: int) -> tuple[int, int]:
    """The position behind the marker at this position, and the marker's number."""
    if data[at : at + 1] != b"\xff":
        raise broken()
    while data[at : at + 1] == b"\xff":
        at += 1
    if at >= len(data):
        raise broken()
    return at + 1, data[at]


def png_words(data: bytes) -> Iterator[bytes]:
    """All bytes that are not pixels; every checksum is verified. Raises PictureRefused."""
    at = 8
    while True:
        head = data[at : at + 8]
        if len(head) < 8:
            raise broken()
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        body = data[at + 8 : at + 8 + length]
        total = data[at + 8 + length : at + 12 + length]
        if len(total) < 4 or zlib.crc32(kind + body) != int.from_bytes(total, "big"):
            raise broken()
        at += 12 + length
        if kind in {b"acTL", b"fcTL", b"fdAT"}:
            raise moving()
        if kind == b"IEND":
            break
        if kind != b"IDAT":
            yield body
    if data[at:].strip(b"\x00"):
        raise hidden()


def webp_words(data: bytes) -> Iterator[bytes]:
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise broken()
    at = 12
    while at < end:
        kind, length = data[at : at + 4], int.from_bytes(data[at + 4 : at + 8], "little")
        if len(kind) < 4 or at + 8 + length > end:
            raise broken()
        if kind in {b"ANIM", b"ANMF"}:
            raise moving()
        if kind not in {b"VP8 ", b"VP8L", b"ALPH"}:
            yield data[at + 8 : at + 8 + length]
        at += 8 + length + length % 2
    if data[end:].strip(b"\x00"):
        raise hidden()


def is_heic(data: bytes) -> bool:
    return data[4:8] == b"ftyp" and data[8:12] in HEIC_BRANDS


def heic_words(data: bytes) -> Iterator[bytes]:
    """All boxes but those of the pixels."""
    at = 0
    while at < len(data):
        length, kind = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        head = 8
        if length == 1:  # a long one says its length behind its kind
            length, head = int.from_bytes(data[at + 8 : at + 16], "big"), 16
        elif length == 0 and kind == b"mdat":  # to the end of the file
            length = len(data) - at
        if kind == b"moov":
            raise moving()
        if length < head or at + length > len(data):
            raise broken()
        if kind not in PIXEL_BOXES:
            yield data[at + head : at + length]
        at += length


def upright(data: bytes) -> Image.Image:
    """Its pixels on white, turned by the EXIF orientation. Raises PictureRefused."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = opened(data)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise too_many_pixels() from error
    except BROKEN as error:
        raise broken() from error
    width, height = image.size
    if width * height > MOST_MEGAPIXELS * 10**6:
        raise too_many_pixels()
    if max(width, height) < LEAST_SIDE:
        raise PictureRefused(
            _("这张图太小，放大了看不清。长的一边至少要%(least)d个点。") % {"least": LEAST_SIDE}
        )
    try:
        image.draft("RGB", (KEPT_SIDE, KEPT_SIDE))  # decodes a large JPEG at a half or a quarter
        image.load()
        return on_white(ImageOps.exif_transpose(image))
    except BROKEN as error:
        raise broken() from error


def opened(data: bytes) -> Image.Image:
    """Nothing is decoded yet."""
    if not is_heic(data):
        return Image.open(io.BytesIO(data), formats=FORMATS)
    import pillow_heif  # libheif is 7 MB, which few processes ever need

    pillow_heif.register_heif_opener(thumbnails=False)
    return Image.open(io.BytesIO(data), formats=("HEIF",))


def too_many_pixels() -> PictureRefused:
    return PictureRefused(
        _("这张图的点太多了，最多%(most)d00万个。请缩小一点再传。") % {"most": MOST_MEGAPIXELS}
    )


def on_white(image: Image.Image) -> Image.Image:
    """In RGB. A transparent drawing would vanish on a dark page."""
    if image.mode in {"I", "F"} or image.mode.startswith("I;16"):
        image = ImageOps.autocontrast(image.convert("F").convert("L"))
    if image.has_transparency_data:
        seen = image.convert("RGBA")
        ground = Image.new("RGB", seen.size, "white")
        ground.paste(seen, mask=seen.getchannel("A"))
        return ground
    return image.convert("RGB")


def encode_anew(image: Image.Image, *, as_png: bool) -> tuple[str, bytes]:
    image.info.clear()  # a colour profile or a comment would be written again
    if as_png:
        content = io.BytesIO()
        few = image.getcolors(256)
        kept = image.quantize(len(few), dither=Image.Dither.NONE) if few else image
        kept.info.clear()
        kept.save(content, "PNG", optimize=True)
        if content.tell() <= LARGE_PNG_BYTES:
            return ".png", content.getvalue()
    content = io.BytesIO()
    image.save(content, "JPEG", quality=JPEG_QUALITY, optimize=True, progressive=True)
    return ".jpg", content.getvalue()
