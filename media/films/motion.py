"""The pictures of one scene, in order, each with how long it stands.

Motion has a reason or there is none: a soft cut at the beginning, a finger that comes to the place
that is pressed, a ring that closes around it. In between nothing is drawn.
"""

from collections.abc import Callable
from functools import partial
from math import cos, pi
from pathlib import Path

from PIL import Image

from media.films.finger import DIMMED, Pose, pose_on, put_hand, put_ring
from media.films.layout import Rect, shown_rect, spot_rect
from media.films.storyboard import Scene
from media.films.timeline import TICK_MS, TimedScene

#: In ticks of 80 ms: a soft cut of 240 ms, a finger of 640, a ring of 400.
CUT_TICKS, FINGER_TICKS, RING_TICKS = 3, 8, 5
#: How far outside its place the ring begins, and where it ends, in pixels.
RING_FROM, RING_TO = 80, 6
#: A viewer looks at the new screen for so long before anything moves there.
FIRST_LOOK_TICKS = 14
#: The place stays shown for so long at least.
LAST_LOOK_TICKS = 12

Shown = tuple[Callable[[], Image.Image], int]
"""What draws a picture, and how many ticks it stands."""


def read_picture(path: Path) -> Image.Image:
    with Image.open(path) as opened:
        return opened.convert("RGB")


def place_of(scene: Scene) -> Rect | None:
    """Where the finger goes, in pixels; None where it points at nothing."""
    return spot_rect(scene.spot, shown_rect(scene)) if scene.spot else None


def last_picture(scene: Scene, picture: Image.Image) -> Image.Image:
    """How a scene looks at its end."""
    place = place_of(scene)
    if place is None:
        return picture
    shown = picture.copy()
    put_ring(shown, place, within=shown_rect(scene), off=RING_TO, dimmed=DIMMED)
    put_hand(shown, pose_on(place))
    return shown


def finger_from(timed: TimedScene) -> int:
    """The tick at which the finger sets out: in the middle of what is said, with time to look."""
    ticks = timed.duration_ms // TICK_MS
    latest = ticks - FINGER_TICKS - RING_TICKS - LAST_LOOK_TICKS
    return max(CUT_TICKS + 1, min(max(FIRST_LOOK_TICKS, ticks // 3), latest))


def pictures_of(
    timed: TimedScene, picture: Image.Image, *, before: Image.Image | None
) -> list[Shown]:
    """`before` is how the scene before ends; None for the first scene."""
    ticks = timed.duration_ms // TICK_MS
    shown: list[Shown] = []
    if before is not None:
        cut = [step / (CUT_TICKS + 1) for step in range(1, CUT_TICKS + 1)]
        shown += [(partial(Image.blend, before, picture, share), 1) for share in cut]
        ticks -= CUT_TICKS
    place = place_of(timed.scene)
    if place is None:
        return [*shown, (lambda: picture, ticks)]
    still = finger_from(timed) - len(shown)
    pose, within = pose_on(place), shown_rect(timed.scene)
    return [
        *shown,
        (lambda: picture, still),
        *((partial(_finger, picture, pose, step), 1) for step in range(FINGER_TICKS)),
        *((partial(_ring, picture, place, within, pose, step), 1) for step in range(RING_TICKS)),
        (
            partial(last_picture, timed.scene, picture),
            ticks - still - FINGER_TICKS - RING_TICKS,
        ),
    ]


def _finger(picture: Image.Image, pose: Pose, step: int) -> Image.Image:
    share = (1 + cos(pi * step / FINGER_TICKS)) / 2
    coming = pose.moved(share)
    shown = picture.copy()
    put_hand(shown, coming if coming.is_clear else pose.moved(share / 4))
    return shown


def _ring(picture: Image.Image, place: Rect, within: Rect, pose: Pose, step: int) -> Image.Image:
    share = (step + 1) / (RING_TICKS + 1)
    shown = picture.copy()
    off = round(RING_FROM + (RING_TO - RING_FROM) * share)
    put_ring(shown, place, within=within, off=off, dimmed=DIMMED * share)
    put_hand(shown, pose)
    return shown
