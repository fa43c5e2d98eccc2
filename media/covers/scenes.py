"""What a cover shows. Pure data: equal scenes look alike."""

import json
from dataclasses import asdict, dataclass
from hashlib import sha256
from typing import Any

#: Raise it to have every cover drawn anew when it is next asked for.
RECIPE = 1
MOST_DRAWINGS = 3


@dataclass(frozen=True)
class CoverScene:
    """A photograph, else up to three drawings side by side, above a band of the colour."""

    colour: str  # an accent of tokens.css without its dashes: `science`
    drawings: tuple[str, ...] = ()  # whole SVGs, of a square canvas
    photo: str = ""  # name of a file in the storage; blank for none
    whole: bool = False  # the photograph is not cut: it is a drawing or a screen

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "CoverScene":
        return cls(**{**kept, "drawings": tuple(kept["drawings"])})

    @property
    def digest(self) -> str:
        return sha256(json.dumps([RECIPE, self.as_json()]).encode()).hexdigest()
