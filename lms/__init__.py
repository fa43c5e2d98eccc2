"""The institution, and the project shell around courses, media and subtitles."""

from lms.celery import app as celery_app

__all__ = ["celery_app"]
