from django.db import models
from django.utils.translation import gettext_lazy as _


class HelpState(models.TextChoices):
    OPEN = "open", _("等人联系")
    CLOSED = "closed", _("办好了")
