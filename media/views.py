"""Media files over HTTP, with the range requests that players use for seeking."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.core.files.storage import default_storage
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404
from django.utils.http import http_date, parse_etags, parse_http_date_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from media.models import Video
from media.pipeline.queries import progress_of
from media.ranges import ByteRange, FileRange, RangeNotSatisfiable, parse_range
from media.sending import HandedFile, hand

if TYPE_CHECKING:  # boto3 takes 30 MB, where no object store is
    from media.objects import ObjectStorage

# What a browser may display. Anything else is sent as a download, so that an upload that is really
# HTML or SVG cannot run scripts.
CONTENT_TYPES = {
    ".mp4": "video/mp4",
    ".m4a": "audio/mp4",
    ".gif": "image/gif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".png": "image/png",
    ".webp": "image/webp",
    ".vtt": "text/vtt; charset=utf-8",
}

#: Public folders of the storage: the names in them are random, and the files were made to be shown.
#: Originals are for staff; all other folders are closed.
OPEN_FOLDERS = {"videos", "posters", "images", "narrations", "covers"}
STAFF_FOLDERS = {"originals", "original_images"}

#: Errors of the system for a name that is not a file.
NO_FILE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ENAMETOOLONG}


def serve_media(request: HttpRequest, name: str) -> HttpResponseBase:
    """A file of the storage; 404 where it is missing, and for those who may not have it."""
    if "\0" in name:  # not allowed in a file name; open() would raise ValueError
        raise Http404(_("找不到这个文件。"))
    # By the file's real folder, not by how the name begins (videos/../originals/…).
    name = posixpath.normpath(name)
    folder = name.partition("/")[0]
    if folder in STAFF_FOLDERS:
        allowed = request.user.has_perm("media.change_video")
    else:
        allowed = folder in OPEN_FOLDERS
    if not allowed:
        raise Http404(_("找不到这个文件。"))
    return serve_stored(request, name)


@require_safe
def video_progress(request: HttpRequest, key: UUID) -> JsonResponse:
    """How far the work on a video is, for the progress bars that poll it."""
    video = get_object_or_404(Video.objects.prefetch_related("stages", "renditions"), key=key)
    response = JsonResponse(progress_of(video).as_json())
    response["Cache-Control"] = "no-store"
    return response


def serve_stored(request: HttpRequest, name: str) -> HttpResponseBase:
    """As `serve_file`, wherever the storage has it."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:
        send = _object_by_nginx if settings.MEDIA_ACCEL_PREFIX else _object_from_here
        return _shown(request, name, send)
    return serve_file(request, path)


def serve_file(request: HttpRequest, path: Path, *, by_nginx: bool = True) -> HttpResponseBase:
    """Answer GET and HEAD for ``path``: 200, 206, 304 or 416; raises Http404 if it is gone.

    The file is streamed, and closed when the client disconnects; by media/sending.py where the
    server offers that. Under ASGI Django would read it into memory first, so this is for WSGI.
    With MEDIA_ACCEL_PREFIX set, nginx sends the bytes instead, and ``path`` must lie under
    MEDIA_ROOT; ``by_nginx`` False is for files elsewhere.
    """
    send = _file_by_nginx if settings.MEDIA_ACCEL_PREFIX and by_nginx else _file_from_here
    return _shown(request, str(path), send)


