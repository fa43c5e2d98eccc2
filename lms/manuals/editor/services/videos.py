"""Verbs that add and remove an organisation's videos."""

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.models import ManualVideo, Organisation
from media.models import Video
from media.pipeline import publishing


class VideoRefused(Exception):
    """A video that cannot be removed; the text says why."""


@transaction.atomic
def add_video(video: Video, *, organisation: Organisation, by: User) -> ManualVideo:
    """Save a new video as the organisation's own; the worker finds and processes it."""
    video.uploaded_by = by
    video.save()
    return ManualVideo.objects.create(organisation=organisation, video=video)


def remove_video(brought: ManualVideo) -> None:
    """With its files. Raises VideoRefused while a version of a manual shows it."""
    if brought.versions.exists():
        raise VideoRefused(_("有说明书还在用这个视频，不能删除。"))
    try:
        publishing.delete_video(brought.video)
    except ProtectedError as error:
        raise VideoRefused(_("有说明书还在用这个视频，不能删除。")) from error
