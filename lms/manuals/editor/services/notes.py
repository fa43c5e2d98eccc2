"""The verb by which a maker says that what a reviewer noted at a part is done."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.services.writing import locked_draft
from lms.manuals.models import ManualVersion, ReviewNote


@transaction.atomic
def mark_note(draft: ManualVersion, *, number: str, done: bool) -> None:
    """number: of the note. Raises VersionRefused when it is no draft, and for a note that is not
    on an earlier version of the same manual."""
    draft = locked_draft(draft)
    known = number.isascii() and number.isdigit() and len(number) < 19
    note = ReviewNote.objects.before(draft).filter(pk=int(number) if known else 0).first()
    if note is None:
        raise VersionRefused(_("没有这条意见，请刷新页面看看。"))
    note.done_at = timezone.now() if done else None
    note.save(update_fields=["done_at"])
