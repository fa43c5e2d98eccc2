from django.db import models
from django.utils.translation import gettext_lazy as _


class TrackState(models.TextChoices):
    MACHINE = "machine", _("机器字幕，未经核对")
    REVIEWED = "reviewed", _("已经人工核对")
    SCRIPT = "script", _("按讲稿")


class Origin(models.TextChoices):
    """Where the cues of a version came from."""

    MACHINE = "machine", _("机器听写")
    PERSON = "person", _("人工修改")
    FILM = "film", _("视频里自带的")


class HintWay(models.TextChoices):
    """What recognition is told beforehand; which is best depends on the model."""

    PROMPT = "prompt", _("只给提示句")
    HOTWORDS = "hotwords", _("只给常用词")
    BOTH = "both", _("提示句和常用词")
    NONE = "none", _("什么都不给")
