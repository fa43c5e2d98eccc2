"""Files that are no media but are often chosen by mistake: what they are, and what to do instead.

"This is no video" does not help the person who chose the file. So each message names the kind of
file, and says what to choose or how to convert it. Recognised by content; by suffix only before an
upload.
"""

from __future__ import annotations

import re
import zipfile
from pathlib import Path, PurePath

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

LOOKED_AT_BYTES = 4096
#: Where a disk image names itself (ECMA-119).
DISK_NAMED_AT = 32_769

CONVERT = _(
    "这是 RealMedia（.rm、.rmvb）视频，太老了，这里读不了。"
    "请在电脑上用“格式工厂”或 VLC 转换成 MP4，再上传。"
)
GIF = _("这是 GIF 动图，不是视频，也没有声音。请上传原来的视频，或者用手机录屏重新录一段。")
PHOTO = _("这是一张照片，不是视频。照片请到“图片”里上传。")
FLASH = _("这是 Flash 动画，不是视频。请在电脑上播放它，同时录屏，再把录下来的 MP4 上传。")
PDF = _("这是 PDF 文档，不是视频。文档请到“文档”里上传。")
SLIDES = _("这是演示文稿（PPT），不是视频。请在 PowerPoint 或 WPS 里选“导出为视频”，再上传。")
DOCUMENT = _("这是文档，不是视频。文档请到“文档”里上传。")
ARCHIVE = _("这是压缩包，不是视频。请先解压，再上传里面的视频。")
PROGRAM = _("这是程序，不是视频。请选择 MP4、MOV 等格式的视频文件。")
SHORTCUT = _("这是快捷方式，不是视频。请打开视频所在的文件夹，选择视频本身。")
PLAYLIST = _("这是播放列表，不是视频，里面只有地址。请选择列表里的视频文件本身。")
WEB_PAGE = _("这是网页，不是视频。请把视频下载下来，再上传下载好的文件。")
SUBTITLES = _("这是字幕，不是视频。请先上传视频，再到它的“核对字幕”里导入这个文件。")
NOTES = _("这是电子乐谱（MIDI），不是录音。请用播放软件存成 MP3，再上传。")
DISK = _("这是光盘镜像，不是视频。请先打开它，再上传里面的视频。")
APP_CACHE = _(
    "这是视频软件缓存的文件，加了密，只能在那个软件里看。请用自己拍的视频，或者没有加密的。"
)
BILIBILI_CACHE = _(
    "这是哔哩哔哩缓存的文件，画面和声音是分开的。请选择自己拍的视频，或者导出好的 MP4。"
)

#: The first bytes of a file, and what it then is.
BEGINNINGS: list[tuple[bytes, Promise]] = [
    (b".RMF", CONVERT), (b".ra\xfd", CONVERT),
    (b"GIF87a", GIF), (b"GIF89a", GIF),
    (b"\xff\xd8\xff", PHOTO), (b"\x89PNG\r\n\x1a\n", PHOTO), (b"BM", PHOTO),
    (b"II*\0", PHOTO), (b"MM\0*", PHOTO), (b"8BPS", PHOTO),
    (b"FWS", FLASH), (b"CWS", FLASH), (b"ZWS", FLASH),
    (b"%PDF-", PDF), (b"{\\rtf", DOCUMENT),
    (b"Rar!\x1a\x07", ARCHIVE), (b"7z\xbc\xaf\x27\x1c", ARCHIVE), (b"\x1f\x8b\x08", ARCHIVE),
    (b"MZ", PROGRAM), (b"\x7fELF", PROGRAM),
    (b"L\0\0\0\x01\x14\x02\0", SHORTCUT), (b"[InternetShortcut]", SHORTCUT),
    (b"MThd", NOTES), (b"QIYI VIDEO", APP_CACHE), (b"000000000\0\0\0", BILIBILI_CACHE),
]  # fmt: skip
#: Two bytes begin a film by chance, too: here what must follow them.
MORE_OF_IT = {
    b"BM": re.compile(rb"BM....\0\0\0\0", re.DOTALL),
    b"MZ": re.compile(rb"MZ.*PE\0\0", re.DOTALL),
    b"FWS": re.compile(rb"FWS[\x01-\x32]"),
    b"CWS": re.compile(rb"CWS[\x06-\x32]"),
    b"ZWS": re.compile(rb"ZWS[\x0d-\x32]"),
}
#: Patterns of text files, matched in lower case after a byte order mark and blanks.
WRITTEN: list[tuple[bytes, Promise]] = [
    (rb"#extm3u|\[playlist\]|<\?wpl|<asx|<smil|ffconcat|<mpd|file \S+\.\w+\s+(wave|mp3)", PLAYLIST),
    (rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?<(playlist|mpd|smil)\b", PLAYLIST),
    (rb"webvtt|\d+\s+\d\d:\d\d:\d\d[,.]\d{3} --> |\[script info\]", SUBTITLES),
    (rb"(<\?xml[^>]*>\s*)?(<!doctype[^>]*>\s*)?<svg\b", PHOTO),
    (rb"(<\?xml[^>]*>\s*)?(<!--.*?-->\s*)?(<!doctype html|<html|<head|<body)\b", WEB_PAGE),
]
#: Brands of still pictures in the `ftyp` box, with which MP4 films begin as well.
STILL_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"mif1", b"avif", b"crx "}
OLE, ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
POWERPOINT_IN_OLE = "PowerPoint Document".encode("utf-16-le")
#: ASF objects that say that the content is encrypted (Microsoft's specification, 3.14 to 3.16).
ASF = bytes.fromhex("3026b2758e66cf11a6d900aa0062ce6c")
ASF_LOCKS = (
    bytes.fromhex("fbb31122 23bdd211b4b700a0c955fc6e"),
    bytes.fromhex("14e68a29 2226174cb935dae07ee9289c"),
)


