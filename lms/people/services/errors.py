class PersonRefused(Exception):
    """What cannot be done for a person; the text says why and what to do."""
