"""A manifest of a stranger is read as such."""

import json

import pytest

from lms.packs.manifest import Manifest, PackFile, as_bytes, parsed, read_bytes
from lms.packs.refusals import PackError

GOOD = Manifest(
    name="课程盘",
    edition=202612010900,
    made_at="2026-12-01T09:00:00+08:00",
    city="广州市",
    key_id="0" * 16,
    files=(PackFile("课程/01 一.mp4", 5, "a" * 64),),
)


def with_(**changes):
    said = json.loads(as_bytes(GOOD))
    return json.dumps({**said, **changes}).encode()


def file_(path="x", size=1, sha256="a" * 64):
    return {"path": path, "size": size, "sha256": sha256}


def test_what_is_written_is_read():
    assert parsed(as_bytes(GOOD)) == GOOD


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{" * 100_000,
        b"[" * 100_000,
        as_bytes(GOOD).replace(b'"edition"', b'"name"', 1),  # a key twice
        with_(edition=True),
        with_(edition=-1),
        with_(edition=1.5),
        with_(edition=10**16),
        with_(edition="7"),
        with_(name=""),
        with_(name="x" * 121),
        with_(key_id="XYZ"),
        with_(files=7),
        with_(files=["x"]),
        with_(files=[{"path": "x"}]),
        with_(files=[file_(size=-1)]),
        with_(files=[file_(size=2**32)]),
        with_(files=[file_(sha256="../x")]),
        with_(files=[file_(path=7)]),
        with_(files=[file_()] * 50_001),
        with_(keys=["x"] * 17),
    ],
)
def test_what_is_no_manifest_is_refused_in_one_sentence(content):
    with pytest.raises(PackError, match="读不懂"):
        parsed(content)


def test_a_number_of_a_million_digits_is_no_work():
    with pytest.raises(PackError, match="读不懂"):
        parsed(b'{"edition": ' + b"9" * 1_000_000 + b"}")


@pytest.mark.parametrize(
    "path", ["../x", "/x", "a\\b", "nul", "清单.json", "清单.JSON.sig", "课程/../清单.json"]
)
def test_a_path_that_leads_elsewhere_is_refused(path):
    with pytest.raises(PackError, match="不是课程盘里的路径"):
        parsed(with_(files=[file_(path)]))


@pytest.mark.parametrize("paths", [("a", "a"), ("a", "A"), ("a", "a/b")])
def test_one_place_twice_is_refused(paths):
    with pytest.raises(PackError, match="写了两次"):
        parsed(with_(files=[file_(path) for path in paths]))


def test_a_format_of_tomorrow_says_so():
    with pytest.raises(PackError, match="更新的程序"):
        parsed(with_(format=2))


def test_a_huge_manifest_is_not_read_into_memory(tmp_path):
    with (tmp_path / "清单.json").open("wb") as file:
        file.truncate(2**40)  # a hole of a terabyte
    with pytest.raises(PackError, match="大得不对"):
        read_bytes(tmp_path)


def test_a_folder_without_one_says_what_to_do(tmp_path):
    with pytest.raises(PackError, match="没有做完就拔下来"):
        read_bytes(tmp_path)
