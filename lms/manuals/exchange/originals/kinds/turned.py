"""Pages of a PDF that are shown turned: by the page itself (/Rotate), or since all its words run up
or down the paper, as of a wide table on an upright page."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from math import pi
from typing import Any, Final

import pypdfium2.raw as pdfium_c
from PIL import Image

from lms.manuals.exchange.originals.layout import Area

#: Letters that are looked at before a page is turned to them, and how few turn none: a stamp's.
LOOKED_AT: Final = 400
FEWEST: Final = 15
QUARTER: Final = pi / 2
#: Quarters clockwise → what Pillow calls it; it turns the other way round.
TURNS: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def turn_to_its_words(page: Any) -> None:
    """Turns a page, as it is shown, so that most of its letters stand upright."""
    textpage = page.get_textpage()
    quarters: Counter[int] = Counter()
    for n in range(min(textpage.count_chars(), LOOKED_AT)):
        angle = pdfium_c.FPDFText_GetCharAngle(textpage, n)
        if angle >= 0 and not pdfium_c.FPDFText_IsGenerated(textpage, n):
            quarters[-round(angle / QUARTER) % 4] += 1  # it counts the other way
    if quarters.total() < FEWEST:
        return
    quarter, count = quarters.most_common(1)[0]
    if count * 10 > 8 * quarters.total():
        page.set_rotation(quarter * 90)


@dataclass(frozen=True)
class Placing:
    """From a page's own coordinates, which go up from its lower left corner and know nothing of its
    turn, to points from the top left corner of what is seen."""

    left: float
    bottom: float
    right: float
    top: float
    #: Quarters clockwise.
    turned: int

    @classmethod
    def of(cls, page: Any) -> "Placing":
        left, bottom, right, top = page.get_cropbox()
        return cls(left, bottom, right, top, page.get_rotation() // 90 % 4)

    def area(self, corners: Iterable[tuple[float, float]]) -> Area:
        xs, ys = zip(*(self.seen_at(x, y) for x, y in corners), strict=True)
        return Area(min(xs), min(ys), max(xs), max(ys))

    def seen_at(self, x: float, y: float) -> tuple[float, float]:
        if self.turned == 1:
            return y - self.bottom, x - self.left
        if self.turned == 2:
            return self.right - x, y - self.bottom
        if self.turned == 3:
            return self.top - y, self.right - x
        return x - self.left, self.top - y


def upright(image: Image.Image, turned: int) -> Image.Image:
    """A picture as it is seen on a page that is turned so many quarters clockwise."""
    return image.transpose(TURNS[turned]) if turned else image
