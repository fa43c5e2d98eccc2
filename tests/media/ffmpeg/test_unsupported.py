"""What people choose by mistake is called by its name, and told how it becomes a film."""

from __future__ import annotations

import struct
import zipfile

import pytest

from media.ffmpeg.probe import UnusableMedia, probe
from media.ffmpeg.unsupported import ASF, ASF_LOCKS, POWERPOINT_IN_OLE, explain_by_content
from media.uploads.services import UploadRefused, refuse_unfit
from tests.media.films import make_film, pattern, speech

BMP = b"BM" + struct.pack("<IHHI", 1000, 0, 0, 54) + bytes(200)
EXE = b"MZ" + bytes(200) + b"This program cannot be run in DOS mode" + b"PE\0\0" + bytes(50)
HEIC = struct.pack(">I", 24) + b"ftypheic" + bytes(100)
WEBP = b"RIFF\x10\0\0\0WEBPVP8 " + bytes(100)
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
M3U = "\ufeff#EXTM3U\n#EXTINF:10,\nC:\\视频\\量血压.mp4\n".encode()
WPL = b'<?wpl version="1.0"?>\n<smil><body/></smil>'
XSPF = b'<?xml version="1.0"?>\n<playlist version="1"><trackList/></playlist>'
MPD = b'<?xml version="1.0"?>\n<MPD><BaseURL>a.mp4</BaseURL></MPD>'
SRT = "1\n00:00:01,000 --> 00:00:02,000\n大家好\n".encode()


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b".RMF\0\0\0\x12" + bytes(300), "RealMedia"),
        (b".ra\xfd\0\x04" + bytes(300), "RealMedia"),
        (b"GIF89a" + bytes(300), "GIF 动图"),
        (b"\xff\xd8\xff\xe0" + bytes(300), "照片"),
        (b"\x89PNG\r\n\x1a\n" + bytes(300), "照片"),
        (BMP, "照片"),
        (HEIC, "照片"),
        (WEBP, "照片"),
        (b"CWS\x0a" + bytes(300), "Flash"),
        (b"%PDF-1.7\n" + bytes(300), "PDF"),
        (OLE + bytes(2**20) + POWERPOINT_IN_OLE + bytes(300), "导出为视频"),
        (OLE + bytes(3000), "文档"),
        (b"Rar!\x1a\x07\x01\0" + bytes(300), "先解压"),
        (b"7z\xbc\xaf\x27\x1c" + bytes(300), "先解压"),
        (EXE, "程序"),
        (M3U, "播放列表"),
        (WPL, "播放列表"),
        (XSPF, "播放列表"),
        (MPD, "播放列表"),
        (b"[playlist]\nFile1=a.mp4\n", "播放列表"),
        (b"<!DOCTYPE html>\n<html></html>", "网页"),
        (SRT, "字幕"),
        (b"WEBVTT\n\n00:01.000 --> 00:02.000\n", "字幕"),
        (b"MThd\0\0\0\x06" + bytes(100), "乐谱"),
        (b"QIYI VIDEO\x02\0\0\0" + bytes(300), "加了密"),
        (ASF + bytes(200) + ASF_LOCKS[0] + bytes(300), "加了密"),
        (bytes(32_769) + b"CD001\x01" + bytes(2000), "光盘镜像"),
        (b"L\0\0\0\x01\x14\x02\0" + bytes(100), "快捷方式"),
    ],
)
def test_it_is_known_by_what_is_in_it(content, words, tmp_path):
    disguised = tmp_path / "lesson.mp4"
    disguised.write_bytes(content)
    with pytest.raises(UnusableMedia, match=words) as refused:
        probe(disguised)
    assert str(refused.value).endswith("。")


@pytest.mark.parametrize(
    ("part", "words"),
    [
        ("ppt/presentation.xml", "导出为视频"),
        ("word/document.xml", "这是文档"),
        ("AndroidManifest.xml", "这是程序"),
        ("视频/第一课.mp4", "先解压"),
    ],
)
def test_archives_are_known_by_their_parts(part, words, tmp_path):
    with zipfile.ZipFile(tmp_path / "lesson.mp4", "w") as archive:
        archive.writestr(part, "x")
    assert words in str(explain_by_content(tmp_path / "lesson.mp4"))


@pytest.mark.parametrize("kind", ["mp4", "mkv", "avi", "flv", "wmv", "mpg", "ts", "ogv"])
def test_no_film_counts_as_unsupported(kind, tmp_path):
    film = make_film(tmp_path / f"film.{kind}", *pattern("320x180", rate=25, seconds=1))
    assert explain_by_content(film) is None


@pytest.mark.parametrize("kind", ["mp3", "m4a", "wav", "flac", "ogg", "amr", "aiff", "caf", "wma"])
def test_no_sound_counts_as_unsupported(kind, tmp_path):
    narrow = ["-ar", "8000", "-ac", "1"] if kind == "amr" else []
    sound = make_film(tmp_path / f"sound.{kind}", *speech(seconds=2), *narrow)
    assert explain_by_content(sound) is None
    assert probe(sound).duration_ms == pytest.approx(2000, abs=200)


def test_a_bought_film_is_said_to_be_locked(tmp_path):
    """The sample description's name is all that FairPlay changes for whoever looks from outside."""
    film = make_film(
        tmp_path / "film.mp4",
        *pattern("320x180", rate=25, seconds=1),
        *["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p"],
    )
    content = film.read_bytes()
    assert b"avc1\0\0\0\0" in content
    film.write_bytes(content.replace(b"avc1\0\0\0\0", b"drmi\0\0\0\0"))
    with pytest.raises(UnusableMedia, match="加了密"):
        probe(film)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("老电影.RMVB", "RealMedia"),
        ("第一课.pptx", "导出为视频"),
        ("a.qlv", "加了密"),
        ("表.csv", "不是视频，也不是录音"),
    ],
)
def test_it_is_said_before_anything_is_sent(name, words):
    assert words in refusal(name)


@pytest.mark.parametrize("name", ["口述.MP3", "语音.m4a", "电话录音.amr", "a.wav", "上课.mp4"])
def test_films_and_sounds_may_be_sent(name):
    assert refusal(name) == ""


def refusal(name: str) -> str:
    try:
        refuse_unfit(name=name, size_bytes=1)
    except UploadRefused as refused:
        return str(refused)
    return ""
