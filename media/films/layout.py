"""Where things stand in a scene, in pixels of a picture of 1920 by 1080."""

from dataclasses import dataclass
from math import ceil

from media.films.storyboard import Figure, Scene, SceneKind, Spot

WIDTH, HEIGHT = 1920, 1080
#: Nothing stands in the outer twentieth, nor in the lower fifth, where the subtitles are.
SAFE_X, SAFE_Y = 96, 54
SUBTITLES_FROM = 864

#: Larger ones first; a viewer of 75 reads 64 px from three metres.
SIZES = (148, 128, 112, 96, 84, 72, 64)
LINE_HEIGHT = 1.32
NARROW = 0.65


@dataclass(frozen=True, slots=True)
class Rect:
    left: int
    top: int
    width: int
    height: int

    @property
    def right(self) -> int:
        return self.left + self.width

    @property
    def bottom(self) -> int:
        return self.top + self.height

    @property
    def centre(self) -> tuple[int, int]:
        return self.left + self.width // 2, self.top + self.height // 2

    def grown(self, by: int) -> "Rect":
        return Rect(self.left - by, self.top - by, self.width + 2 * by, self.height + 2 * by)


#: The phone, its edge included, and the screen on it.
PHONE = Rect(1244, 56, 536, 806)
PHONE_EDGE, PHONE_STATUS = 16, 44
SCREEN = Rect(
    PHONE.left + PHONE_EDGE,
    PHONE.top + PHONE_EDGE + PHONE_STATUS,
    PHONE.width - 2 * PHONE_EDGE,
    PHONE.height - 2 * PHONE_EDGE - PHONE_STATUS,
)
#: A drawing beside words.
PICTURE = Rect(1140, 126, 664, 664)
#: The room that a figure has beside its words: the ring around a place at its edge has room too.
FIGURE = Rect(880, 78, 920, 760)
#: Of a label, and of each line but its first.
LABEL_HEIGHT, LABEL_LINE = 130, 84
LABEL_SIZE = 64


def words_box(scene: Scene) -> Rect:
    """The room that a scene's words have, its label left out."""
    left = 128
    right = 1792
    if scene.kind == SceneKind.PHONE:
        right = PHONE.left - 72
    elif scene.figure:
        right = FIGURE.left - 56
    elif scene.picture:
        right = PICTURE.left - 56
    elif scene.icon and scene.kind == SceneKind.WARNING:
        left = 480
    top = 54
    if scene.label or scene.number:
        lines = ceil(line_width(scene.label) * LABEL_SIZE / (right - left)) or 1
        top += LABEL_HEIGHT + LABEL_LINE * (lines - 1)
    return Rect(left, top, right - left, SUBTITLES_FROM - 20 - top)


def line_width(line: str) -> float:
    """In letters of full width; figures and Latin letters are narrower."""
    return sum(NARROW if character.isascii() else 1.0 for character in line)


def type_size(scene: Scene) -> int:
    """Height of the letters in pixels: the largest at which the words have room, never below 64."""
    most = 148 if scene.kind == SceneKind.TITLE else 112
    return next((size for size in SIZES if size <= most and has_room(scene, size)), SIZES[-1])


def has_room(scene: Scene, size: int) -> bool:
    """Whether its lines stand in their room, each whole, with letters of so many pixels."""
    box, lines = words_box(scene), scene.words.split("\n")
    columns = box.width / size
    needed = sum(max(1, ceil(line_width(line) / columns)) for line in lines)
    return needed == len(lines) and needed * size * LINE_HEIGHT <= box.height


def figure_rect(figure: Figure) -> Rect:
    """Where a figure stands: as large as there is room, in its own proportions."""
    scale = min(FIGURE.width / figure.width, FIGURE.height / figure.height)
    width, height = round(figure.width * scale), round(figure.height * scale)
    left, top = FIGURE.centre
    return Rect(left - width // 2, top - height // 2, width, height)


def shown_rect(scene: Scene) -> Rect:
    """What the finger points at something of: the phone's screen or the figure."""
    return figure_rect(scene.figure) if scene.figure else SCREEN


def spot_rect(spot: Spot, within: Rect = SCREEN) -> Rect:
    """A place on what is shown there, in pixels."""
    return Rect(
        within.left + round(within.width * spot.x / 100),
        within.top + round(within.height * spot.y / 100),
        round(within.width * spot.w / 100),
        round(within.height * spot.h / 100),
    )
