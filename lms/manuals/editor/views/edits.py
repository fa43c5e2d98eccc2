"""What came of one request of the editor's page, and the pictures that came with it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext as _

from lms.manuals.editor.forms.parts import PartForm
from lms.manuals.editor.parts import MARKER_FIELDS, EditedRow
from lms.manuals.editor.permissions import MemberRequest
from lms.manuals.editor.picture_files import PictureRefused
from lms.manuals.editor.services.arranging import place_pictures
from lms.manuals.editor.services.pictures import keep_picture
from lms.manuals.editor.services.saving import SaveResult
from lms.manuals.editor.services.versions import VersionRefused
from lms.manuals.editor.services.writing import change_part
from lms.manuals.models import ManualPicture, ManualStep, ManualTask


@dataclass
class Edit:
    """What came of one request: typed words, pictures and at most one action."""

    #: By key, as they were sent.
    forms: dict[str, PartForm]
    saved: SaveResult
    #: Why the action was not done; empty when it was, or there was none.
    notice: str = ""
    #: Key of the part that the page scrolls to; empty: it stays where it is.
    focus: str = ""
    #: Whether parts were added, removed or moved, or a picture changed.
    reshaped: bool = False

    @property
    def unsaved_forms(self) -> dict[str, PartForm]:
        """By key, those of which something was not saved: an error, or a colleague's change."""
        conflicts = self.saved.conflicts
        return {k: form for k, form in self.forms.items() if form.errors or k in conflicts}


def keep_pictures(request: MemberRequest, rows: Mapping[str, EditedRow], edit: Edit) -> None:
    """`<key of a step>-file` replaces the step's picture and removes the marker on it;
    `<key of a task>-files` go to its steps without one, in the order of their names."""
    for name, files in request.FILES.lists():
        key, _dash, box = name.rpartition("-")
        row = rows.get(key)
        if isinstance(row, ManualStep) and box == "file":
            _keep_one(request, row, files[-1], edit)
        elif isinstance(row, ManualTask) and box == "files":
            _keep_many(request, row, files, edit)


def _keep_one(request: MemberRequest, row: ManualStep, file: UploadedFile, edit: Edit) -> None:
    key = str(row.key)
    step = ManualStep.objects.filter(pk=row.pk).first()
    if step is None:
        edit.saved.gone.append(key)
        return
    try:
        picture = _kept(request, file)
    except PictureRefused as reason:
        edit.saved.refused[key] = str(reason)
    else:
        change_part(step, picture=picture, **dict.fromkeys(MARKER_FIELDS))
        edit.reshaped, edit.focus = True, key


def _keep_many(
    request: MemberRequest, row: ManualTask, files: list[UploadedFile], edit: Edit
) -> None:
    """Those that cannot be used are named all at once, and their steps stay without a picture."""
    kept: list[ManualPicture | None] = []
    refused: list[str] = []
    for file in sorted(files, key=lambda each: by_number(each.name or "")):
        try:
            kept.append(_kept(request, file))
        except PictureRefused as reason:
            kept.append(None)
            refused.append(f"“{file.name}”：{reason}")
    try:
        first = place_pictures(row, kept)
    except VersionRefused as reason:
        refused.append(str(reason))
    else:
        edit.reshaped = edit.reshaped or first is not None
        edit.focus = str(first.key) if first else edit.focus
    if refused:
        said = {"count": len(refused), "which": "\n".join(refused)}
        edit.notice = _("%(count)d张图没有放上，别的都放好了。\n%(which)s") % said


def by_number(name: str) -> list[tuple[int, str]]:
    """So that 10.jpg comes behind 9.jpg."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part)
        for part in re.split(r"(\d+)", name.casefold())
        if part
    ]


def _kept(request: MemberRequest, file: UploadedFile) -> ManualPicture:
    """Raises PictureRefused."""
    return keep_picture(
        organisation=request.organisation,
        file=file,
        original_name=file.name or "",
        by=request.user,
    )
