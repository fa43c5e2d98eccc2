from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonPicture(models.TextChoices):
    """What a person presses on the television to say who is watching; icons of these names."""

    FLOWER = "flower", _("花")
    TREE = "tree", _("树")
    FISH = "fish", _("鱼")
    BIRD = "bird", _("鸟")
    CAT = "cat", _("猫")
    SUN = "sun", _("太阳")


class FilmsFrom(models.TextChoices):
    """Which lessons' films a lobby's screen plays by itself, new ones too."""

    NONE = "", _("不自动播放，只放下面选的")
    ALL = "all", _("全部课的视频")
    PAGE = "page", _("一个课堂、一门精品课程或一位老师的视频")


class FilmOrder(models.TextChoices):
    NEWEST = "newest", _("新的先放")
    IN_ORDER = "in_order", _("按课的次序放")
