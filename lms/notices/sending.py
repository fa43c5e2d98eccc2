"""By which way one delivery leaves: short message, e-mail, a message to a group. Each way is a
function behind one protocol, which says for how long it knows a delivery again."""

import hashlib
import hmac
import json
import smtplib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage

from courses.paper import address_of
from lms import outgoing
from lms.accounts.sms import ShortMessage, SmsBusy, SmsRefused, SmsUnsure, sms_gateway
from lms.notices.choices import GroupKind, Way, Why
from lms.notices.consent import number_of_learner, number_of_person
from lms.notices.models import Delivery, Notice, WorkGroup
from lms.notices.texts import as_message, pieces, template_of

HERE = {"127.0.0.1", "localhost"}
#: What 企业微信 answers of a robot that was taken out of its group, or an address that is none.
ROBOT_IS_GONE = 93000


class Later(Exception):
    """Nothing was taken; it may be tried again. The text bears no number and no address."""


class Never(Exception):
    """It is of no use to try again."""

    def __init__(self, why: Why) -> None:
        super().__init__(why)
        self.why = why


class Unsure(Exception):
    """Nobody knows whether it was taken."""


@dataclass(frozen=True)
class Sender:
    """`send` hands one delivery over and returns what it costs in 分. Raises Later, Never, Unsure.
    `remembers`: for how long the same delivery handed over again is not sent twice."""

    send: Callable[[Delivery], int]
    remembers: Callable[[], timedelta]


def _by_sms(delivery: Delivery) -> int:
    gateway = sms_gateway()
    if gateway is None:
        raise Never(Why.NO_GATEWAY)
    notice = delivery.notice
    if delivery.learner is not None:
        number = number_of_learner(delivery.learner)
    else:
        number = number_of_person(delivery.person) if delivery.person is not None else ""
    if not number:
        raise Never(Why.BAD_NUMBER)
    template = template_of(notice.reason)
    message = ShortMessage(number, template, notice.values, delivery.handed_over_as)
    try:
        gateway.send(message)
    except SmsRefused as error:
        raise Never(Why.BAD_NUMBER) from error
    except SmsUnsure as error:
        raise Unsure(str(error)) from error
    except SmsBusy as error:
        raise Later(str(error)) from error
    return price_of(notice)


def price_of(notice: Notice) -> int:
    """分, of one short message of it."""
    return settings.SMS_PRICE_FEN * pieces(as_message(notice.reason, notice.values))


def _known_by_gateway() -> timedelta:
    gateway = sms_gateway()
    return gateway.remembers if gateway is not None else timedelta(0)


def _by_email(delivery: Delivery) -> int:
    person, notice = delivery.person, delivery.notice
    if person is None or not person.email or not settings.EMAIL_HOST:
        raise Never(Why.NO_NUMBER)
    lines = [notice.staff_text]
    if notice.address:
        lines.append(address_of(notice.address))
    message = EmailMessage(
        subject=f"银龄学堂：{notice.get_reason_display()}",
        body="\n\n".join(lines),
        to=[person.email],
        headers={"Message-ID": f"<{delivery.handed_over_as}@yinling>"},
    )
    try:
        message.send()
    except (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused):
        raise Never(Why.BAD_NUMBER) from None
    except (smtplib.SMTPServerDisconnected, TimeoutError) as error:
        raise Unsure(type(error).__name__) from None
    except (smtplib.SMTPException, OSError) as error:
        raise Later(type(error).__name__) from None
    return 0


def may_go_to(address: str) -> bool:
    """Whether a setting lets messages go to that address: by HTTPS, unless it is this machine."""
    parts = urlsplit(address)
    host = parts.hostname or ""
    return host in settings.WEBHOOK_HOSTS and (parts.scheme == "https" or host in HERE)


def _by_group(delivery: Delivery) -> int:
    group, notice = delivery.group, delivery.notice
    if group is None or not may_go_to(group.address):
        raise Never(Why.FAILED)
    text = notice.text
    if notice.address:
        text += "\n" + address_of(notice.address)
    body, headers = _as_group_takes_it(group, delivery, text)
    try:
        answer = outgoing.post(
            group.address, body, content_type="application/json; charset=utf-8", headers=headers
        )
    except outgoing.NotReached as error:
        raise Later(str(error)) from None
    except outgoing.NoAnswer as error:
        raise Unsure(str(error)) from None
    if answer.status >= 500:
        raise Unsure(f"HTTP {answer.status}")
    said = _errcode(answer.body) if group.kind == GroupKind.WECOM else 0
    if said == ROBOT_IS_GONE:
        raise Never(Why.FAILED)
    if answer.status != 200 or said != 0:
        raise Later(f"HTTP {answer.status}")
    return 0


def _as_group_takes_it(
    group: WorkGroup, delivery: Delivery, text: str
) -> tuple[bytes, dict[str, str]]:
    if group.kind == GroupKind.WECOM:
        said = {"msgtype": "text", "text": {"content": text}}
        return json.dumps(said, ensure_ascii=False).encode(), {}
    notice = delivery.notice
    said = {"id": delivery.handed_over_as, "reason": notice.reason, "text": text}
    body = json.dumps(said, ensure_ascii=False).encode()
    signed = hmac.new(group.secret.encode(), body, hashlib.sha256).hexdigest()
    return body, {"X-Yinling-Signature": signed}


def _errcode(body: bytes) -> int | None:
    """Their robots answer 200 also when they took nothing, as beyond 20 a minute. None: it is no
    answer of theirs."""
    try:
        return int(json.loads(body)["errcode"])
    except (ValueError, KeyError, TypeError):
        return None


SENDERS = {
    Way.SMS: Sender(_by_sms, _known_by_gateway),
    Way.EMAIL: Sender(_by_email, timedelta),
    Way.GROUP: Sender(_by_group, timedelta),
}
