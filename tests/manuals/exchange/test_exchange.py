"""A manual as a ZIP: out and in again the same; whatever is wrong with one is told, nothing of it
is kept, and nothing crashes."""

import io
import json
import random
import struct
import zipfile

import pytest

from lms.manuals.exchange import packages
from lms.manuals.exchange.documents import PackageRefused, document_of, json_schema
from lms.manuals.exchange.packages import Package, package_of, read_package
from lms.manuals.exchange.services import import_manual
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Product
from lms.manuals.starter.loading import starter_package
from tests.manuals.conftest import png

FUZZED = 1500
SEED = 20260101


def document(**changed):
    return {
        "format": "yinling-manual",
        "version": 1,
        "product": {"brand": "云谷", "model": "YG-7", "name": "收音机", "kind": "other"},
        "title": "云谷收音机怎么用",
        "tasks": [
            {
                "title": "怎么开机",
                "steps": [
                    {
                        "words": "按一下红色的钮。",
                        "picture": "pictures/a.png",
                        "alt": "收音机正面",
                        "marker": {"x": 10, "y": 20, "w": 30, "h": 40},
                    }
                ],
            }
        ],
    } | changed


def step(**changed):
    told = document()
    told["tasks"][0]["steps"][0] |= changed
    return told


def zipped(told=None, files=None, *, text=None, method=zipfile.ZIP_DEFLATED) -> bytes:
    """A ZIP with that manual.json and those files by name, one picture if none are given."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", method) as archive:
        if text is None:
            text = json.dumps(document() if told is None else told, ensure_ascii=False)
        archive.writestr("manual.json", text)
        for name, data in ({"pictures/a.png": png()} if files is None else files).items():
            archive.writestr(name, data)
    return content.getvalue()


def read(data: bytes) -> Package:
    return read_package(io.BytesIO(data))


def entry_named(name, data=b"x", attributes=0, **more):
    content = io.BytesIO(zipped())
    with zipfile.ZipFile(content, "a") as archive:
        info = zipfile.ZipInfo(name)
        info.external_attr = attributes
        archive.writestr(info, data, **more)
    return content.getvalue()


def with_flag(data: bytes, bit: int) -> bytes:
    """The same ZIP, a bit set in every header."""
    changed = bytearray(data)
    for signature, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = changed.find(signature)
        while at >= 0:
            changed[at + place] |= bit
            at = changed.find(signature, at + 4)
    return bytes(changed)


def lying_about_its_size() -> bytes:
    """manual.json says that it unpacks to ten bytes."""
    data = bytearray(zipped())
    for signature, place in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = data.find(signature)
        data[at + place : at + place + 4] = struct.pack("<I", 10)
    return bytes(data)


def too_many() -> bytes:
    return zipped(files={f"pictures/p{n}.png": b"x" for n in range(packages.MOST_PICTURES + 1)})


REFUSED = {
    "no ZIP": (lambda: b"not at all", "坏了"),
    "empty": (lambda: b"", "坏了"),
    "cut off": (lambda: zipped()[:-40], "坏了"),
    "no document": (lambda: zipfile_of({"pictures/a.png": png()}), "没有manual.json"),
    "in two folders": (lambda: zipfile_of({"x/y/manual.json": "{}"}), "不能有“y/manual.json”"),
    "beside a folder": (
        lambda: zipfile_of({"x/manual.json": "{}", "a.txt": "x"}), "不能有“x/manual.json”"),
    "above": (lambda: zipfile_of({"../manual.json": "{}"}), "不能有“../manual.json”"),
    "path up": (lambda: entry_named("../pictures/a.png"), "不能有"),
    "path up inside": (lambda: entry_named("pictures/../../a.png"), "不能有"),
    "absolute": (lambda: entry_named("/etc/passwd"), "不能有"),
    "backslash": (lambda: entry_named("pictures\\a.png"), "不能有"),
    "zero in the name": (lambda: entry_named("pictures/b.png#.exe").replace(b"#", b"\0"), "不能有"),
    "capital": (lambda: entry_named("pictures/A.PNG"), "不能有"),
    "program": (lambda: entry_named("pictures/a.svg"), "不能有"),
    "twice": (lambda: entry_named("pictures/a.png"), "两个"),
    "link": (lambda: entry_named("pictures/b.png", attributes=0o120777 << 16), "快捷方式"),
    "password": (lambda: with_flag(zipped(), 0x1), "密码"),
    "odd method": (lambda: zipped(method=zipfile.ZIP_LZMA), "不常见"),
    "bomb": (
        lambda: zipped(files={"pictures/a.png": b"\0" * (2 * 2**20)}), "打开以后太大"),
    "swollen text": (
        lambda: zipped(text=" " * 500_000 + json.dumps(document())), "打开以后太大"),
    "lying": (lying_about_its_size, "坏了"),
    "too many": (too_many, "图片太多"),
    "missing picture": (lambda: zipped(files={}), "没有图片“pictures/a.png”"),
    "unused picture": (lambda: zipped(step(picture=None, marker=None)), "没有哪一步用到"),
    "no JSON": (lambda: zipped(text="{"), "写对了的JSON"),
    "not UTF-8": (lambda: zipped(text="题".encode("gb18030")), "写对了的JSON"),
    "deep": (lambda: zipped(text=json_of_depth(100_000)), "打开以后太大"),
    "deep, random": (lambda: zipped(text=json_of_depth(20_000)), "写对了的JSON"),
    "name twice": (lambda: zipped(text='{"format":"a","format":"b"}'), "写对了的JSON"),
    "half a letter": (lambda: zipped(text=json.dumps(step(words="\ud800"))), "manual.json"),
    "no object": (lambda: zipped(text="[]"), "写得不对"),
    "another format": (lambda: zipped(document(format="oManual")), "format：写得不对"),
    "unknown field": (lambda: zipped(step(price="99")), "price：没有这一项"),
    "number for words": (lambda: zipped(step(words=5)), "words：写得不对"),
    "long words": (lambda: zipped(step(words="按" * 201)), "最多200个字"),
    "words turned round": (lambda: zipped(step(words="按\u202e钮")), "看不见的字"),
    "zero in words": (lambda: zipped(step(words="按\0钮")), "看不见的字"),
    "two lines": (lambda: zipped(step(words="按\n钮")), "看不见的字"),
    "box outside": (lambda: zipped(step(marker={"x": 80, "y": 0, "w": 30, "h": 10})), "对不上"),
    "half a box": (lambda: zipped(step(marker={"x": 80, "y": 0})), "少了这一项"),
    "picture path": (lambda: zipped(step(picture="../a.png")), "图片名"),
    "unknown kind": (
        lambda: zipped(document(product={**document()["product"], "kind": "gun"})), "写得不对"),
    "no brand": (
        lambda: zipped(document(product={**document()["product"], "brand": " "})), "不能空着"),
    "due before": (
        lambda: zipped(document(checked_on="2026-05-01", review_due="2026-04-01")), "对不上"),
    "many tasks": (lambda: zipped(document(tasks=document()["tasks"] * 61)), "最多60个"),
}  # fmt: skip


def zipfile_of(files) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def json_of_depth(depth: int) -> str:
    """Nested so deep that a reader which recurses gives up; the blanks keep it from shrinking."""
    noise = random.Random(depth)
    opening = "".join(noise.choice("[ ") * noise.randint(0, 2) + "[" for _n in range(depth))
    return opening if depth < 50_000 else "[" * depth * 10


@pytest.mark.parametrize("name", REFUSED)
def test_it_says_what_is_wrong_with(name):
    make, words = REFUSED[name]
    with pytest.raises(PackageRefused, match=words):
        read(make())


def test_what_is_larger_than_allowed_is_not_even_opened(monkeypatch):
    monkeypatch.setattr(packages, "MOST_MIB", 0)
    with pytest.raises(PackageRefused, match="压缩包太大"):
        read(zipped())


def test_what_came_in_goes_out_the_same_and_comes_in_again(cast):
    package = starter_package("blood-pressure")
    manual = import_manual(package, organisation=cast.organisation, by=cast.maker)
    version = ManualVersion.objects.with_content().get(manual=manual)
    again = read(package_of(version))
    renamed = again.document.model_copy(update={"tasks": package.document.tasks})
    assert renamed == package.document
    pictures = [len(task.steps) for task in again.document.tasks]
    assert pictures == [len(task.steps) for task in package.document.tasks]
    assert len(again.pictures) == len(package.pictures)
    copy = import_manual(again, organisation=cast.organisation, by=cast.maker)
    assert copy.product == manual.product
    copied = ManualVersion.objects.with_content().get(manual=copy)
    assert document_of(copied) == again.document
    assert ManualPicture.objects.count() == len(package.pictures)  # each is kept once


def test_what_comes_in_is_a_draft_of_the_one_who_brought_it(cast):
    manual = import_manual(read(zipped()), organisation=cast.organisation, by=cast.maker)
    assert manual.product.organisation == cast.organisation
    assert (manual.live, manual.versions.get().state) == (False, "draft")
    step = manual.versions.get().tasks.get().steps.get()
    assert (step.marker.x, step.picture.organisation) == (10, cast.organisation)


def test_anothers_product_is_not_taken_over_and_nothing_of_it_told(cast):
    import_manual(read(zipped()), organisation=cast.organisation, by=cast.maker)
    with pytest.raises(PackageRefused, match="已经登记过了") as refused:
        import_manual(read(zipped()), organisation=cast.rivals, by=cast.rival)
    assert cast.organisation.name not in str(refused.value)
    assert not Product.objects.of(cast.rivals).exists()


def test_a_bad_picture_is_named_and_nothing_is_kept(cast):
    package = read(zipped(files={"pictures/a.png": b"<svg onload='x()'></svg>"}))
    with pytest.raises(PackageRefused, match=r"图片“pictures/a\.png”"):
        import_manual(package, organisation=cast.organisation, by=cast.maker)
    assert not Manual.objects.exists()
    assert not Product.objects.exists()


def files_in(root) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file())


def test_a_broken_last_picture_is_found_before_anything_is_locked_or_written(
    cast, settings, django_assert_num_queries
):
    good = read(zipped())
    package = Package(good.document, {**good.pictures, "pictures/b.png": png()[:-30]})
    stood = files_in(settings.MEDIA_ROOT)
    with django_assert_num_queries(0), pytest.raises(PackageRefused, match=r"“pictures/b\.png”"):
        import_manual(package, organisation=cast.organisation, by=cast.maker)
    assert files_in(settings.MEDIA_ROOT) == stood
    assert not ManualPicture.objects.exists()


def test_what_is_refused_after_its_pictures_leaves_no_file_but_those_that_stood_there(
    cast, settings
):
    import_manual(read(zipped()), organisation=cast.organisation, by=cast.maker)
    stood = files_in(settings.MEDIA_ROOT)
    both = {"pictures/a.png": png(), "pictures/b.png": png("tomato")}
    too_long = read(zipped()).document.model_copy(update={"service_telephone": "1" * 21})
    with pytest.raises(PackageRefused):
        import_manual(Package(too_long, both), organisation=cast.organisation, by=cast.maker)
    assert files_in(settings.MEDIA_ROOT) == stood
    assert ManualPicture.objects.count() == 1
    fine = Package(read(zipped()).document, both)
    import_manual(fine, organisation=cast.organisation, by=cast.maker)
    assert len(files_in(settings.MEDIA_ROOT)) == len(stood) + 1


def test_the_schema_describes_what_goes_out_and_the_starter():
    schema = json_schema()
    assert schema["additionalProperties"] is False
    assert set(schema["required"]) == {"format", "version", "product"}
    assert schema["$defs"]["Step"]["properties"]["words"]["maxLength"] == 200


def fuzzed(noise: random.Random, seeds: list[bytes]) -> bytes:
    """One of the seeds with bytes turned over, taken out, put in, doubled, or its end cut off."""
    data = bytearray(noise.choice(seeds))
    for _n in range(noise.choice((1, 1, 2, 8, 40))):
        at = noise.randrange(len(data))
        match noise.randrange(6):
            case 0:
                data[at] ^= 1 << noise.randrange(8)
            case 1:
                data[at] = noise.randrange(256)
            case 2:
                del data[at : at + noise.randint(1, 60)]
            case 3:
                data[at:at] = noise.randbytes(noise.randint(1, 60))
            case 4:
                data[at:at] = data[at : at + noise.randint(1, 400)]
            case _:
                data[at : at + 4] = noise.choice((b"\xff\xff\xff\xff", b"\0\0\0\0", b"PK\x01\x02"))
    return bytes(data[: noise.randint(1, len(data))] if noise.random() < 0.1 else data)


def test_of_fuzzed_archives_none_crashes_and_none_gets_through_that_is_not_whole():
    noise = random.Random(SEED)
    seeds = [zipped(), zipped(method=zipfile.ZIP_STORED), zipped(files={"pictures/a.png": png()})]
    whole = read(seeds[0])
    outcomes = {"refused": 0, "whole": 0}
    for _n in range(FUZZED):
        try:
            package = read(fuzzed(noise, seeds))
        except PackageRefused:
            outcomes["refused"] += 1
            continue
        # Only what no reader looks at was touched: a time, or bytes between the files.
        assert package == whole
        outcomes["whole"] += 1
    assert outcomes["refused"] > FUZZED * 0.8, outcomes


def in_a_folder(*strangers: str) -> bytes:
    """The whole package in one folder, as computers pack it, and what they put in beside it."""
    whole = zipfile.ZipFile(io.BytesIO(zipped()))
    inside: dict[str, str | bytes] = {"手机/": "", "手机/pictures/": ""}
    inside |= {f"手机/{name}": whole.read(name) for name in whole.namelist()}
    return zipfile_of(inside | dict.fromkeys(strangers, "x"))


@pytest.mark.parametrize(
    "stranger",
    ["__MACOSX/", "__MACOSX/手机/._manual.json", "手机/.DS_Store", ".DS_Store",
     "手机/pictures/Thumbs.db", "手机/pictures/._a.png", "desktop.ini"],
)  # fmt: skip
def test_one_folder_around_all_and_what_computers_add_is_passed_over(stranger):
    assert read(in_a_folder(stranger)) == read(zipped())


def test_all_files_that_cannot_be_used_are_named_at_once():
    data = in_a_folder("手机/a.txt", "手机/pictures/B.PNG", "手机/pictures/c.svg")
    with pytest.raises(PackageRefused) as refusal:
        read(data)
    told = str(refusal.value).splitlines()
    assert len(told) == 3
    for name, line in zip(("a.txt", "pictures/B.PNG", "pictures/c.svg"), told, strict=True):
        assert f"“{name}”" in line


def test_all_pictures_that_cannot_be_used_are_named_at_once(cast):
    told = document()
    told["tasks"][0]["steps"] = [{"picture": f"pictures/{name}.png"} for name in "abc"]
    bad = {f"pictures/{name}.png": b"no picture" for name in "ac"}
    package = read(zipped(told, files=bad | {"pictures/b.png": png()}))
    with pytest.raises(PackageRefused) as refusal:
        import_manual(package, organisation=cast.organisation, by=cast.maker)
    lines = str(refusal.value).splitlines()
    assert ["pictures/a.png" in lines[0], "pictures/c.png" in lines[1], len(lines)] == [
        True,
        True,
        2,
    ]
