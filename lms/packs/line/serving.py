"""A city's newest pack for whoever fetches it: the manifest, its signature, and files by what is
in them. All of it is published anyway, so nobody is asked who he is."""

import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from lms.packs.choices import JobState, Quality, Scope
from lms.packs.manifest import MANIFEST, SIGNATURE, digest, parsed
from lms.packs.models import PackMaking
from lms.packs.refusals import PackError
from media.ranges import RangeNotSatisfiable, parse_range
from media.views import serve_file

SHA256 = re.compile("[0-9a-f]{64}")
#: A file with this name never becomes another one.
FOR_EVER = "public, max-age=31536000, immutable"
#: Which of the packs with all lessons that were made at the same time: films of any television.
FIRST = Quality.SUBTITLED


@dataclass(frozen=True)
class Newest:
    folder: Path
    manifest: bytes
    signature: bytes


@require_safe
def manifest(request: HttpRequest) -> HttpResponse:
    """清单.json as it was signed; its ETag is its digest, so that asking again costs nothing."""
    return as_it_is(request, newest().manifest, "application/json; charset=utf-8")


@require_safe
def signature(request: HttpRequest) -> HttpResponse:
    return as_it_is(request, newest().signature, "text/plain; charset=utf-8")


@require_safe
def file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """With Range. 404 once a newer pack has it no more."""
    found = newest()
    path, size = paths_in(found.manifest).get(sha256, ("", 0))
    whole = found.folder / path
    if not path or not whole.is_file() or whole.stat().st_size != size:
        raise Http404(_("找不到这个文件。"))
    response = serve_file(request, whole, by_nginx=False)
    response["Cache-Control"] = FOR_EVER
    response["ETag"] = f'"{sha256}"'
    return response


def as_it_is(request: HttpRequest, content: bytes, content_type: str) -> HttpResponse:
    """All of it; the rest of it for whose If-Range says that he has its beginning."""
    etag = f'"{digest(content)}"'
    span = None
    if request.headers.get("If-Range") == etag:
        try:
            span = parse_range(request.headers.get("Range", ""), size=len(content))
        except RangeNotSatisfiable:
            return HttpResponse(status=416, headers={"Content-Range": f"bytes */{len(content)}"})
    shown = content if span is None else content[span.start : span.last + 1]
    response = HttpResponse(shown, content_type=content_type, status=206 if span else 200)
    if span is not None:
        response["Content-Range"] = f"bytes {span.start}-{span.last}/{len(content)}"
    response["Content-Length"] = str(len(shown))
    response["ETag"] = etag
    response["Cache-Control"] = "no-cache"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def newest() -> Newest:
    """Of all lessons, as it was made last. Raises Http404 where none is whole."""
    whole = PackMaking.objects.filter(scope=Scope.ALL, state=JobState.DONE, edition__isnull=False)
    made = sorted(whole, key=lambda each: (-(each.edition or 0), each.quality != FIRST))
    for making in made:
        folder = Path(settings.VAR_DIR) / "packs" / making.folder
        try:
            content = (folder / MANIFEST).read_bytes()
            return Newest(folder, content, (folder / SIGNATURE).read_bytes())
        except OSError:  # it is being made anew, or was cleared away
            continue
    raise Http404(_("这里还没有做好的课程盘。"))


@lru_cache(maxsize=2)
def paths_in(content: bytes) -> dict[str, tuple[str, int]]:
    """Path and size (bytes) by digest. Raises Http404 for a manifest that cannot be read."""
    try:
        return {each.sha256: (each.path, each.size) for each in parsed(content).files}
    except PackError as error:
        raise Http404(str(error)) from error
