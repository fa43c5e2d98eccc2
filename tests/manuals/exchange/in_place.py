"""How much of a manual a draft has in its place."""

import io
from dataclasses import dataclass
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from lms.manuals.exchange.documents import Document
from lms.manuals.exchange.originals.drafted import DraftedManual
from lms.manuals.exchange.packages import Package


@dataclass(frozen=True)
class Share:
    there: int
    asked: int

    @property
    def percent(self) -> int:
        return round(100 * self.there / self.asked) if self.asked else 100

    def __str__(self) -> str:
        return f"{self.there}/{self.asked}"


@dataclass(frozen=True)
class InPlace:
    """Of steps: the same words at the same place of the same task. Of pictures, warnings and what
    one should see: with the right step."""

    steps: Share
    pictures: Share
    warnings: Share
    expected: Share
    troubles: Share
    opening: Share

    @property
    def steps_and_pictures(self) -> int:
        """Per cent."""
        there = self.steps.there + self.pictures.there
        return round(100 * there / (self.steps.asked + self.pictures.asked))


def bare(words: str) -> str:
    return "".join(words.split())


def in_place(package: Package, draft: DraftedManual, folder: Path) -> InPlace:
    document = package.document
    looks = {name: look(data) for name, data in package.pictures.items()}
    asked = [(t.title, n, step) for t in document.tasks for n, step in enumerate(t.steps)]
    found = {(bare(t.title), n): step for t in draft.tasks for n, step in enumerate(t.steps)}
    right = [
        (step, made)
        for title, n, step in asked
        if (made := found.get((bare(title), n))) and bare(made.words) == bare(step.words)
    ]

    def share(wanted, is_there) -> Share:
        there = sum(bool(wanted(step)) and is_there(step, made) for step, made in right)
        return Share(there, sum(bool(wanted(step)) for _title, _n, step in asked))

    return InPlace(
        Share(len(right), len(asked)),
        share(
            lambda step: step.picture,
            lambda step, made: (
                bool(made.picture) and nearest(folder / str(made.picture), looks) == step.picture
            ),
        ),
        share(lambda step: step.warning, lambda s, made: bare(s.warning) == bare(made.warning)),
        share(lambda step: step.expected, lambda s, made: bare(s.expected) == bare(made.expected)),
        troubles_in(document, draft),
        Share(
            sum(bare(w) in map(bare, draft.warnings) for w in document.warnings),
            len(document.warnings),
        ),
    )


def troubles_in(document: Document, draft: DraftedManual) -> Share:
    made = {(bare(t.problem), bare(t.remedy)) for t in draft.troubles}
    there = sum((bare(t.problem), bare(t.remedy)) in made for t in document.troubles)
    return Share(there, len(document.troubles))


def look(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data)).convert("RGBA")
    ground = Image.new("RGBA", image.size, "white")
    ground.alpha_composite(image)
    return ground.convert("RGB").resize((96, 72))


def nearest(path: Path, looks: dict[str, Image.Image]) -> str:
    """Name of the picture that looks most like it."""
    mine = look(path.read_bytes())
    return min(
        looks, key=lambda name: sum(ImageStat.Stat(ImageChops.difference(mine, looks[name])).mean)
    )
