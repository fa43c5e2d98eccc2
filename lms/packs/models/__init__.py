from lms.packs.exchange.models import TakenPart, brings_lessons
from lms.packs.models.keys import TrustedKey
from lms.packs.models.making import Edition, PackMaking, makes_packs
from lms.packs.models.taking import PackTaking, Taking, takes_packs

__all__ = [
    "Edition",
    "PackMaking",
    "PackTaking",
    "TakenPart",
    "Taking",
    "TrustedKey",
    "brings_lessons",
    "makes_packs",
    "takes_packs",
]
