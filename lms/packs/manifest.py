"""清单.json: what is in a pack, with the size and SHA-256 of each file."""

from dataclasses import dataclass

from lms.packs.refusals import PackError

__all__ = ["FORMAT", "KIND", "MANIFEST", "SIGNATURE", "WHOLE", "Manifest", "PackError", "PackFile"]

FORMAT = 1
MANIFEST, SIGNATURE = "清单.json", "清单.json.sig"
KIND = "lessons"
#: `Manifest.scope` of a pack with all lessons of its city.
WHOLE = "all"


@dataclass(frozen=True)
class PackFile:
    #: Relative to the pack, with /.
    path: str
    size: int  # bytes
    sha256: str  # hex


@dataclass(frozen=True)
class Manifest:
    name: str
    #: Grows with each making of this city whose content changed.
    edition: int
    #: ISO 8601 with its time zone.
    made_at: str
    city: str
    #: Of the key that signed it (lms.packs.signing).
    key_id: str
    files: tuple[PackFile, ...]
    kind: str = KIND
    #: WHOLE, or "room:<slug>", "series:<slug>". What is missing in a pack that is not whole was
    #: not taken away in its city.
    scope: str = WHOLE
    #: Public keys (base64) by which this city signs from now on.
    keys: tuple[str, ...] = ()
    format: int = FORMAT
