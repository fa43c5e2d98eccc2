"""The finger that shows where to press, and the ring around that place."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from PIL import Image, ImageChops, ImageDraw, ImageFilter

from media.films.drawing import colours, symbols
from media.films.layout import SAFE_X, SAFE_Y, SUBTITLES_FROM, WIDTH, Rect

HAND = "hand-pointing"
#: Height and width of the hand's square, and of the line around it, in pixels.
SIZE, LINE = 190, 9
#: Where the tip of the finger is in that square, in shares of it.
TIP = (112 / 256, 24 / 256)
#: Drawn larger by this factor, then scaled down, which smooths the edges.
LARGER = 3
#: The hand comes from below, from the right, from the left, or from above: where there is room.
TURNS = (0, 90, 270, 180)
#: In which direction it lies from its tip.
LIES = {0: (0, 1), 90: (1, 0), 270: (-1, 0), 180: (0, -1)}
#: How far it comes, at most.
WAY = 260
ROUND = 20
BAND, EDGE = 12, 5
#: How dark what is shown becomes around the place, and how round its corners are.
DIMMED, CORNER = 0.5, 40


@dataclass(frozen=True, slots=True)
class Pose:
    """A hand turned by so many degrees, with its tip at x, y."""

    turn: int
    x: int
    y: int

    @property
    def corner(self) -> tuple[int, int]:
        """Of the hand's square, its top left one."""
        across, down = TIP[0] * SIZE, TIP[1] * SIZE
        turned = {
            0: (across, down),
            90: (down, SIZE - across),
            180: (SIZE - across, SIZE - down),
            270: (SIZE - down, across),
        }[self.turn]
        return self.x - round(turned[0]), self.y - round(turned[1])

    @property
    def is_clear(self) -> bool:
        """Whether it stays off the edges and off the subtitles."""
        left, top = self.corner
        return (
            left >= SAFE_X
            and top >= SAFE_Y
            and left + SIZE <= WIDTH - SAFE_X
            and top + SIZE <= SUBTITLES_FROM
        )

    def moved(self, share: float) -> "Pose":
        """So far back from where it comes: 0 is here, 1 is WAY pixels off."""
        across, down = LIES[self.turn]
        return Pose(
            self.turn, self.x + round(across * WAY * share), self.y + round(down * WAY * share)
        )


def pose_on(place: Rect) -> Pose:
    """The tip on the place, beside its middle so that its words can be read."""
    for turn in TURNS:
        across, down = LIES[turn]
        pose = Pose(
            turn,
            place.centre[0] + round(place.width * (0.38 * across or 0.28)),
            place.centre[1] + round(place.height * (0.38 * down or 0.2)),
        )
        if pose.is_clear:
            return pose
    return Pose(90, *place.centre)


def put_hand(picture: Image.Image, pose: Pose) -> None:
    hand = turned_hand(pose.turn)
    picture.paste(hand, pose.corner, hand)


@cache
def turned_hand(turn: int) -> Image.Image:
    return _hand().rotate(turn)


@cache
def _hand() -> Image.Image:
    """Yellow with an even dark line, on a transparent square."""
    from fontTools.pens.recordingPen import RecordingPen
    from fontTools.svgLib.path import parse_path

    _box, inside = symbols()[HAND]
    outline = re.search(r' d="([^"]+)"', inside)
    assert outline is not None
    pen = RecordingPen()
    parse_path(outline[1], pen)
    scale = (SIZE - 2 * LINE) * LARGER / 256
    points = [
        (x * scale + LINE * LARGER, y * scale + LINE * LARGER) for x, y in _flattened(pen.value)
    ]
    shape = Image.new("L", (SIZE * LARGER, SIZE * LARGER), 0)
    ImageDraw.Draw(shape).polygon(points, fill=255)
    grown = shape
    for _pixel in range(LINE * LARGER):
        grown = grown.filter(ImageFilter.MaxFilter(3))  # many small ones are fifteen times as fast
    hand = Image.new("RGBA", shape.size, colours()["ring-edge"])
    hand.paste(Image.new("RGBA", shape.size, colours()["ring-band"]), (0, 0), shape)
    hand.putalpha(grown)
    return hand.resize((SIZE, SIZE), Image.Resampling.LANCZOS)


Point = tuple[float, float]


def _flattened(commands: list[tuple[str, tuple[Point, ...]]]) -> Iterator[Point]:
    """The points of one closed outline; its curves as short lines."""
    here = (0.0, 0.0)
    for name, points in commands:
        if name in {"moveTo", "lineTo"}:
            here = points[0]
            yield here
        elif name == "curveTo":
            a, b, c = points
            for step in range(1, 9):
                t = step / 8
                u = 1 - t
                yield (
                    u**3 * here[0] + 3 * u * u * t * a[0] + 3 * u * t * t * b[0] + t**3 * c[0],
                    u**3 * here[1] + 3 * u * u * t * a[1] + 3 * u * t * t * b[1] + t**3 * c[1],
                )
            here = c


def put_ring(picture: Image.Image, place: Rect, *, within: Rect, off: int, dimmed: float) -> None:
    """A ring `off` pixels around the place; the rest of what it is on `dimmed` (0 to 1)."""
    if dimmed:
        shown = picture.crop((within.left, within.top, within.right, within.bottom))
        dark = Image.new("RGB", shown.size, colours()["ink"])
        mask = Image.new("L", shown.size, 0)
        whole = (0, 0, *shown.size)
        ImageDraw.Draw(mask).rounded_rectangle(whole, CORNER, fill=round(255 * dimmed))
        kept = place.grown(BAND // 2)
        ImageDraw.Draw(mask).rounded_rectangle(
            (
                kept.left - within.left,
                kept.top - within.top,
                kept.right - within.left,
                kept.bottom - within.top,
            ),
            ROUND,
            fill=0,
        )
        picture.paste(dark, (within.left, within.top), mask)
    around = place.grown(off + BAND + EDGE)
    ring = _ring_mask(around, BAND + 2 * EDGE), _ring_mask(around, BAND + EDGE, EDGE)
    for mask, name in zip(ring, ("ring-edge", "ring-band"), strict=True):
        picture.paste(colours()[name], (around.left, around.top), mask)


def _ring_mask(around: Rect, width: int, inset: int = 0) -> Image.Image:
    size = (around.width * 2, around.height * 2)
    outer, inner = Image.new("L", size, 0), Image.new("L", size, 0)
    for image, by in ((outer, inset), (inner, width)):
        box = (2 * by, 2 * by, size[0] - 2 * by - 1, size[1] - 2 * by - 1)
        ImageDraw.Draw(image).rounded_rectangle(
            box, max(2, 2 * (ROUND + BAND + EDGE - by)), fill=255
        )
    ring = ImageChops.subtract(outer, inner)
    return ring.resize((around.width, around.height), Image.Resampling.LANCZOS)
