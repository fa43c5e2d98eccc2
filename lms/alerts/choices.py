from django.db import models
from django.utils.translation import gettext_lazy as _


class AlertState(models.TextChoices):
    """Where a text stands on its way to the screens. That it is over, its end says."""

    WAITING = "waiting", _("等第二个人看")
    RETURNED = "returned", _("退回修改")
    PUBLIC = "public", _("已经发布")
    WITHDRAWN = "withdrawn", _("已经撤下")


class AlertAct(models.TextChoices):
    """What was done about an alert or an emergency notice."""

    WRITTEN = "written", _("写好了")
    CHANGED = "changed", _("改过了")
    CONFIRMED = "confirmed", _("看过，发布了")
    ALONE = "alone", _("来不及等第二个人，一个人发布了")
    RETURNED = "returned", _("退回修改")
    WITHDRAWN = "withdrawn", _("撤下了")
    SEEN = "seen", _("上级看过了")


class FraudKind(models.TextChoices):
    """As whom or what a fraud comes: so few that a remote control chooses one."""

    OFFICE = "office", _("冒充公检法、客服、熟人")
    MONEY = "money", _("投资、返利、中奖")
    HEALTH = "health", _("保健品、免费讲座")
    LINK = "link", _("不明链接、扫码、下载软件")
    OTHER = "other", _("别的")


class FraudWay(models.TextChoices):
    """By what way it came."""

    CALL = "call", _("打电话来")
    SMS = "sms", _("发短信")
    WECHAT = "wechat", _("微信里")
    DOOR = "door", _("上门，或者路上")
    OTHER = "other", _("别的")


class MetState(models.TextChoices):
    """What became of what a learner told."""

    NEW = "new", _("还没有看")
    ALERT = "alert", _("写成了提醒")
    DRILL = "drill", _("留给编辑做练习")
    ASIDE = "aside", _("看过了")


class CameBy(models.TextChoices):
    BUTTON = "button", _("本人按的")
    HELPLINE = "helpline", _("求助电话里说的")


class EmergencyKind(models.TextChoices):
    WEATHER = "weather", _("台风、暴雨")
    FIRE = "fire", _("火情")
    SUPPLY = "supply", _("停水、停电、停气")
    QUAKE = "quake", _("地震、塌方")
    OTHER = "other", _("别的突发事件")
