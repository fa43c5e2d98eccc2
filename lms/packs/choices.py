from django.db import models
from django.utils.translation import gettext_lazy as _


class Scope(models.TextChoices):
    """Which lessons are on it."""

    ALL = "all", _("全部课程")
    CLASSROOM = "room", _("一个课堂")
    SERIES = "series", _("一个系列")


class Quality(models.TextChoices):
    """Of the films. All but the first have their subtitles beside them."""

    SUBTITLED = "subtitled", _("带字幕的（什么电视都能放）")
    P1080 = "1080p", _("1080p，字幕另放一个文件")
    P720 = "720p", _("720p，字幕另放一个文件")
    P360 = "360p", _("360p，字幕另放一个文件（最小）")


class JobState(models.TextChoices):
    """Of what somebody asked for. The labels are of a pack that is made."""

    WAITING = "waiting", _("排队")
    RUNNING = "running", _("正在做")
    DONE = "done", _("做好了")
    FAILED = "failed", _("没有做成")


#: Those that are not over.
IN_HAND = (JobState.WAITING, JobState.RUNNING)
