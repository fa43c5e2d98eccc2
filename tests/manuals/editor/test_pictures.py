"""Pictures that manufacturers bring: what is kept of them, and what is refused in which words."""

import io
import random
import struct
import zipfile
import zlib
from collections import Counter

import pillow_heif
import pytest
from PIL import Image, ImageChops, ImageDraw

from lms.manuals.editor import picture_files
from lms.manuals.editor.picture_files import PictureRefused, clean_picture

RED, BLUE = (200, 30, 30), (30, 30, 200)
ORIENTATION, GPS = 0x0112, 0x8825


def drawing(size=(320, 240), mode="RGB"):
    """Red above, blue below, with enough detail that a broken bit is seen."""
    image = Image.new(mode, size, RED if mode == "RGB" else (*RED, 255))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, size[1] // 2, *size), fill=BLUE if mode == "RGB" else (*BLUE, 0))
    for number in range(0, size[0], 24):
        draw.ellipse((number, 40, number + 19, 59), fill=(number % 256, 200, 90))
    return image


def encoded(image=None, kind="JPEG", **options):
    file = io.BytesIO()
    (image or drawing()).save(file, kind, **options)
    return file.getvalue()


def cleaned(data):
    return clean_picture(io.BytesIO(data))


def why_refused(data):
    with pytest.raises(PictureRefused) as refusal:
        cleaned(data)
    return str(refusal.value)


def chunk(kind, body):
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def archive():
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as inside:
        inside.writestr("run.html", "<script>alert(1)</script>")
    return file.getvalue()


def with_segment(jpeg, body):
    return jpeg[:2] + b"\xff\xfe" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def with_chunk(png, kind, body):
    return png[:33] + chunk(kind, body) + png[33:]