def _shown(
    request: HttpRequest, name: str, send: Callable[[HttpRequest, str], HttpResponseBase]
) -> HttpResponseBase:
    if request.method not in {"GET", "HEAD"}:
        return HttpResponseNotAllowed(["GET", "HEAD"])
    response = send(request, name)
    content_type = CONTENT_TYPES.get(PurePath(name).suffix.lower())
    response["Content-Type"] = content_type or "application/octet-stream"
    if content_type is None:
        response["Content-Disposition"] = "attachment"
    response["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "private, max-age=3600")
    return response


def _file_by_nginx(request: HttpRequest, path: str) -> HttpResponse:
    inside = Path(path).resolve().relative_to(Path(settings.MEDIA_ROOT).resolve())
    return _by_nginx(inside.as_posix())


def _object_by_nginx(request: HttpRequest, name: str) -> HttpResponse:
    """nginx asks the store, which knows it by the signature."""
    return _by_nginx(name, signature=f"?{_objects().signature(name)}")


def _by_nginx(name: str, *, signature: str = "") -> HttpResponse:
    prefix = settings.MEDIA_ACCEL_PREFIX.rstrip("/")
    return HttpResponse(headers={"X-Accel-Redirect": f"{prefix}/{quote(name)}{signature}"})


def _file_from_here(request: HttpRequest, path: str) -> HttpResponseBase:
    try:
        file = open(path, "rb")  # noqa: PTH123, SIM115 - a path as text; the answer closes it
    except OSError as error:
        if error.errno not in NO_FILE:
            raise
        raise Http404(_("找不到这个文件。")) from error
    status = os.fstat(file.fileno())
    size, changed_at = status.st_size, int(status.st_mtime)
    etag = f'"{status.st_mtime_ns:x}-{size:x}"'
    answer, span = _answer(request, size=size, changed_at=changed_at, etag=etag)
    if span is None:
        file.close()
        return HttpResponse(**answer)
    sends = HandedFile if hand.is_open else FileRange
    return StreamingHttpResponse(sends(file, span=span), **answer)


def _object_from_here(request: HttpRequest, name: str) -> HttpResponseBase:
    try:
        found = _objects().found(name)
    except FileNotFoundError as error:
        raise Http404(_("找不到这个文件。")) from error
    changed_at = int(found.last_modified.timestamp())
    answer, span = _answer(
        request, size=found.content_length, changed_at=changed_at, etag=found.e_tag
    )
    if span is None:
        return HttpResponse(**answer)
    return StreamingHttpResponse(_objects().span_of(found, span), **answer)


def _objects() -> ObjectStorage:
    """What `default_storage` is where it has no paths."""
    return cast("ObjectStorage", default_storage)


def _answer(
    request: HttpRequest, *, size: int, changed_at: int, etag: str
) -> tuple[dict[str, Any], ByteRange | None]:
    """Status and headers, and which bytes follow them: None for none."""
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": etag,
        "Last-Modified": http_date(changed_at),
    }
    if _is_known(request, etag=etag, changed_at=changed_at):
        return {"status": 304, "headers": headers}, None
    try:
        span = _wanted_span(request, size=size, etag=etag, changed_at=changed_at)
    except RangeNotSatisfiable:
        return {"status": 416, "headers": headers | {"Content-Range": f"bytes */{size}"}}, None
    code = 200
    if span is None:
        span = ByteRange(0, size - 1)
    else:
        code = 206
        headers["Content-Range"] = f"bytes {span.start}-{span.last}/{size}"
    headers["Content-Length"] = str(span.length)
    answer = {"status": code, "headers": headers}
    return answer, None if request.method == "HEAD" else span


def _is_known(request: HttpRequest, *, etag: str, changed_at: int) -> bool:
    """Whether the client has this version: by If-None-Match, else by If-Modified-Since."""
    if "If-None-Match" in request.headers:
        known = parse_etags(request.headers["If-None-Match"])
        return "*" in known or etag in {tag.removeprefix("W/") for tag in known}
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and changed_at <= since


def _wanted_span(
    request: HttpRequest, *, size: int, etag: str, changed_at: int
) -> ByteRange | None:
    """The part asked for; None for the whole. HEAD has no ranges (RFC 9110, 14.2)."""
    header = request.headers.get("Range")
    if header is None or request.method != "GET":
        return None
    held = request.headers.get("If-Range", "").strip()
    if held and held != etag and parse_http_date_safe(held) != changed_at:
        return None
    return parse_range(header, size=size)
