"""Verbs that keep an organisation's pictures."""

from django.core.files.base import ContentFile, File
from django.db import transaction

from lms.accounts.models import User
from lms.manuals.editor.picture_files import CleanPicture, clean_picture
from lms.manuals.models import ManualPicture, Organisation


def keep_picture(
    *, organisation: Organisation, file: File, original_name: str = "", by: User | None = None
) -> ManualPicture:
    """The picture as a new row, or the row that the organisation has of it already.

    by None: a program brought it. Raises PictureRefused.
    """
    clean = clean_picture(file)  # slow, so before anything is locked
    return keep_clean(clean, organisation=organisation, original_name=original_name, by=by)[0]


@transaction.atomic
def keep_clean(
    clean: CleanPicture, *, organisation: Organisation, original_name: str, by: User | None
) -> tuple[ManualPicture, bool]:
    """The row, and whether it is new. A caller that rolls back must delete the new file itself."""
    # Two requests with the same picture wait for each other here.
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
