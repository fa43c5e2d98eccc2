"""The institution, and the project shell around courses, media and subtitles."""

from lms.celery import app as celery_app

#: As CHANGELOG.md has it; shown at /healthz and at the foot of the admin's first page.
__version__ = "0.9.0"

__all__ = ["__version__", "celery_app"]
