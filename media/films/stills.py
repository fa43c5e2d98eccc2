"""Stills of scenes for editors: how each looks at its end, smaller than the film's pictures."""

from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path

from PIL import Image

from media.files import half_made
from media.films.drawing import draw_scenes, picture_name
from media.films.making import Kept
from media.films.motion import last_picture, place_of, read_picture
from media.films.services import kept_films
from media.films.storyboard import Scene

WIDTH, HEIGHT = 1280, 720
QUALITY = 82


def stills_folder() -> Path:
    """Beside the pictures that they are made from; the nightly cleanup looks at both."""
    return kept_films() / "stills"


def draw_stills(scenes: Sequence[Scene]) -> list[str]:
    """Names of the scenes' stills in stills_folder(), without .jpg; draws what is missing.

    The pictures are those of the film, which need not be drawn again when it is made. Raises
    NotDrawn.
    """
    pictures = draw_scenes(scenes, folder=Kept(kept_films()).pictures)
    stills_folder().mkdir(parents=True, exist_ok=True)
    return [_still(scene, picture) for scene, picture in zip(scenes, pictures, strict=True)]


def _still(scene: Scene, picture: Path) -> str:
    digest = sha256(f"{picture_name(scene)} {place_of(scene)}".encode()).hexdigest()[:24]
    target = stills_folder() / f"{digest}.jpg"
    if target.exists():
        target.touch()
        return digest
    shown = last_picture(scene, read_picture(picture))
    small = shown.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    with half_made(target) as [name]:
        small.save(name, "JPEG", quality=QUALITY, optimize=True)
    return digest
