"""Verbs that bring an organisation's videos and take them away."""

from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from lms.manuals.models import ManualVideo, Organisation
from media import publishing
from media.models import Video


class VideoRefused(Exception):
    """A video that cannot be taken away; the text says why."""


@transaction.atomic
def bring_video(video: Video, *, organisation: Organisation, by: Any) -> ManualVideo:
    """Keep a video that is not saved yet as the organisation's own; the worker finds it."""
    video.uploaded_by = by
    video.save()
    return ManualVideo.objects.create(organisation=organisation, video=video)


def remove_video(brought: ManualVideo) -> None:
    """For good, its files too. Raises VideoRefused while a version of a manual shows it."""
    if brought.versions.exists():
        raise VideoRefused(_("有说明书还在用这个视频，不能删除。"))
    try:
        publishing.delete_video(brought.video)
    except ProtectedError as error:
        raise VideoRefused(_("有说明书还在用这个视频，不能删除。")) from error
