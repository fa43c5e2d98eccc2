"""What may be chosen about how pages look and speak. Each list begins with the default."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Version(models.TextChoices):
    ELDER = "elder", _("长辈版")
    STANDARD = "standard", _("标准版")


class TextSize(models.TextChoices):
    """Of the elder version; the standard one has a size of its own."""

    LARGE = "large", _("大")
    LARGER = "larger", _("特大")
    LARGEST = "largest", _("超大")


class Theme(models.TextChoices):
    LIGHT = "light", _("浅底黑字")
    DARK = "dark", _("黑底浅字")


class ReadAloud(models.TextChoices):
    """Whether a lesson is read out as soon as it is opened. A key reads it out in any case."""

    OFF = "off", _("不自动读")
    ON = "on", _("自动读")


class SpeechSpeed(models.TextChoices):
    """How fast is read out; the value is the rate."""

    NORMAL = "1", _("正常")
    SLOW = "0.8", _("慢一点")
    FAST = "1.2", _("快一点")


class Language(models.TextChoices):
    """Of what the pages themselves say; lessons are in Chinese. The value is Django's code."""

    CHINESE = "zh-hans", "中文"
    ENGLISH = "en", "English"


class Purpose(models.TextChoices):
    """What somebody's data may be used for only while they agree to it."""

    LEARNING = "learning", _("记住我学到了哪里")
    NEWS = "news", _("发短信告诉我上课和停课")
