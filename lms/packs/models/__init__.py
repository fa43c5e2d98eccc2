from lms.packs.models.keys import TrustedKey
from lms.packs.models.making import Edition, Making, makes_packs
from lms.packs.models.taking import Taking

__all__ = ["Edition", "Making", "Taking", "TrustedKey", "makes_packs"]
