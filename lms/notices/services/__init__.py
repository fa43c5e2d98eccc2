"""Verbs that write notices. `tell` is what other rooms call."""

from lms.notices.services.telling import tell

__all__ = ["tell"]
