"""What cannot be done with a row, in words that say what to do."""


class LedgerRefused(Exception):
    """The text says why, and what to do."""
