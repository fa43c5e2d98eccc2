"""Any part of a film, exactly, and nothing held open afterwards."""

from __future__ import annotations

import email.utils
import os
import random
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.signals import request_finished
from django.db import close_old_connections
from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.test import RequestFactory
from hypothesis import example, given
from hypothesis import strategies as st
from pytest_django import Settings

from media.ranges import BLOCK_BYTES, ByteRange, RangeNotSatisfiable, parse_range
from media.views import serve_file

CONTENT = random.Random(20).randbytes(3 * BLOCK_BYTES + 17)
SIZE = len(CONTENT)


@pytest.fixture(scope="module", autouse=True)
def _no_request_ends() -> Iterator[None]:
    """As Django's test client does: the end of a response closes no test's database."""
    request_finished.disconnect(close_old_connections)
    yield
    request_finished.connect(close_old_connections)


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served") / "720p.mp4"
    path.write_bytes(CONTENT)
    return path


def test_without_a_range_the_whole_file_comes(film: Path) -> None:
    response = _get(film)
    assert response.status_code == 200
    assert _body(response) == CONTENT
    assert response["Content-Length"] == str(SIZE)
    assert response["Content-Type"] == "video/mp4"
    assert response["Accept-Ranges"] == "bytes"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["ETag"].startswith('"')
    assert "Content-Range" not in response


@given(first=st.integers(0, SIZE + 50), last=st.none() | st.integers(0, SIZE + 50))
@example(first=0, last=0)
@example(first=0, last=1)
@example(first=SIZE - 1, last=None)
def test_a_range_is_exactly_those_bytes(film: Path, first: int, last: int | None) -> None:
    response = _get(film, Range=f"bytes={first}-{'' if last is None else last}")
    if last is not None and last < first:
        assert (response.status_code, _body(response)) == (200, CONTENT)
    elif first >= SIZE:
        assert (response.status_code, _body(response)) == (416, b"")
        assert response["Content-Range"] == f"bytes */{SIZE}"
    else:
        expected = CONTENT[first : None if last is None else last + 1]
        assert (response.status_code, _body(response)) == (206, expected)
        assert response["Content-Length"] == str(len(expected))
        assert response["Content-Range"] == f"bytes {first}-{first + len(expected) - 1}/{SIZE}"


@given(length=st.integers(0, 2 * SIZE))
def test_a_suffix_is_the_end_of_the_file(film: Path, length: int) -> None:
    response = _get(film, Range=f"bytes=-{length}")
    if length == 0:
        assert response.status_code == 416
    else:
        assert (response.status_code, _body(response)) == (206, CONTENT[-length:])


@given(
    header=st.text(st.characters(min_codepoint=32, max_codepoint=255))
    | st.from_regex(r"(bytes)?=?[0-9 ,\-]*", fullmatch=True),
    size=st.integers(0, 10_000),
)
@example(header="bytes=" + "9" * 90 + "-", size=10)
@example(header="bytes=0-" + "9" * 5000, size=10)
@example(header="bytes=0-0,5-6", size=10)
@example(header="bytes=-5", size=0)
@example(header="bytes=٣-٤", size=10)
def test_any_header_at_all_means_a_part_the_whole_or_nothing(header: str, size: int) -> None:
    try:
        span = parse_range(header, size=size)
    except RangeNotSatisfiable:
        assert re.match("(?i)bytes=", header.strip())
    else:
        assert span is None or 0 <= span.start <= span.last < size


def test_several_ranges_are_answered_with_the_whole(film: Path) -> None:
    response = _get(film, Range="bytes=0-1,5-6")
    assert (response.status_code, _body(response)) == (200, CONTENT)


def test_a_range_of_an_older_version_is_answered_with_the_whole(film: Path) -> None:
    current = _get(film)
    for held, code in [
        (current["ETag"], 206),
        (current["Last-Modified"], 206),
        (f"W/{current['ETag']}", 200),
        ('"another"', 200),
        (email.utils.formatdate(0, usegmt=True), 200),
        ("nonsense", 200),
    ]:
        response = _get(film, **{"Range": "bytes=5-9", "If-Range": held})
        assert response.status_code == code, held
        assert _body(response) == (CONTENT[5:10] if code == 206 else CONTENT)
    _body(current)


def test_who_has_this_version_is_not_sent_it_again(film: Path) -> None:
    current = _get(film)
    _body(current)
    for headers, code in [
        ({"If-None-Match": current["ETag"]}, 304),
        ({"If-None-Match": f'"x", W/{current["ETag"]}'}, 304),
        ({"If-None-Match": "*"}, 304),
        ({"If-None-Match": '"x"'}, 200),
        ({"If-Modified-Since": current["Last-Modified"]}, 304),
        ({"If-Modified-Since": email.utils.formatdate(0, usegmt=True)}, 200),
        ({"If-None-Match": '"x"', "If-Modified-Since": current["Last-Modified"]}, 200),
    ]:
        response = _get(film, **headers)
        assert response.status_code == code, headers
        assert response["ETag"] == current["ETag"]
        assert _body(response) == (b"" if code == 304 else CONTENT)


