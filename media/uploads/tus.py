"""Resumable uploads over HTTP: tus 1.0.0, the core with creation, expiration and termination.

https://tus.io/protocols/resumable-upload. Errors are plain text for people. Why this and not a
library: docs/features/videos.md.
"""

from __future__ import annotations

import binascii
import re
from base64 import b64decode
from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views import View

from media.models import Upload
from media.uploads import services

VERSION = "1.0.0"
EXTENSIONS = "creation,expiration,termination"
PIECE_TYPE = "application/offset+octet-stream"


class TusMiddleware:
    """Adds the Tus-Resumable header to every response below the uploads' address, as tus asks, also
    to those that no view gives (signed out, no CSRF token, 404)."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.path.startswith(reverse("videos:uploads")):
            response["Tus-Resumable"] = VERSION
        return response


class TusView(View):
    """For users with `permission`, about their own uploads; 404 for others."""

    permission: str = ""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.has_perm(self.permission):
            raise Http404
        if request.method == "POST":  # which CSRF has checked; it lets GET and OPTIONS through
            request.method = request.headers.get("X-HTTP-Method-Override", request.method)
        if request.method in {"GET", "OPTIONS"} or _version_of(request) == VERSION:
            return super().dispatch(request, *args, **kwargs)
        response = _says(412, _("这个页面太旧了。请刷新以后再上传。"))
        response["Tus-Version"] = VERSION
        return response

    def options(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        return HttpResponse(
            status=204,
            headers={
                "Tus-Version": VERSION,
                "Tus-Extension": EXTENSIONS,
                "Tus-Max-Size": str(settings.VIDEO_MAX_UPLOAD_MIB * 2**20),
            },
        )


class UploadsView(TusView):
    """Begins an upload, and tells a page whether a file has been uploaded before."""

    http_method_names = ["get", "post", "options"]

    def get(self, request: HttpRequest) -> JsonResponse:
        """The person's upload of the file that name, size and modified describe; null for none."""
        try:
            size_bytes = _whole_number(request.GET.get("size"))
        except ValueError:
            raise Http404 from None
        fingerprint = services.fingerprint_of(
            name=request.GET.get("name", ""),
            size_bytes=size_bytes,
            modified=request.GET.get("modified", ""),
        )
        uploads = Upload.objects.of(request.user).select_related("video")
        upload = uploads.filter(fingerprint=fingerprint).first()
        answer = {
            "upload": _address(upload) if upload else None,
            "video": _video_told(upload) if upload and upload.video else None,
        }
        return JsonResponse(answer, headers={"Cache-Control": "no-store"})

    def post(self, request: HttpRequest) -> HttpResponse:
        assert request.user.is_authenticated  # dispatch() has asked for a permission
        header = request.headers.get("Upload-Metadata", "")
        try:
            told = read_metadata(header)
            size_bytes = _whole_number(request.headers.get("Upload-Length"))
        except ValueError:
            return _says(400, _("没有说清文件的大小和名字。请刷新以后再上传。"))
        try:
            upload = services.begin_upload(
                owner=request.user,
                name=told.get("filename", ""),
                size_bytes=size_bytes,
                content_type=told.get("filetype", ""),
                modified=told.get("modified", ""),
                metadata=header,
            )
        except services.TooLarge as reason:
            return _says(413, str(reason))
        except services.NoRoom as reason:
            return _says(507, str(reason))
        except services.UploadRefused as reason:
            return _says(400, str(reason))
        response = HttpResponse(status=201, headers={"Location": _address(upload)})
        return _with_expiry(response, upload)


class UploadView(TusView):
    http_method_names = ["head", "patch", "delete", "options"]

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        super().setup(request, *args, **kwargs)
        self.key: UUID = kwargs["key"]

    def upload(self) -> Upload:
        uploads = Upload.objects.of(self.request.user).filter(key=self.key)
        upload = uploads.select_related("video").first()
        if upload is None:
            raise Http404
        return upload

    def head(self, request: HttpRequest, key: UUID) -> HttpResponse:
        upload = self.upload()
        response = HttpResponse(
            headers={
                "Upload-Offset": str(upload.received_bytes),
                "Upload-Length": str(upload.size_bytes),
                "Cache-Control": "no-store",
            }
        )
        if upload.metadata:
            response["Upload-Metadata"] = upload.metadata
        return _with_expiry(response, upload)

    def patch(self, request: HttpRequest, key: UUID) -> HttpResponse:
        upload = self.upload()
        if request.content_type != PIECE_TYPE:
            return _says(415, PIECE_TYPE)
        if "Transfer-Encoding" in request.headers:  # Django reads no body of unknown length
            return _says(411, "Content-Length")
        try:
            at_byte = _whole_number(request.headers.get("Upload-Offset"))
            size_bytes = _whole_number(request.headers.get("Content-Length") or "0")
        except ValueError:
            return _says(400, "Upload-Offset")
        if at_byte + size_bytes > upload.size_bytes:
            here = upload.received_bytes
            return _says(400, "Content-Length") if at_byte == here else _says_where(here)
        try:
            here = services.receive(upload, at_byte=at_byte, piece=request, size_bytes=size_bytes)
        except services.WrongPlace as wrong:
            return _says_where(wrong.received_bytes)
        except services.Busy:
            return _says(423, _("上一次的连接还没有断开，请稍等。"))
        except services.NoRoom as reason:
            return _says(507, str(reason))
        try:
            upload.refresh_from_db(fields=["touched_at"])
        except Upload.DoesNotExist:  # deleted in another window meanwhile
            services.forget_upload(upload)  # the piece may have created the file again
            raise Http404 from None
        response = HttpResponse(status=204, headers={"Upload-Offset": str(here)})
        return _with_expiry(response, upload)

    def delete(self, request: HttpRequest, key: UUID) -> HttpResponse:
        services.forget_upload(self.upload())
        return HttpResponse(status=204)


def read_metadata(header: str) -> dict[str, str]:
    """Keys and decoded values of an Upload-Metadata header; ValueError if it is malformed."""
    told: dict[str, str] = {}
    for pair in filter(None, (part.strip() for part in header.split(","))):
        key, _blank, value = pair.partition(" ")
        try:
            told[key] = b64decode(value, validate=True).decode()
        except binascii.Error as error:
            raise ValueError(header) from error
    return told


def _whole_number(written: str | None) -> int:
    """Raises ValueError for anything but the digits 0 to 9; int() accepts more."""
    if written is None or not re.fullmatch("[0-9]+", written):
        raise ValueError(written)
    return int(written)


def _version_of(request: HttpRequest) -> str | None:
    return request.headers.get("Tus-Resumable")


def _address(upload: Upload) -> str:
    return reverse("videos:upload", args=[upload.key])


def _video_told(upload: Upload) -> dict[str, str]:
    assert upload.video is not None
    return {
        "title": upload.video.title,
        "url": reverse("videos:inspect", args=[upload.video.pk]),
    }


def _with_expiry(response: HttpResponse, upload: Upload) -> HttpResponse:
    if upload.video_id is None:
        response["Upload-Expires"] = http_date(upload.expires_at.timestamp())
    return response


def _says_where(received_bytes: int) -> HttpResponse:
    response = _says(409, "Upload-Offset")
    response["Upload-Offset"] = str(received_bytes)
    return response


def _says(status: int, words: str) -> HttpResponse:
    return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
