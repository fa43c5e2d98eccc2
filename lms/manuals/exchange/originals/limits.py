"""How much one file may cost."""

from typing import Final

MOST_MIB: Final = 60
MOST_PHOTOS: Final = 60
NICENESS: Final = 5  # somebody waits for it, and viewers of films come first
CPU_SECONDS: Final = 100
#: After which the child is ended whatever it does.
WALL_SECONDS: Final = 300
#: Address space, of which PDFium and the fonts take a third before the first page.
MEMORY_BYTES: Final = 2 * 2**30
FILE_BYTES: Final = 64 * 2**20
OPEN_FILES: Final = 64
