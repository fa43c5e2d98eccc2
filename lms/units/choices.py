from django.db import models
from django.utils.translation import gettext_lazy as _


class Level(models.TextChoices):
    """Levels of the school system; the national division code tells them by its length."""

    PROVINCE = "province", _("省")
    CITY = "city", _("市")
    DISTRICT = "district", _("区县")
    STREET = "street", _("街镇")
    VILLAGE = "village", _("村居")


class PeopleOfUnit(models.TextChoices):
    """What becomes of those who work at a unit that moves, is merged or closed."""

    STAY = "stay", _("留在这个单位")
    MOVE = "move", _("转到接收的单位")
    END = "end", _("任职结束")


#: Digits of a unit's code at each level, as 统计用区划代码 are written (2-2-2-3-3).
CODE_LENGTHS = {
    2: Level.PROVINCE,
    4: Level.CITY,
    6: Level.DISTRICT,
    9: Level.STREET,
    12: Level.VILLAGE,
}


class PlannedState(models.TextChoices):
    """What became of a change that was dated ahead."""

    WAITING = "waiting", _("到时自动生效")
    DONE = "done", _("已生效")
    REFUSED = "refused", _("没有办成")
    WITHDRAWN = "withdrawn", _("已取消")
