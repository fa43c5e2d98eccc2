"""What the telephone company tells us afterwards: what arrived, and what people answered."""

import hashlib
import hmac

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from lms.accounts.sms import SmsReply, SmsReport, sms_gateway
from lms.notices.services.people import take_reply, take_report

SIGNATURE = "X-Yinling-Signature"


@csrf_exempt
@require_POST
@never_cache
def push(request: HttpRequest) -> HttpResponse:
    """Signed by SMS_PUSH_SECRET: the body's HMAC-SHA256 in a header, or, by a company that signs
    nothing, the secret itself as `key` in the address that it was given. Twice is once."""
    gateway = sms_gateway()
    if gateway is None or not _is_theirs(request):
        raise Http404
    try:
        told = gateway.pushed(request.body)
    except ValueError:
        return JsonResponse({"code": 1, "msg": "unreadable"}, status=400)
    for each in told:
        match each:
            case SmsReport():
                take_report(each)
            case SmsReply():
                take_reply(each)
    return JsonResponse({"code": 0, "msg": "成功"})


def _is_theirs(request: HttpRequest) -> bool:
    secret = settings.SMS_PUSH_SECRET
    if not secret:
        return False
    signed = hmac.new(secret.encode(), request.body, hashlib.sha256).hexdigest()
    given = request.headers.get(SIGNATURE, "")
    if given:
        return constant_time_compare(given.lower(), signed)
    return constant_time_compare(request.GET.get("key", ""), secret)
