"""What boxes send by the network. There is nobody to sign in: each letter is signed."""

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lms.boxes.choices import BoxState, Carrier, LetterKind
from lms.boxes.letters import MOST_BYTES, read_head
from lms.boxes.models import VillageBox
from lms.boxes.refusals import BoxRefused
from lms.boxes.services.registering import answer_hello
from lms.boxes.services.snapshots import answer_letter, news_for
from lms.boxes.services.speaking import take_ask
from lms.boxes.services.taking import take_batch
from lms.limits import allows

REFUSED, GONE, TOO_OFTEN = 409, 410, 429


def _refused(why: object, status: int = REFUSED) -> HttpResponse:
    return JsonResponse({"words": str(why)}, status=status)


def _body(request: HttpRequest) -> bytes:
    """Raises BoxRefused for what is too large to be a letter."""
    try:
        length = int(request.headers.get("Content-Length") or 0)
    except ValueError:
        length = 0
    if length > MOST_BYTES:
        raise BoxRefused(_("这封信太大了。没有收。"))
    return request.read(MOST_BYTES + 1)


def _status_for(written: bytes) -> int:
    """Whether the box should stop: it is not known any more."""
    try:
        head = read_head(written)
    except BoxRefused:
        return REFUSED
    at_work = VillageBox.objects.filter(uid=head.box, state=BoxState.AT_WORK)
    return REFUSED if at_work.exists() else GONE


@csrf_exempt
@never_cache
@require_POST
def hello(request: HttpRequest) -> HttpResponse:
    if not allows(request, "box_hello"):
        return _refused(_("试得太多了，过一小时再试。"), TOO_OFTEN)
    try:
        said: Any = json.loads(_body(request))
    except (ValueError, RecursionError):
        said = None
    except BoxRefused as why:
        return _refused(why)
    if not isinstance(said, dict):
        return _refused(_("这台盒子说的话看不懂。"))
    try:
        return JsonResponse(answer_hello(said))
    except BoxRefused as why:
        return _refused(why)


@csrf_exempt
@never_cache
@require_POST
def letters(request: HttpRequest) -> HttpResponse:
    """A batch or an ask; answered with what has arrived by now."""
    if not allows(request, "box_letter"):
        return _refused(_("来得太快了，过几分钟再来。"), TOO_OFTEN)
    written = b""
    try:
        written = _body(request)
        head = read_head(written)
        if head.kind == LetterKind.BATCH:
            take_batch(written, carrier=Carrier.LINE)
            box = VillageBox.objects.get(uid=head.box)
        else:
            box = take_ask(written, carrier=Carrier.LINE)
    except BoxRefused as why:
        return _refused(why, _status_for(written))
    return HttpResponse(answer_letter(box), content_type="application/json")


@csrf_exempt
@never_cache
@require_POST
def snapshot(request: HttpRequest) -> HttpResponse:
    """What the city has decided; 204 where the box has all of it."""
    if not allows(request, "box_letter"):
        return _refused(_("来得太快了，过几分钟再来。"), TOO_OFTEN)
    written = b""
    try:
        written = _body(request)
        box = take_ask(written, carrier=Carrier.LINE)
    except BoxRefused as why:
        return _refused(why, _status_for(written))
    letter = news_for(box)
    if letter is None:
        return HttpResponse(status=204)
    return HttpResponse(letter, content_type="application/json")
