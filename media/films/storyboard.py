"""A storyboard: the scenes of a film, in order, and what each shows. No database, no pixels.

Whoever gives a storyboard breaks its words into lines (`\\n`) as they shall stand on the screen.
"""

from dataclasses import asdict, dataclass
from enum import StrEnum
from hashlib import sha256
from typing import Any


class SceneKind(StrEnum):
    """How a scene looks: templates/media/films/scene.css."""

    TITLE = "title"
    WORDS = "words"
    PHONE = "phone"
    PICTURE = "picture"
    FIGURE = "figure"
    WARNING = "warning"
    WITHOUT_A_PHONE = "without-a-phone"
    CLOSING = "closing"


@dataclass(frozen=True, slots=True)
class Spot:
    """A place on a phone's screen or in a figure, in per cent of its width and height, from the top
    left corner."""

    x: float
    y: float
    w: float
    h: float


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone shows, and the place that is pressed there; None: it is only looked at.

    `markup` is safe HTML for blocks/practice-screen.css; an icon in it is `<use href="#name">`.
    """

    markup: str
    spot: Spot | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A picture of the thing itself, and the place on it that is meant; None: all of it.

    `file` is its name in the storage, whose content never changes; its sides are pixels.
    """

    file: str
    width: int
    height: int
    spot: Spot | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """One thought on the screen. Pure data: equal scenes look alike.

    `colour` is an accent of tokens.css without its dashes (`anti-fraud`); `picture` a data:
    address, blank for none; `number` stands in a circle before the words, 0 for none. `icon` is
    one of icons.svg.
    """

    kind: SceneKind
    words: str
    label: str = ""
    colour: str = "ink"
    number: int = 0
    icon: str = ""
    picture: str = ""
    phone: Phone | None = None
    figure: Figure | None = None
    #: What is said in it, word for word, where whoever gives the storyboard knows; see alignment.
    said: str = ""
    #: Words by which the narration's part is recognised, beside those that are shown.
    told_by: str = ""
    #: Rest after what is said, for the viewer to do something; beside the ordinary one.
    rest_ms: int = 0
    #: It is looked at without a word of the narration.
    silent: bool = False
    #: By which it is known again when words change; blank: nobody needs to.
    key: str = ""

    @property
    def fingerprint(self) -> str:
        """Of all that decides the scene's picture: not of what is said or how long it stands."""
        shown = asdict(self)
        for unseen in ("said", "told_by", "rest_ms", "silent", "key"):
            del shown[unseen]
        if self.figure is not None:  # a finger is no part of the picture
            del shown["figure"]["spot"]
        return sha256(repr(sorted(shown.items())).encode()).hexdigest()[:24]

    @property
    def spot(self) -> Spot | None:
        """Where the finger goes; None where it points at nothing."""
        shown = self.phone or self.figure
        return shown.spot if shown else None

    @property
    def one_line(self) -> str:
        return self.words.replace("\n", "")

    @property
    def all_words(self) -> str:
        """What it shows and is recognised by, on one line."""
        return f"{self.one_line} {self.told_by}".strip()


@dataclass(frozen=True, slots=True)
class MovedBorder:
    """Somebody said with which clause a scene begins; it holds as long as both are there.

    `scene` is its key, `words` what it shows, by which it is known where the key has gone. The
    clause is the `nth` (from 0) of those that read alike; a blank one is the narration's end.
    """

    scene: str
    words: str
    clause: str
    nth: int = 0


def moved_borders(kept: object) -> tuple[MovedBorder, ...]:
    """Out of JSON. Raises ValueError where it holds anything else."""
    try:
        borders = tuple(MovedBorder(**border) for border in kept)  # type: ignore[attr-defined]
    except TypeError as error:
        raise ValueError(kept) from error
    for border in borders:
        texts = (border.scene, border.words, border.clause)
        if not all(isinstance(text, str) for text in texts) or not isinstance(border.nth, int):
            raise ValueError(kept)
        if border.nth < 0:
            raise ValueError(kept)
    return borders


@dataclass(frozen=True, slots=True)
class Storyboard:
    title: str
    scenes: tuple[Scene, ...]
    moved: tuple[MovedBorder, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> "Storyboard":
        return cls(
            kept["title"],
            tuple(_scene(scene) for scene in kept["scenes"]),
            moved_borders(kept.get("moved", [])),
        )


def _scene(kept: dict[str, Any]) -> Scene:
    phone, figure = kept["phone"], kept.get("figure")
    if phone is not None:
        phone = Phone(**{**phone, "spot": _spot(phone["spot"])})
    if figure is not None:
        figure = Figure(**{**figure, "spot": _spot(figure["spot"])})
    return Scene(**{**kept, "kind": SceneKind(kept["kind"]), "phone": phone, "figure": figure})


def _spot(kept: dict[str, float] | None) -> Spot | None:
    return None if kept is None else Spot(**kept)
