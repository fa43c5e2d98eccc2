from django.db import models
from django.utils.translation import gettext_lazy as _


class TrackState(models.TextChoices):
    MACHINE = "machine", _("机器字幕，未经核对")
    REVIEWED = "reviewed", _("已经人工核对")
