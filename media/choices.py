from django.db import models
from django.utils.translation import gettext_lazy as _


class SpokenLanguage(models.TextChoices):
    """What is spoken in a video, by the codes that Whisper knows. Chosen by a person, per video."""

    MANDARIN = "zh", _("普通话")
    CANTONESE = "yue", _("粤语")


class StageState(models.TextChoices):
    QUEUED = "queued", _("等待处理")
    SENT = "sent", _("马上开始")
    RUNNING = "running", _("正在处理")
    DONE = "done", _("已完成")
    SKIPPED = "skipped", _("不需要")
    FAILED = "failed", _("没有成功")


#: A worker holds the stage, or is about to; its lease says until when.
IN_HAND = (StageState.SENT, StageState.RUNNING)
#: Stages that need this one may run.
FINISHED_WELL = (StageState.DONE, StageState.SKIPPED)
#: Nothing more will happen without an editor.
ENDED = (StageState.DONE, StageState.SKIPPED, StageState.FAILED)
