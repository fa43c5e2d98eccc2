class ClassRefused(Exception):
    """A change that cannot be made; the text says why and what to do."""