def test_a_file_that_was_replaced_has_another_etag(tmp_path: Path) -> None:
    path = tmp_path / "360p.mp4"
    tags: set[str] = set()
    for content in (b"first", b"other"):
        path.write_bytes(content)
        os.utime(path, ns=(0, len(tags) + 1))
        response = _get(path)
        assert _body(response) == content
        tags.add(response["ETag"])
    assert len(tags) == 2


def test_head_tells_the_length_and_sends_nothing(film: Path) -> None:
    response = serve_file(RequestFactory().head("/", headers={"Range": "bytes=0-4"}), film)
    assert isinstance(response, HttpResponse)
    assert (response.status_code, response.content) == (200, b"")
    assert response["Content-Length"] == str(SIZE)
    assert response["Accept-Ranges"] == "bytes"


def test_nothing_can_be_posted(film: Path) -> None:
    response = serve_file(RequestFactory().post("/"), film)
    assert (response.status_code, response["Allow"]) == (405, "GET, HEAD")


def test_a_file_that_is_gone_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(Http404):
        _get(tmp_path / "gone.mp4")
    with pytest.raises(Http404):
        _get(tmp_path)


def test_an_empty_file_is_empty(tmp_path: Path) -> None:
    empty = tmp_path / "empty.vtt"
    empty.touch()
    response = _get(empty)
    assert (response.status_code, response["Content-Length"], _body(response)) == (200, "0", b"")
    assert _get(empty, Range="bytes=0-").status_code == 416


@pytest.mark.parametrize("name", ["page.html", "drawing.svg", "film.mov", "film.MP4.exe", "plain"])
def test_what_is_not_on_the_list_is_saved_and_never_shown(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"<script>alert(1)</script>")
    response = _get(path)
    _body(response)
    assert response["Content-Type"] == "application/octet-stream"
    assert response["Content-Disposition"] == "attachment"
    assert response["X-Content-Type-Options"] == "nosniff"


def test_the_file_leaves_the_disk_in_blocks(film: Path) -> None:
    response = _get(film)
    assert isinstance(response, StreamingHttpResponse)
    blocks = [len(block) for block in response]
    assert max(blocks) == BLOCK_BYTES
    assert sum(blocks) == SIZE


@pytest.mark.parametrize("blocks_read", [0, 1])
def test_a_viewer_who_leaves_holds_nothing_open(film: Path, blocks_read: int) -> None:
    response = _get(film)
    assert isinstance(response, StreamingHttpResponse)
    viewer = iter(response)
    for _block in range(blocks_read):
        next(viewer)
    assert _held_open(film) == 1
    response.close()
    assert _held_open(film) == 0


def test_no_answer_leaves_the_file_open(film: Path) -> None:
    for headers in [
        {},
        {"Range": "bytes=5-9"},
        {"Range": f"bytes={SIZE}-"},
        {"If-None-Match": "*"},
    ]:
        _body(_get(film, **headers))
    serve_file(RequestFactory().head("/"), film)
    assert _held_open(film) == 0


def test_nginx_is_told_where_the_file_lies(tmp_path: Path, settings: Settings) -> None:
    settings.MEDIA_ROOT = tmp_path
    settings.MEDIA_ACCEL_PREFIX = "/protected/"
    response = _get(tmp_path / "videos/7/课 1.mp4", Range="bytes=0-1")
    assert response["X-Accel-Redirect"] == "/protected/videos/7/%E8%AF%BE%201.mp4"
    assert response["Content-Type"] == "video/mp4"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert _body(response) == b""
    with pytest.raises(ValueError, match="not in the subpath"):
        _get(tmp_path / "../secret.mp4")


def test_a_span_counts_both_its_ends() -> None:
    assert ByteRange(0, 0).length == 1


def _get(path: Path, **headers: str) -> HttpResponseBase:
    return serve_file(RequestFactory().get("/", headers=headers), path)


def _body(response: HttpResponseBase) -> bytes:
    if isinstance(response, StreamingHttpResponse):
        body = b"".join(response)
    else:
        assert isinstance(response, HttpResponse)
        body = response.content
    response.close()
    return body


def _held_open(path: Path) -> int:
    links = (link.readlink() for link in Path("/proc/self/fd").iterdir() if link.exists())
    return sum(link == path for link in links)
