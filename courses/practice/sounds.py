"""What a practice lets one hear: our own sounds (bin/read-starter), each told in words too."""

from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Sound:
    file: str  # below the static files
    name: Promise | str  # for the editor who chooses it
    words: Promise | str  # shown where it is heard


SOUNDS: Final = {
    "paid": Sound("sounds/paid.m4a", _("刷卡机：嘀嘀"), _("“嘀嘀”，刷上了。")),
    "grandson": Sound(
        "sounds/grandson.m4a",
        _("像孙子的声音"),
        _("“奶奶，我出事了！快拿两万元！别告诉爸妈！”"),
    ),
}
