"""What is said, in words of seventy-year-olds. One set of templates for the page, the e-mail and
the short message, of which the company has the same words registered under `SMS_TEMPLATES`.

Kept in the database, and read by learners: in one language. Nothing personal is in them: no name,
no number; of a class its name, when and where.
"""

import math
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from string import Template

from django.conf import settings
from django.utils import timezone

from lms.notices.choices import OF_CLASSES, NoticeReason

SHORT_MESSAGES = {
    NoticeReason.CANCELLED: Template("${class}${when}的课不上了。${more}"),
    NoticeReason.MOVED: Template(
        "${class}的课改时间了：原来${was}，改到${when}，地点${place}。${more}"
    ),
    NoticeReason.RESTORED: Template("${class}${when}的课照常上，地点${place}。${more}"),
    NoticeReason.TOMORROW: Template("${class}${when}上课，地点${place}。"),
    NoticeReason.EMERGENCY: Template("紧急通知：${text}"),
    NoticeReason.WORK: Template("您有一条要紧的工作通知，请登录银龄学堂看一看。"),
    NoticeReason.DIGEST: Template("您有${count}条工作通知没有看，请登录银龄学堂看一看。"),
}
#: Ends each message of those that somebody agreed to.
TAIL = "不想收短信回复TD。"
WEEKDAYS = "一二三四五六日"
MORE_MAX = 20  # characters that somebody may add
VALUE_MAX = 35  # characters that the company takes for one value
PIECE, LONG_PIECE = 70, 67  # characters of a message that is alone, and of each of several


def template_of(reason: str) -> NoticeReason:
    """What has no template of its own goes to staff as one of work, which only says to look."""
    return NoticeReason(reason) if reason in SHORT_MESSAGES else NoticeReason.WORK


def words_of(reason: str, values: Mapping[str, str]) -> str:
    """As they stand on the page. Raises KeyError for a value that is missing."""
    return SHORT_MESSAGES[template_of(reason)].substitute(values)


def as_message(reason: str, values: Mapping[str, str]) -> str:
    """The same as the short message has them."""
    return words_of(reason, values) + (TAIL if reason in OF_CLASSES else "")


def short(text: str) -> str:
    """At most what the company takes for one value."""
    return text if len(text) <= VALUE_MAX else text[: VALUE_MAX - 1] + "…"


def in_words(moment: datetime) -> str:
    """12月3日星期四上午9点半: as one says it."""
    at = timezone.localtime(moment)
    day = f"{at.month}月{at.day}日星期{WEEKDAYS[at.weekday()]}"
    part = "上午" if at.hour < 12 else "中午" if at.hour == 12 else "下午"
    part = "晚上" if at.hour >= 18 else part
    hour = at.hour if at.hour <= 12 else at.hour - 12
    minutes = {0: "", 30: "半"}.get(at.minute, f"{at.minute}分")
    return f"{day}{part}{hour}点{minutes}"


def pieces(text: str) -> int:
    """As how many messages a text is charged, with the name of who sends it before it."""
    signs = len(text) + len(settings.SMS_SIGN_NAME) + 2
    return 1 if signs <= PIECE else math.ceil(signs / LONG_PIECE)


NUMBER = re.compile(r"\d[\d\s-]{5,}\d")
ADDRESS = re.compile(r"(?i)https?:|www\.|[a-z0-9-]+\.(com|cn|net|org|top)\b|@")


def unfit(more: str, *, names: Iterable[str] = ()) -> str:
    """Why something added by hand may not go out: "number", "address", "name", "long" or "sign";
    blank: it may."""
    if len(more) > MORE_MAX:
        return "long"
    if NUMBER.search(more):
        return "number"
    if ADDRESS.search(more):
        return "address"
    if re.search(r"[<>{}【】\[\]$\n]", more):
        return "sign"
    return "name" if any(name in more for name in names if len(name) > 1) else ""


def sentence(more: str) -> str:
    """With a full stop, unless it is blank or has its own."""
    more = more.strip()
    return more if not more or more[-1] in "。！？!?" else f"{more}。"
