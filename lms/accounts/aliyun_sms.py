"""阿里云短信: SendSms of 2017-05-25, by the form and signature of its RPC interface.

What is signed and how: https://help.aliyun.com/document_detail/56189.html. A request's
`SignatureNonce` is refused a second time for a quarter of an hour (`SignatureNonceUsed`). We make
it of the message's uid, so that a message of which we do not know whether it was taken can be
handed over again and is sent once.
"""

import base64
import hashlib
import hmac
import json
import logging
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode

from django.conf import settings

from lms import outgoing
from lms.accounts.sms import (
    ShortMessage,
    SmsBusy,
    SmsRefused,
    SmsReply,
    SmsReport,
    SmsUnsure,
)

logger = logging.getLogger(__name__)

#: What it answers of a number to which it will never send. All else may be put right: money, a
#: template that is not approved yet, too many at once.
NEVER = {
    "isv.MOBILE_NUMBER_ILLEGAL",
    "isv.BLACK_KEY_CONTROL_LIMIT",
    "isv.MOBILE_IN_BLACKLIST",
    "isv.PHONENUMBERS_OPTED_OUT",
}
TAKEN_BEFORE = "SignatureNonceUsed"


class AliyunSms:
    #: Its own quarter of an hour, less a minute for clocks that differ.
    remembers = timedelta(minutes=14)

    def missing(self) -> list[str]:
        """The settings without which it cannot send."""
        needed = ("SMS_KEY_ID", "SMS_KEY_SECRET", "SMS_SIGN_NAME", "SMS_TEMPLATES")
        return [name for name in needed if not getattr(settings, name)]

    def send(self, message: ShortMessage) -> str:
        template = settings.SMS_TEMPLATES.get(message.template)
        if template is None:
            raise SmsBusy(f"SMS_TEMPLATES has no {message.template}")
        form = self._form(message, template, at=datetime.now(UTC))
        form["Signature"] = signature(form, secret=settings.SMS_KEY_SECRET, method="POST")
        try:
            answer = outgoing.post(
                settings.SMS_ENDPOINT,
                urlencode(form).encode(),
                content_type="application/x-www-form-urlencoded",
            )
        except outgoing.NotReached as error:
            raise SmsBusy(str(error)) from None
        except outgoing.NoAnswer as error:
            raise SmsUnsure(str(error)) from None
        return _understood(answer)

    def _form(self, message: ShortMessage, template: str, *, at: datetime) -> dict[str, str]:
        return {
            "AccessKeyId": settings.SMS_KEY_ID,
            "Action": "SendSms",
            "Format": "JSON",
            "OutId": message.uid,
            "PhoneNumbers": message.number.removeprefix("+86"),
            "RegionId": "cn-hangzhou",
            "SignName": settings.SMS_SIGN_NAME,
            "SignatureMethod": "HMAC-SHA1",
            "SignatureNonce": message.uid,
            "SignatureVersion": "1.0",
            "TemplateCode": template,
            "TemplateParam": json.dumps(dict(message.values), ensure_ascii=False),
            "Timestamp": f"{at:%Y-%m-%dT%H:%M:%SZ}",
            "Version": "2017-05-25",
        }

    def pushed(self, body: bytes) -> Sequence[SmsReport | SmsReply]:
        """SmsReport and SmsUp: a list of objects, several at once."""
        rows = json.loads(body)
        if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
            raise ValueError("not a list of objects")
        return [said for row in rows if (said := _said(row)) is not None]


def _understood(answer: outgoing.Answer) -> str:
    """The number that the company gave it. Raises as `send`."""
    try:
        said: Any = json.loads(answer.body)
        code = str(said["Code"])
    except (ValueError, KeyError, TypeError):
        # A gateway before theirs has answered, or theirs is broken: it may have been taken.
        raise SmsUnsure(f"HTTP {answer.status}") from None
    if code in {"OK", TAKEN_BEFORE}:
        return str(said.get("BizId", ""))
    if code in NEVER:
        raise SmsRefused(code)
    if answer.status >= 500 or code.startswith("isp."):  # their own trouble, half-way perhaps
        raise SmsUnsure(code)
    raise SmsBusy(code)


def _said(row: Mapping[str, Any]) -> SmsReport | SmsReply | None:
    if "out_id" in row or "success" in row:
        arrived = row.get("success") in (True, "true")
        reason = "" if arrived else str(row.get("err_code", ""))[:60]
        return SmsReport(uid=str(row.get("out_id", "")), arrived=arrived, reason=reason)
    if "content" in row and "phone_number" in row:
        number = "+86" + str(row["phone_number"]).removeprefix("+").removeprefix("86")
        return SmsReply(number=number, words=str(row["content"])[:100])
    return None


def signature(form: Mapping[str, str], *, secret: str, method: str) -> str:
    """Of a form without one: HMAC-SHA1 of the method and the sorted pairs, in Base64."""
    pairs = "&".join(f"{_quoted(name)}={_quoted(form[name])}" for name in sorted(form))
    signed = f"{method}&{_quoted('/')}&{_quoted(pairs)}".encode()
    digest = hmac.new(f"{secret}&".encode(), signed, hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


def _quoted(text: str) -> str:
    return quote(text, safe="~")
