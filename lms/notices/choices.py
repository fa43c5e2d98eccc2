from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeReason(models.TextChoices):
    """Why somebody is told. The value is also the name of a template of short messages, where there
    is one (`texts`)."""

    CANCELLED = "cancelled", _("停课")
    MOVED = "moved", _("改时间")
    RESTORED = "restored", _("照常上课")
    TOMORROW = "tomorrow", _("明天上课")
    REVIEW = "review", _("审核结果")
    WORK = "work", _("工作通知")
    ALERT = "alert", _("防骗提醒")
    EMERGENCY = "emergency", _("紧急通知")
    DIGEST = "digest", _("每天汇总")


#: Of classes: what somebody agreed to who said yes to Purpose.NEWS.
OF_CLASSES = (
    NoticeReason.CANCELLED,
    NoticeReason.MOVED,
    NoticeReason.RESTORED,
    NoticeReason.TOMORROW,
)
#: What may ring at night: somebody is in danger.
CROSSES_QUIET = (NoticeReason.EMERGENCY,)


class Way(models.TextChoices):
    """How it reaches somebody."""

    PAGE = "page", _("网页")
    SMS = "sms", _("短信")
    EMAIL = "email", _("邮件")
    GROUP = "group", _("工作群")
    CALL = "call", _("打电话")


#: Those that we send; a page is opened, a call is made by a person.
SENT_OUT = (Way.SMS, Way.EMAIL, Way.GROUP)


class DeliveryState(models.TextChoices):
    WAITING = "waiting", _("等着发")
    SENDING = "sending", _("正在发")
    SENT = "sent", _("发出去了")
    ARRIVED = "arrived", _("到了")
    SHARED = "shared", _("和家里人同一个号码")
    FAILED = "failed", _("没有发成")
    UNSURE = "unsure", _("不知道到了没有")
    WITHDRAWN = "withdrawn", _("不用发了")


#: Nothing more becomes of these by itself.
OVER = (
    DeliveryState.SENT,
    DeliveryState.ARRIVED,
    DeliveryState.SHARED,
    DeliveryState.FAILED,
    DeliveryState.UNSURE,
    DeliveryState.WITHDRAWN,
)


class Why(models.TextChoices):
    """Why somebody is to be called, or why something did not go out."""

    NO_NUMBER = "no_number", _("没有登记手机号")
    NO_GATEWAY = "no_gateway", _("这里还不能发短信")
    NOT_ASKED = "not_asked", _("还没有问过愿不愿意收短信")
    SAID_NO = "said_no", _("不愿意收短信")
    BAD_NUMBER = "bad_number", _("号码收不到短信")
    FAILED = "failed", _("试了几次都没有发成")
    UNSURE = "unsure", _("不知道到了没有")
    CEILING = "ceiling", _("这个月的短信费用完了")
    TOO_LATE = "too_late", _("来不及了")
    CHANGED = "changed", _("后来又变了")


class Rings(models.TextChoices):
    """When it may ring."""

    DIGEST = "digest", _("每天汇总一次")
    BY_DAY = "by_day", _("白天马上发")
    ALWAYS = "always", _("马上发，夜里也发")


class HowSaid(models.TextChoices):
    """How somebody told us whether they want short messages."""

    IN_PERSON = "in_person", _("当面说的")
    TELEPHONE = "telephone", _("电话里说的")
    SIGNED = "signed", _("本人签字")
    REPLY = "reply", _("回复短信")


class GroupKind(models.TextChoices):
    WECOM = "wecom", _("企业微信群机器人")
    RELAY = "relay", _("公众号或别的系统")


class DigestBy(models.TextChoices):
    """How staff hear once a day of what they have not read."""

    EMAIL = "email", _("邮件")
    SMS = "sms", _("短信")
    NONE = "none", _("不用提醒，我自己来看")
