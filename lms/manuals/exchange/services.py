"""Importing a manual from a package."""

from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.manuals.editor.picture_files import CleanPicture, PictureRefused, clean_picture
from lms.manuals.editor.services.pictures import keep_clean
from lms.manuals.editor.services.products import ProductRefused, add_product
from lms.manuals.editor.services.versions import VersionRefused, start_manual
from lms.manuals.editor.services.writing import (
    add_step,
    add_task,
    add_trouble,
    add_warning,
    change_version,
)
from lms.manuals.exchange.documents import Document, PackageRefused, Step
from lms.manuals.exchange.packages import Package, refuse_all
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Organisation, Product


def import_manual(package: Package, *, organisation: Organisation, by: User | None) -> Manual:
    """A new manual with a draft, and its product unless the organisation has it already. The
    readability check is made when the draft is handed in, as with any other.

    by None: the starter imports it. Raises PackageRefused; then nothing is kept, no file either.
    """
    # Two hundred photographs take minutes, so they are cleaned before anything is locked.
    clean = clean_pictures(package)
    new: list[ManualPicture] = []
    try:
        with deleted_if_undone(new), transaction.atomic():
            product = find_or_add_product(package.document, organisation)
            manual = start_manual(product=product, by=by, title=package.document.title)
            pictures = {}
            for name, picture in clean.items():
                pictures[name], is_new = keep_clean(
                    picture, organisation=organisation, original_name=name, by=by
                )
                if is_new:
                    new.append(pictures[name])
            write_document(manual.versions.get(), package.document, pictures)
    except (ProductRefused, VersionRefused) as error:
        raise PackageRefused(str(error)) from error
    except ValidationError as error:
        raise PackageRefused(" ".join(error.messages)) from error
    return manual


@contextmanager
def deleted_if_undone(pictures: list[ManualPicture]) -> Iterator[None]:
    """Deletes the pictures' files when the block fails; a rollback does not."""
    try:
        yield
    except BaseException:
        for picture in pictures:
            picture.file.delete(save=False)
        raise


def find_or_add_product(document: Document, organisation: Organisation) -> Product:
    told = document.product
    own = Product.objects.of(organisation).filter(
        brand__iexact=told.brand, model__iexact=told.model
    )
    return own.first() or add_product(organisation=organisation, **told.model_dump())


def clean_pictures(package: Package) -> dict[str, CleanPicture]:
    """By name. Raises PackageRefused, which says of each that cannot be used why."""
    clean: dict[str, CleanPicture] = {}
    wrong: list[str] = []
    for name, content in package.pictures.items():
        try:
            clean[name] = clean_picture(BytesIO(content))
        except PictureRefused as error:
            wrong.append(_("图片“%(name)s”：%(problem)s") % {"name": name, "problem": error})
    refuse_all(wrong)
    return clean


def write_document(
    draft: ManualVersion, document: Document, pictures: dict[str, ManualPicture]
) -> None:
    change_version(
        draft,
        software_version=document.software_version,
        service_telephone=document.service_telephone,
        checked_on=document.checked_on,
        review_due=document.review_due,
    )
    for words in document.warnings:
        add_warning(draft, words=words)
    for told in document.tasks:
        task = add_task(draft, title=told.title)
        for step in told.steps:
            add_step(task, **step_fields(step, pictures))
    for trouble in document.troubles:
        add_trouble(draft, **trouble.model_dump())


def step_fields(step: Step, pictures: dict[str, ManualPicture]) -> dict[str, Any]:
    marker = step.marker
    return {
        **step.model_dump(include={"words", "alt", "warning", "expected"}),
        "picture": pictures[step.picture] if step.picture else None,
        "marker_x": marker and marker.x,
        "marker_y": marker and marker.y,
        "marker_w": marker and marker.w,
        "marker_h": marker and marker.h,
    }
