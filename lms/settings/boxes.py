"""Village boxes (村里的盒子), and whether this very installation is one. Part of base.py."""

from typing import Any, Final

from lms.settings import env

#: This machine stands in a village and belongs to a city's installation elsewhere.
BOX = env.boolean("BOX", False)
#: Where that city is; blank: it is asked for with the code, or only the stick goes there.
CITY_URL = env.text("CITY_URL", "").rstrip("/")
#: 32 bytes in base64, of which this installation's two keys are made; blank: a file in VAR_DIR.
BOXES_KEY = env.text("BOXES_KEY", "")
#: How often a box writes its journal and asks its city.
BOX_EVERY_SECONDS = env.integer("BOX_EVERY_SECONDS", 180, unit="seconds", minimum=5, maximum=86_400)
#: How fast a box may fetch packs, by the hour: KiB a second (lms.packs.line.paces); blank: as fast
#: as it goes.
BOX_PACK_PACE = env.text("BOX_PACK_PACE", "")
#: Past days of which rolls and their marks go down to a box.
BOX_PAST_DAYS: Final = 31

JOBS_OF_BOXES: dict[str, dict[str, Any]] = (
    {
        "hand over what was born on this box": {
            "task": "boxes.speak_with_city",
            "schedule": BOX_EVERY_SECONDS,
            "options": {"expires": BOX_EVERY_SECONDS},
        },
        "fetch the city's newest pack": {
            "task": "boxes.fetch_pack",
            "schedule": 3600,  # seconds
            "options": {"expires": 3600},
        },
    }
    if BOX
    else {}
)
