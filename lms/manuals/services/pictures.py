"""Verbs that keep and drop an organisation's pictures."""

from typing import Any

from django.core.files.base import ContentFile, File
from django.db import transaction

from lms.manuals.models import ManualPicture, Organisation
from lms.manuals.pictures import CleanPicture, clean_picture


def keep_picture(
    *, organisation: Organisation, file: File, original_name: str = "", by: Any = None
) -> ManualPicture:
    """The organisation's row of this picture: a new one, or the one that it has already.

    by None: nobody's hand brought it. Raises PictureRefused.
    """
    clean = clean_picture(file)  # takes long, so before anything is held
    return keep_clean(clean, organisation=organisation, original_name=original_name, by=by)[0]


@transaction.atomic
def keep_clean(
    clean: CleanPicture, *, organisation: Organisation, original_name: str, by: Any
) -> tuple[ManualPicture, bool]:
    """The row, and whether it and its file are new. Whoever undoes this in a transaction of his own
    deletes a new file himself."""
    # Two who bring the same picture at once wait here for each other.
    Organisation.objects.select_for_update().get(pk=organisation.pk)
    kept = ManualPicture.objects.of(organisation).filter(digest=clean.digest).first()
    if kept is not None:
        return kept, False
    picture = ManualPicture.objects.create(
        organisation=organisation,
        file=ContentFile(clean.content, name=f"picture{clean.suffix}"),
        original_name=original_name[:255],
        width=clean.width,
        height=clean.height,
        size_bytes=len(clean.content),
        digest=clean.digest,
        added_by=by,
    )
    return picture, True
