"""Why a pack cannot be made or taken in."""


class PackError(Exception):
    """``str()`` is one sentence in plain Chinese for whoever asked for it."""
