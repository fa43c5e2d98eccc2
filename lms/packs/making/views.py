"""课程盘: chosen, its size seen, made in the background, taken along."""

from collections.abc import Iterator
from threading import BoundedSemaphore
from typing import cast

from django.http import Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe

from lms.accounts.access import SignedInRequest, for_staff
from lms.packs.choices import JobState
from lms.packs.disk import size_in_words
from lms.packs.making.asking import ask_for_pack
from lms.packs.making.choosing import chosen
from lms.packs.making.contents import size_before, without_film
from lms.packs.making.forms import PackForm, sticks_for
from lms.packs.making.services import packs_folder
from lms.packs.making.zips import ZipPart, names_of, parts_of
from lms.packs.manifest import read_manifest
from lms.packs.models import PackMaking, makes_packs
from lms.packs.paths import readable_name
from lms.packs.refusals import PackError
from media.ranges import ByteRange, RangeNotSatisfiable, parse_range

#: Of the packs that were made; and after how many seconds the page looks again.
SHOWN, LOOKS_AGAIN_SECONDS = 20, 8
#: Each holds one of a web process's threads for as long as its line needs.
DOWNLOADS_AT_ONCE, RETRY_SECONDS = 2, 60

_downloads = BoundedSemaphore(DOWNLOADS_AT_ONCE)


class Download(Iterator[bytes]):
    """What is sent of a ZIP. It holds a place among the downloads until close()."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._holds = True

    def __next__(self) -> bytes:
        return next(self._pieces)

    def close(self) -> None:
        """By Django, when all was sent or nobody listens any more."""
        if self._holds:
            self._holds = False
            _downloads.release()


@require_safe
@for_staff
def home(request: SignedInRequest) -> HttpResponse:
    """What to choose; once it was chosen, how large it would be."""
    _required(request)
    form = PackForm(request.GET if "what" in request.GET else None)
    return _home(request, form)


def _home(request: SignedInRequest, form: PackForm) -> HttpResponse:
    asked = None
    if form.is_bound and form.is_valid():
        try:
            choice = chosen(**form.choice())
        except PackError as reason:
            form.add_error(None, str(reason))
        else:
            size = size_before(choice)
            asked = {
                "lessons": len(choice.lessons),
                "manuals": len(choice.manuals),
                "without_film": without_film(choice),
                "size": size_in_words(size),
                "stick": sticks_for(size),
            }
    makings = PackMaking.objects.visible_to(request.user).select_related("page")[:SHOWN]
    context = {"form": form, "asked": asked, "makings": makings}
    return render(request, "packs/home.html", context, status=422 if form.errors else 200)


@require_POST
@for_staff
def ask(request: SignedInRequest) -> HttpResponse:
    _required(request)
    form = PackForm(request.POST)
    if not form.is_valid():
        return _home(request, form)
    try:
        making = ask_for_pack(**form.choice(), by=request.user)
    except PackError as reason:
        form.add_error(None, str(reason))
        return _home(request, form)
    return redirect("packs:making", making.pk)


@require_safe
@for_staff
def making(request: SignedInRequest, pk: int) -> HttpResponse:
    """How far it is; then its parts."""
    row = get_object_or_404(PackMaking.objects.visible_to(request.user), pk=pk)
    parts = _parts(row)
    names = names_of(parts, stem=_stem(row))
    context = {
        "making": row,
        "size": size_in_words(row.size_bytes or 0),
        "parts": [
            (number, name, size_in_words(part.size))
            for number, (name, part) in enumerate(zip(names, parts, strict=True), start=1)
        ],
        "folder": packs_folder() / row.folder,
        "seconds": LOOKS_AGAIN_SECONDS,
        "newer": _newer(row),
    }
    return render(request, "packs/making.html", context)


def _newer(row: PackMaking) -> PackMaking | None:
    """A later making of the same pack, in whose folder it now is."""
    later = PackMaking.objects.filter(folder=row.folder, pk__gt=row.pk)
    return later.order_by("-pk").first() if row.is_over else None


@require_safe
@for_staff
def part(request: SignedInRequest, pk: int, number: int) -> HttpResponse:
    """One ZIP, or the rest of it where a download was cut."""
    row = get_object_or_404(PackMaking.objects.visible_to(request.user), pk=pk)
    parts = _parts(row)
    if not 1 <= number <= len(parts):
        raise Http404
    wanted, name = parts[number - 1], names_of(parts, stem=_stem(row))[number - 1]
    headers = {
        "Accept-Ranges": "bytes",
        "ETag": f'"{row.edition}-{number}-{wanted.size:x}"',
        "Content-Type": "application/zip",
        "Content-Disposition": content_disposition_header(True, name) or "",
    }
    return cast(HttpResponse, _answer(request, wanted, headers))


def _answer(request: SignedInRequest, wanted: ZipPart, headers: dict[str, str]) -> HttpResponseBase:
    size, status = wanted.size, 200
    goes_on = request.headers.get("If-Range", headers["ETag"]) == headers["ETag"]
    try:
        span = parse_range(request.headers.get("Range", ""), size=size) if goes_on else None
    except RangeNotSatisfiable:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}"})
    if span is None:
        span = ByteRange(0, size - 1)
    else:
        status, headers["Content-Range"] = 206, f"bytes {span.start}-{span.last}/{size}"
    headers["Content-Length"] = str(span.length)
    if request.method == "HEAD":
        return HttpResponse(status=status, headers=headers)
    if not _downloads.acquire(blocking=False):
        busy = render(request, "packs/busy.html", status=503)
        busy["Retry-After"] = str(RETRY_SECONDS)
        return busy
    download = Download(wanted.read(span))
    return StreamingHttpResponse(download, status=status, headers=headers)


def _parts(row: PackMaking) -> list[ZipPart]:
    """Empty before it is made, while it is made anew, and when it was forgotten."""
    if row.state != JobState.DONE:
        return []
    folder = packs_folder() / row.folder
    try:
        manifest = read_manifest(folder)
        return parts_of(folder, manifest) if manifest.edition == row.edition else []
    except (PackError, OSError):
        return []


def _stem(row: PackMaking) -> str:
    title = row.page.title if row.page else row.get_scope_display()
    return readable_name(f"课程盘 {title}", instead="课程盘")


def _required(request: SignedInRequest) -> None:
    """Raises Http404 for who makes no packs."""
    if not makes_packs(request.user):
        raise Http404
