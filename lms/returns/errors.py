class ReturnRefused(Exception):
    """What cannot be done with a return or its form; the text says why and what to do."""
