"""Names that any stick holds, and paths that stay inside."""

import os

import pytest

from lms.packs.paths import folded, is_fit, open_inside, readable_name, refuse_clashes
from lms.packs.refusals import PackError


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("扫码付钱", "扫码付钱"),
        ('怎么办？"问":再/看\\一*遍<>|', "怎么办？”问”：再／看＼一＊遍〈〉｜"),
        ("  两头 有\t空格. ", "两头 有 空格"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("看\u202e不见\u200b的\x00", "看不见的"),
        ("…", "…"),
        ("...", "课"),
    ],
)
def test_a_title_becomes_a_name_that_people_can_still_read(words, name):
    assert readable_name(words, instead="课") == name
    assert is_fit(f"课程/{name}.mp4")


def test_a_long_title_is_cut_between_characters():
    assert readable_name("课" * 300) == "课" * 60
    assert len(readable_name("𠮷" * 300).encode()) <= 180


@pytest.mark.parametrize(
    "path",
    [
        "../etc/passwd",
        "课程/../../x",
        "/etc/passwd",
        "课程//x",
        "课程/",
        "./x",
        "..",
        "C:/x",
        "课程\\x",
        "a\0b",
        "a\nb",
        "CON/x",
        "课程/aux.mp4",
        "com1.pdf",
        "x.",
        "x ",
        "a?b",
        "a\u202eb",
        "e\u0301",  # not composed: another name on some disks
        "x" * 231,
        "/".join("x" * 13),
        "",
    ],
)
def test_a_path_that_leaves_the_pack_or_fits_no_stick_is_seen(path):
    assert not is_fit(path)


@pytest.mark.parametrize(
    "paths",
    [
        ("a.mp4", "a.mp4"),
        ("a.mp4", "A.MP4"),
        ("课程/ß.mp4", "课程/SS.mp4"),
        ("a", "a/b"),
        ("a/b", "A"),
    ],
)
def test_two_files_in_one_place_are_refused(paths):
    with pytest.raises(PackError, match="写了两次"):
        refuse_clashes(paths)


def test_beside_each_other_they_may_lie():
    refuse_clashes(["a/b", "a/c", "ab", "b/a"])
    assert folded("Ａ") != folded("b")


def test_a_symbolic_link_is_opened_nowhere_on_the_way(tmp_path):
    pack, outside = tmp_path / "pack", tmp_path / "outside"
    pack.mkdir()
    outside.mkdir()
    (outside / "secret").write_text("secret")
    (pack / "file").symlink_to(outside / "secret")
    (pack / "folder").symlink_to(outside)
    for path in ("file", "folder/secret"):
        with pytest.raises(PackError, match="不是普通文件"):
            open_inside(pack, path)


def test_a_pipe_or_a_folder_is_no_file_and_nobody_waits_for_it(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    for path in ("pipe", "folder"):
        with pytest.raises(PackError, match="不是普通文件"):
            open_inside(tmp_path, path)