#: By suffix, to refuse a file before it is sent; the content is examined after the upload.
SUFFIXES: dict[str, Promise] = {
    **dict.fromkeys((".rm", ".rmvb", ".ra", ".ram"), CONVERT),
    ".gif": GIF,
    **dict.fromkeys((".jpg", ".jpeg", ".png", ".bmp", ".webp", ".heic", ".tif", ".tiff"), PHOTO),
    ".swf": FLASH,
    ".pdf": PDF,
    **dict.fromkeys((".ppt", ".pptx", ".pps", ".ppsx", ".dps"), SLIDES),
    **dict.fromkeys((".doc", ".docx", ".xls", ".xlsx", ".wps", ".et", ".txt", ".rtf"), DOCUMENT),
    **dict.fromkeys((".zip", ".rar", ".7z", ".gz", ".tar"), ARCHIVE),
    **dict.fromkeys((".exe", ".apk", ".msi"), PROGRAM),
    **dict.fromkeys((".lnk", ".url"), SHORTCUT),
    **dict.fromkeys((".m3u", ".m3u8", ".wpl", ".pls", ".asx", ".xspf", ".cue", ".mpd"), PLAYLIST),
    **dict.fromkeys((".htm", ".html", ".mht"), WEB_PAGE),
    **dict.fromkeys((".srt", ".vtt", ".ass", ".ssa", ".lrc"), SUBTITLES),
    **dict.fromkeys((".mid", ".midi"), NOTES),
    **dict.fromkeys((".iso", ".img"), DISK),
    **dict.fromkeys((".qlv", ".qsv", ".kux"), APP_CACHE),
}


def explain_by_name(name: str) -> Promise | None:
    """What a file of that name is and what to do, as a sentence; None when it may be of use."""
    return SUFFIXES.get(PurePath(name).suffix.lower())


def explain_by_content(path: Path) -> Promise | None:
    """What the file is and what to do, as a sentence; None when it may be a film or a sound."""
    with path.open("rb") as file:
        head = file.read(LOOKED_AT_BYTES)
        file.seek(DISK_NAMED_AT)
        if file.read(5) == b"CD001":
            return DISK
    if head.startswith(ZIP):
        return _in_zip(path)
    if head.startswith(OLE):
        return SLIDES if _contains(path, POWERPOINT_IN_OLE) else DOCUMENT
    return _by_beginning(head) or _by_box(head) or _by_writing(head)


def _by_beginning(head: bytes) -> Promise | None:
    for beginning, kind in BEGINNINGS:
        if head.startswith(beginning):
            more = MORE_OF_IT.get(beginning)
            if more is None or more.match(head):
                return kind
    return None


def _by_box(head: bytes) -> Promise | None:
    """Formats whose name follows a size or length at the beginning."""
    if head[4:8] == b"ftyp" and head[8:12] in STILL_BRANDS:
        return PHOTO
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return PHOTO
    if head[:16] == ASF and any(lock in head for lock in ASF_LOCKS):
        return APP_CACHE
    return None


def _by_writing(head: bytes) -> Promise | None:
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for pattern, kind in WRITTEN:
        if re.match(pattern, text, re.DOTALL):
            return kind
    return None


def _in_zip(path: Path) -> Promise:
    """Office documents are ZIP archives; the names of their parts tell what they are."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, OSError):
        return ARCHIVE
    if any(name.startswith("ppt/") for name in names):
        return SLIDES
    if "AndroidManifest.xml" in names:
        return PROGRAM
    if any(name.startswith(("word/", "xl/")) or name == "[Content_Types].xml" for name in names):
        return DOCUMENT
    return ARCHIVE


def _contains(path: Path, words: bytes) -> bool:
    """Whether `words` are anywhere in the file, read piece by piece."""
    kept = b""
    with path.open("rb") as file:
        while piece := file.read(2**20):
            if words in kept + piece:
                return True
            kept = piece[-len(words) :]
    return False
