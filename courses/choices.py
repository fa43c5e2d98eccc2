from django.db import models
from django.utils.translation import gettext_lazy as _


class Subject(models.TextChoices):
    """The four classrooms of the policy (四个进课堂), in its order; each has a colour."""

    SCIENCE = "science", _("科普知识")
    SMART_TECH = "smart-tech", _("智能技术")
    ANTI_FRAUD = "anti-fraud", _("防骗知识")
    DIGITAL_LIFE = "digital-life", _("数字化生活体验")


class PracticeKind(models.TextChoices):
    """How a lesson is practised in class; the values are those of the curriculum."""

    PRETEND_PHONE = "练习机", _("练习机")
    REAL_PHONE = "真机", _("真机")
    ROLE_PLAY = "演一演", _("演一演")
    HOLD_UP_CARDS = "举牌", _("举牌")
    FILL_A_CARD = "填卡", _("填卡")


class WidgetKind(models.TextChoices):
    """What the pretend phone can show; how each is drawn stands in practice/widget.html."""

    BAR = "bar", _("最上面的名字")
    CLOCK = "clock", _("时间")
    NOTE = "note", _("一段字")
    BUBBLE = "bubble", _("别人说的话")
    DIALOG = "dialog", _("跳出来的一问")
    POSTER = "poster", _("一块牌子")
    LEVEL = "level", _("大小的横条")
    IMAGE = "image", _("一幅图")
    ROW = "row", _("一行")
    BUTTON = "button", _("按钮")
    ICON = "icon", _("小图")
    TOGGLE = "toggle", _("开关")
    SLIDER = "slider", _("调大小的钮")
    INPUT = "input", _("要填的格子")
    TYPING = "typing", _("能打字的格子")
    KEYPAD = "keypad", _("数字键")
    AREA = "area", _("图片上的一块")


#: These are only looked at or typed into: a press on them does not count.
NEVER_PRESSED = {
    WidgetKind.BAR,
    WidgetKind.CLOCK,
    WidgetKind.NOTE,
    WidgetKind.BUBBLE,
    WidgetKind.DIALOG,
    WidgetKind.POSTER,
    WidgetKind.LEVEL,
    WidgetKind.TYPING,
}


class WidgetColour(models.TextChoices):
    """Of a widget whose colour the words name; any other has the classroom's colour."""

    BLUE = "blue", _("蓝")
    YELLOW = "yellow", _("黄")
    ORANGE = "orange", _("橙")
    RED = "red", _("红")
    GREEN = "green", _("绿")


class Press(models.TextChoices):
    """What a press on a widget is."""

    NOTHING = "", _("不能按")
    RIGHT = "right", _("按对了")
    DECOY = "decoy", _("按错了，告诉他为什么")


class Channel(models.TextChoices):
    """How a message of the drill comes; the values are those of the curriculum."""

    TEXT_MESSAGE = "短信", _("短信")
    PHONE = "电话", _("电话")
    WECHAT = "微信", _("微信")
    DOOR = "上门", _("上门")
    NOTICE = "告示", _("告示")
    SCREEN = "画面", _("手机画面")
    LEAFLET = "传单", _("传单")


class Verdict(models.TextChoices):
    """What a message of the drill truly is."""

    SCAM = "scam", _("骗局")
    GENUINE = "genuine", _("真的")


class Tallied(models.TextChoices):
    """What of a lesson is counted, without anybody's name."""

    OPENED = "opened", _("打开")
    RIGHT = "right", _("答对")
    WRONG = "wrong", _("答错")
    MISSED = "missed", _("按错")
    HELPED = "helped", _("请帮忙按")
    UNCLEAR = "unclear", _("没看懂")


class AnsweredWhen(models.TextChoices):
    """When the five questions of a classroom or a series were answered."""

    BEFORE = "before", _("学之前")
    AFTER = "after", _("学之后")
