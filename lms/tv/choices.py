from django.db import models
from django.utils.translation import gettext_lazy as _


class Picture(models.TextChoices):
    """What a person presses on the television to say who is watching; icons of these names."""

    FLOWER = "flower", _("花")
    TREE = "tree", _("树")
    FISH = "fish", _("鱼")
    BIRD = "bird", _("鸟")
    CAT = "cat", _("猫")
    SUN = "sun", _("太阳")
