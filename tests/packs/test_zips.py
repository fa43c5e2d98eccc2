"""Packs as ZIPs that any computer unpacks."""

from io import BytesIO
from zipfile import ZipFile

import pytest

from lms.packs.making import zips
from lms.packs.making.zips import names_of, parts_of
from lms.packs.manifest import read_manifest, verify
from media.ranges import ByteRange
from tests.packs.conftest import files_in

pytestmark = pytest.mark.django_db


def whole(part):
    return b"".join(part.read(ByteRange(0, part.size - 1)))


def test_unpacked_onto_another_stick_it_is_the_same_pack(pack, stick, tmp_path):
    [part] = parts_of(stick, pack.manifest)
    content = whole(part)
    assert len(content) == part.size
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        archive.extractall(tmp_path / "unpacked")
    assert files_in(tmp_path / "unpacked") == files_in(stick)
    verify(tmp_path / "unpacked", read_manifest(tmp_path / "unpacked"))


def test_a_large_pack_is_several_and_the_last_has_the_manifest(pack, stick, monkeypatch):
    monkeypatch.setattr(zips, "PART_BYTES", 200)
    parts = parts_of(stick, pack.manifest)
    assert len(parts) > 2
    names = [ZipFile(BytesIO(whole(part))).namelist() for part in parts]
    assert sorted(name for each in names for name in each) == files_in(stick)
    assert names[-1][-2:] == ["清单.json", "清单.json.sig"]
    assert names_of(parts, stem="课程盘")[0] == f"课程盘（1／{len(parts)}）.zip"


def test_any_span_is_what_stands_there(pack, stick):
    [part] = parts_of(stick, pack.manifest)
    content = whole(part)
    for start in range(0, part.size, 611):
        for length in (1, 30, 4000):
            span = ByteRange(start, min(start + length, part.size) - 1)
            assert b"".join(part.read(span)) == content[span.start : span.last + 1]


def test_beyond_four_gigabytes_it_is_a_zip64(pack, stick, monkeypatch):
    """Shown with a border of 300 bytes: what reads it does not ask how large it is."""
    monkeypatch.setattr(zips, "LARGEST", 300)
    [part] = parts_of(stick, pack.manifest)
    content = whole(part)
    assert len(content) == part.size
    with ZipFile(BytesIO(content)) as archive:
        assert archive.testzip() is None
        assert archive.namelist()[-1] == "清单.json.sig"


def test_a_file_that_changed_meanwhile_breaks_the_download_off(pack, stick):
    [part] = parts_of(stick, pack.manifest)
    size = part.size
    (stick / pack.manifest.files[0].path).write_bytes(b"")
    with pytest.raises(OSError, match="shorter"):
        list(part.read(ByteRange(0, size - 1)))
