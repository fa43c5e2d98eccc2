"""The QR code that a manufacturer prints on a box: at its true size, dark on light."""

from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from math import ceil
from typing import Final

import segno

#: Millimetres of the square's side, without the quiet zone. Below 10 telephones begin to fail.
SMALLEST_MM: Final = 10
LARGEST_MM: Final = 200
USUAL_MM: Final = 20
#: Dots an inch that print shops ask for.
RESOLUTIONS: Final = (300, 600)
#: Modules that stay white on each side: ISO/IEC 18004 asks for four.
QUIET_MODULES: Final = 4
#: A sixth of it may be worn off. Segno gives a higher level where that costs no module.
LEVEL: Final = "m"
MM_AN_INCH: Final = 25.4


@dataclass(frozen=True)
class BoxCode:
    address: str
    side_mm: int

    @cached_property
    def code(self) -> segno.QRCode:
        return segno.make_qr(self.address, error=LEVEL)

    @property
    def version(self) -> int:
        return int(self.code.version)

    @property
    def level(self) -> str:
        """L, M, Q or H."""
        return str(self.code.error)

    @property
    def modules(self) -> int:
        """Along a side, without the quiet zone."""
        return int(self.code.symbol_size(border=0)[0])

    @property
    def module_mm(self) -> float:
        return self.side_mm / self.modules

    @property
    def quiet_mm(self) -> float:
        """What stays white on each side."""
        return QUIET_MODULES * self.module_mm

    @property
    def picture_mm(self) -> float:
        """The picture's side, quiet zone and all."""
        return self.side_mm + 2 * self.quiet_mm

    def svg(self, *, words: str) -> bytes:
        """With its width and height in millimetres; the address is its title, `words` its
        description, which a program for drawing shows and copies."""
        drawn = BytesIO()
        self.code.save(
            drawn, kind="svg", border=QUIET_MODULES, scale=self.module_mm, unit="mm",
            light="#fff", title=self.address, desc=words, xmldecl=True,
        )  # fmt: skip
        return drawn.getvalue()

    def png(self, resolution: int) -> bytes:
        """As many dots an inch at least. Every module has the same whole number of dots, so the
        file says some more dots an inch, by which its side is exact to a third of a per cent."""
        drawn = BytesIO()
        self.code.save(
            drawn, kind="png", border=QUIET_MODULES, light="#fff",
            scale=self._dots(resolution), dpi=self.dots_an_inch(resolution),
        )  # fmt: skip
        return drawn.getvalue()

    def dots_an_inch(self, resolution: int) -> int:
        """What the PNG says; at least `resolution`."""
        return int(self._dots(resolution) * MM_AN_INCH / self.module_mm)

    def _dots(self, resolution: int) -> int:
        """Of a module's side."""
        return ceil(resolution * self.module_mm / MM_AN_INCH)