def giant_png():
    """Of 30,000 by 30,000 points, as its head says; few bytes."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0))
    return (
        b"\x89PNG\r\n\x1a\n"
        + head
        + chunk(b"IDAT", zlib.compress(b"\0" * 999))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(
    ("kind", "suffix", "kept_as"),
    [("JPEG", ".jpg", "JPEG"), ("PNG", ".png", "PNG"), ("WEBP", ".png", "PNG")],
)
def test_a_picture_is_drawn_anew_and_named_by_what_it_is(kind, suffix, kept_as):
    kept = cleaned(encoded(kind=kind))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert (kept.suffix, image.format, image.size) == (suffix, kept_as, (320, 240))
    assert (kept.width, kept.height) == (320, 240)


def test_it_stands_upright_and_nothing_tells_where_it_was_taken():
    exif = Image.Exif()
    exif[ORIENTATION] = 6  # the camera was held on its side
    exif[0x010E] = "阿婆家门口"
    exif.get_ifd(GPS)[1] = "N"
    kept = cleaned(encoded(exif=exif, comment=b"by me", icc_profile=b"\0" * 200))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.size == (240, 320)
        assert not image.getexif()
        assert not {"comment", "exif", "icc_profile", "xmp"} & set(image.info)
        assert image.getchannel("R").getpixel((230, 160)) > 150  # was above
    assert "阿婆".encode() not in kept.content


def test_a_png_loses_its_words_and_profile_too():
    png = with_chunk(encoded(kind="PNG"), b"tEXt", b"Author\0chen")
    with Image.open(io.BytesIO(cleaned(png).content)) as image:
        assert image.info == {}


def test_a_drawing_without_a_ground_gets_a_white_one():
    kept = cleaned(encoded(drawing(mode="RGBA"), "PNG"))
    with Image.open(io.BytesIO(kept.content)) as image:
        assert image.convert("RGB").getpixel((5, 235)) == (255, 255, 255)
        assert image.convert("RGB").getpixel((5, 5)) == RED


def test_a_large_picture_is_made_as_small_as_a_television_needs_it():
    kept = cleaned(encoded(drawing((4000, 3000))))
    assert (kept.width, kept.height) == (1920, 1440)


def test_a_photograph_saved_as_png_is_kept_as_jpeg(monkeypatch):
    monkeypatch.setattr(picture_files, "LARGE_PNG_BYTES", 20_000)
    noise = Image.frombytes("RGB", (300, 200), random.Random(1).randbytes(300 * 200 * 3))
    assert cleaned(encoded(noise, "PNG")).suffix == ".jpg"
    assert cleaned(encoded(kind="PNG")).suffix == ".png"


def test_a_phones_second_small_picture_is_no_stowaway():
    photo = encoded()
    assert cleaned(photo + encoded(drawing((60, 40))) + b"\0" * 64).width == 320


WAYS = {"JPEG": ["L", "CMYK", "1"], "PNG": ["L", "P", "RGBA", "LA", "I;16", "1"], "WEBP": ["RGBA"]}


@pytest.mark.parametrize(("kind", "mode"), [(kind, mode) for kind in WAYS for mode in WAYS[kind]])
def test_every_way_of_keeping_colours_is_read(kind, mode):
    image = Image.new(mode, (320, 240)) if mode == "I;16" else drawing().convert(mode)
    assert cleaned(encoded(image, kind)).width == 320


JPEG, PNG, WEBP = encoded(), encoded(kind="PNG"), encoded(kind="WEBP")
FRAMES = {"save_all": True, "append_images": [Image.new("RGB", (320, 240))], "duration": 100}
SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script/></svg>'
REFUSED = {
    "nothing": (b"", "空"),
    "a text": (b"hello " * 100, "不是照片"),
    "a page": (b"<!doctype html><script>alert(1)</script>", "不是照片"),
    "a paper": (b"%PDF-1.7\n" + b"x" * 200, "不是照片"),
    "a bitmap": (encoded(kind="BMP"), "不是照片"),
    "a tiff": (encoded(kind="TIFF"), "不是照片"),
    "a drawing": (SVG, "SVG"),
    "a drawing behind blanks": (b"\n" * 200 + SVG, "SVG"),
    "a gif": (encoded(kind="GIF"), "会动"),
    "a moving gif": (encoded(kind="GIF", **FRAMES), "会动"),
    "a moving png": (encoded(kind="PNG", **FRAMES), "会动"),
    "a moving webp": (encoded(kind="WEBP", **FRAMES), "会动"),
    "half an iphone's": (b"\0\0\0\x18ftypheic" + b"\0" * 100, "坏了"),
    "an iphone's film": (b"\0\0\0\x18ftyphevc" + b"\0" * 100, "兼容性"),
    "half a jpeg": (JPEG[: len(JPEG) // 2], "坏了"),
    "half a png": (PNG[: len(PNG) // 2], "坏了"),
    "half a webp": (WEBP[: len(WEBP) // 2], "坏了"),
    "a jpeg without its end": (JPEG[:-2], "坏了"),
    "a jpeg and an archive": (JPEG + archive(), "藏着"),
    "a png and an archive": (PNG + archive(), "藏着"),
    "a webp and an archive": (WEBP + archive(), "藏着"),
    "a jpeg and a page": (JPEG + b"<html>", "藏着"),
    "a page in a jpeg": (with_segment(JPEG, b"<ScRiPt>alert(1)</script>"), "藏着"),
    "php in a jpeg": (with_segment(JPEG, b"<?php system($_GET[0]);"), "藏着"),
    "a paper in a jpeg": (with_segment(JPEG, b"%PDF-1.4 obj"), "藏着"),
    "an archive in a png": (with_chunk(PNG, b"zzZz", archive()), "藏着"),
    "a page in a png": (with_chunk(PNG, b"tEXt", b"a\0<svg onload=x>"), "藏着"),
    "a giant": (giant_png(), "点太多"),
    "a stamp": (encoded(drawing((80, 60))), "太小"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_plain_picture_is_refused_in_words(name):
    data, words = REFUSED[name]
    assert words in why_refused(data)


def test_a_file_of_too_many_bytes_is_refused_before_it_is_looked_at(monkeypatch):
    monkeypatch.setattr(picture_files, "MOST_MIB", 1)
    file = io.BytesIO(JPEG + b"\0" * 2**22)
    with pytest.raises(PictureRefused, match="太大"):
        clean_picture(file)
    assert file.tell() == 2**20 + 1


def breakages(random):
    """1,200 broken pictures: (how, data). Each has lost bytes, got others, or carries something."""
    palette, fine = drawing().convert("P"), encoded(kind="WEBP", lossless=True)
    rough = encoded(quality=30, progressive=True)
    sources = [JPEG, PNG, WEBP, rough, fine, encoded(palette, "PNG")]
    payloads = [
        archive(),
        SVG,
        b"<script>alert(1)</script>",
        b"%PDF-1.5 ",
        b"<?php x();",
        b"MZ\x90",
    ]
    for _number in range(200):
        data = random.choice(sources)
        yield "cut off", data[: random.randrange(1, len(data) - 2)]
        yield "carrying", data + random.randbytes(random.randrange(9)) + random.choice(payloads)
        broken = bytearray(data)
        for _bit in range(random.randrange(1, 9)):
            broken[random.randrange(len(data))] ^= 1 << random.randrange(8)
        yield "with flipped bits", bytes(broken)
        at, length = random.randrange(12, len(data) - 40), random.randrange(1, 40)
        yield "with a hole", data[:at] + data[at + length :]
        yield "with a false head", data[:12] + random.randbytes(40) + data[52:]
        yield "of noise", data[: random.randrange(4, 30)] + random.randbytes(400)


#: What holds no check sum may show other colours after a blow; what is kept is plain all the same.
MAY_SHOW = {"with flipped bits", "with a hole", "with a false head"}


def test_of_1200_broken_pictures_none_crashes_it_and_none_gets_through():
    count = 0
    refused: Counter[str] = Counter()
    shown: Counter[str] = Counter()
    for how, data in breakages(random.Random(20_260_101)):
        count += 1
        try:
            kept = cleaned(data)
        except PictureRefused:
            refused[how] += 1
            continue
        shown[how] += 1
        assert how in MAY_SHOW, how
        assert not data.startswith(b"\x89PNG"), "its check sums tell"
        with Image.open(io.BytesIO(kept.content)) as image:
            image.load()
            assert not image.getexif()
            assert image.format in {"JPEG", "PNG"}
        assert not picture_files.SMUGGLED.search(b"".join(words_of(kept.content)))
    print(f"refused {refused}, drawn anew {shown}")
    assert count == 1200
    assert refused["cut off"] == refused["carrying"] == refused["of noise"] == 200
    assert sum(refused.values()) > 1000 - 200


def words_of(data):
    return (
        picture_files.jpeg_words(data) if data[:2] == b"\xff\xd8" else picture_files.png_words(data)
    )


# --- Photographs of telephones that are HEIC ------------------------------------------------------


def heic(image=None, **options):
    file = io.BytesIO()
    pillow_heif.from_pillow(image or drawing()).save(file, **options)
    return file.getvalue()


def test_a_heic_photograph_becomes_a_jpeg_of_nothing_but_pixels():
    exif = Image.Exif()
    exif[GPS] = {1: "N", 2: (23.0, 7.0, 48.0)}
    kept = cleaned(heic(exif=exif.tobytes()))
    assert (kept.suffix, kept.width, kept.height) == (".jpg", 320, 240)
    image = Image.open(io.BytesIO(kept.content))
    assert (image.format, dict(image.getexif())) == ("JPEG", {})
    near = 24  # of 255, as such a picture is compressed twice
    for y, colour in ((20, RED), (220, BLUE)):
        seen = ImageChops.difference(image, Image.new("RGB", image.size, colour))
        assert max(seen.crop((160, y, 161, y + 1)).tobytes()) < near


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.99])
def test_half_a_heic_photograph_is_refused(part):
    whole = heic()
    assert "坏了" in why_refused(whole[: int(len(whole) * part)])


def test_something_in_a_heic_photograph_is_refused():
    assert "藏着" in why_refused(heic() + b"\0\0\0\x20free<script>alert(1)</script>")


def test_a_broken_heic_photograph_is_refused_and_nothing_else_happens():
    whole, chance = heic(), random.Random(7)
    for _number in range(60):
        broken = bytearray(whole)
        for _byte in range(chance.randint(1, 8)):
            broken[chance.randrange(len(broken))] = chance.randrange(256)
        try:
            kept = cleaned(bytes(broken))
        except PictureRefused:
            continue
        assert kept.width <= 1920
