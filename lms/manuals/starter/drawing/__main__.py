"""Draws every picture of the starter's manuals."""

from pathlib import Path

from lms.manuals.starter.drawing import (
    big_phone,
    blood_pressure,
    cooker,
    documents,
    hearing_aid,
    speaker,
    television_box,
)
from lms.manuals.starter.drawing.pen import drawn

ALBUMS = {
    "blood-pressure": blood_pressure.PICTURES,
    "big-phone": big_phone.PICTURES,
    "speaker": speaker.PICTURES,
    "television-box": television_box.PICTURES,
    "cooker": cooker.PICTURES,
    "hearing-aid": hearing_aid.PICTURES,
}


def main() -> None:
    for album, pictures in ALBUMS.items():
        keep(Path(__file__).parents[1] / album / "pictures", pictures)
    keep(Path(__file__).parents[1] / "documents", documents.PICTURES)


def keep(folder: Path, pictures: dict[str, str]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, shapes in pictures.items():
        (folder / f"{name}.png").write_bytes(drawn(shapes))


if __name__ == "__main__":
    main()
