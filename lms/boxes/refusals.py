"""Why a letter or a line is not taken."""


class BoxRefused(Exception):
    """``str()`` is one sentence in plain Chinese."""


class LineRefused(Exception):
    """This line can never be taken as it is; the others can. The text says why."""


class LineWaits(Exception):
    """This line needs another one that has not arrived. The text says which."""
