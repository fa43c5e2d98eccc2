"""Verbs that take a maker's file, have it read, and make a draft of it."""

import json
import shutil
import threading
import uuid
from collections.abc import Sequence
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.db import connections, transaction
from django.db.models import F
from django.utils import timezone

from lms.accounts.models import User
from lms.manuals.choices import OriginalState
from lms.manuals.editor.picture_files import CleanPicture, PictureRefused, clean_picture
from lms.manuals.editor.services.pictures import keep_clean
from lms.manuals.editor.services.versions import VersionRefused, start_manual
from lms.manuals.editor.services.writing import (
    add_step,
    add_task,
    add_trouble,
    add_warning,
    change_version,
)
from lms.manuals.exchange.originals.drafted import DraftedManual, DraftedStep
from lms.manuals.exchange.originals.items import FileRefused, Omission
from lms.manuals.exchange.originals.limits import MOST_MIB, MOST_PHOTOS, WALL_SECONDS
from lms.manuals.exchange.originals.running import DRAFT, read_in_child
from lms.manuals.exchange.services import deleted_if_undone
from lms.manuals.models import Manual, ManualPicture, ManualVersion, Organisation, Original, Product

#: A reader that has said nothing for so long is gone.
LEASE: Final = timedelta(seconds=WALL_SECONDS + 30)
MOST_ATTEMPTS: Final = 2
#: Files that never became a draft are kept so long.
KEPT: Final = timedelta(days=7)
CLEAN: Final = "clean-"
#: One at a time in a web process; the next one waits.
_turn = threading.BoundedSemaphore(1)


def take_original(
    files: Sequence[UploadedFile],
    *,
    organisation: Organisation,
    product: Product | None,
    by: User | None,
) -> Original:
    """Keeps the files until they are read. Raises FileRefused for what is too large or too many."""
    if sum(file.size or 0 for file in files) > MOST_MIB * 2**20:
        raise FileRefused("too_large", most=MOST_MIB)
    if len(files) > MOST_PHOTOS:
        raise FileRefused("too_many_photos", most=MOST_PHOTOS)
    forget_old(organisation)
    original = Original.objects.create(
        organisation=organisation, product=product, added_by=by, name=(files[0].name or "")[:255]
    )
    original.folder.mkdir(parents=True)
    for number, file in enumerate(files, 1):
        suffix = PurePath(file.name or "").suffix.lower()[:8]
        kept = suffix if suffix.removeprefix(".").isalnum() else ""
        with (original.folder / f"source-{number:02}{kept}").open("wb") as target:
            for chunk in file.chunks():
                target.write(chunk)
    return original


def forget_old(organisation: Organisation) -> None:
    """Removes what never became a draft, and folders whose draft was thrown away."""
    stale = Original.objects.of(organisation).filter(
        manual=None, added_at__lt=timezone.now() - KEPT
    )
    stale.exclude(state=OriginalState.READING).delete()
    home = Original(organisation=organisation).folder.parent
    known = {key.hex for key in Original.objects.of(organisation).values_list("key", flat=True)}
    for folder in home.glob("*"):
        if folder.name not in known:
            shutil.rmtree(folder, ignore_errors=True)


# --- Reading ----------------------------------------------------------------------------------


def start_reading(original: Original) -> None:
    """In a thread of this process, unless somebody reads it already."""
    if token := claim(original):
        threading.Thread(
            target=read_in_thread, args=(original.pk, token), name="original", daemon=True
        ).start()


def claim(original: Original) -> uuid.UUID | None:
    """None: it is being read or was read. After two readers that fell silent it is refused."""
    token, now = uuid.uuid4(), timezone.now()
    unheld = Original.objects.unheld(now).filter(pk=original.pk)
    unheld.filter(attempts__gte=MOST_ATTEMPTS).update(
        state=OriginalState.REFUSED, refusal={"name": "too_hard", "said": {}}
    )
    claimed = unheld.update(
        state=OriginalState.READING,
        token=token,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
    )
    return token if claimed else None


def read_in_thread(pk: int, token: uuid.UUID) -> None:
    try:
        with _turn:
            read_original(pk, token)
    finally:
        connections.close_all()


def read_original(pk: int, token: uuid.UUID) -> None:
    """Has the file read and its pictures cleaned; the row says what came of it."""
    held = Original.objects.filter(pk=pk, token=token, state=OriginalState.READING)
    original = held.first()
    if original is None:
        return

    def told(done: int, total: int) -> None:
        held.update(pages_read=done, pages=total, lease_until=timezone.now() + LEASE)

    told(0, 0)
    try:
        draft = read_in_child(original.folder, told=told)
        clean_pictures(draft, original.folder)
    except FileRefused as refused:
        refusal = {"name": refused.name, "said": refused.said}
        held.update(state=OriginalState.REFUSED, refusal=refusal)
    except Exception:
        held.update(state=OriginalState.REFUSED, refusal={"name": "failed", "said": {}})
        raise
    else:
        held.update(state=OriginalState.READ, found=asdict(draft), pages=draft.pages)


def clean_pictures(draft: DraftedManual, folder: Path) -> None:
    """Encodes anew each picture that a step shows. One that is refused is left out and told."""
    clean: dict[str, str | None] = {}
    for step in draft.steps:
        if step.picture is None:
            continue
        if step.picture not in clean:
            clean[step.picture] = clean_one(step, draft, folder)
        step.picture = clean[step.picture]
        if step.picture is None:
            step.alt = ""
    for path in [*folder.glob("picture-*"), *folder.glob("source-*"), folder / "draft.json"]:
        path.unlink(missing_ok=True)


def clean_one(step: DraftedStep, draft: DraftedManual, folder: Path) -> str | None:
    path = folder / PurePath(step.picture or "").name
    try:
        with path.open("rb") as file:
            picture = clean_picture(file)
    except (PictureRefused, OSError) as reason:
        draft.doubts.append(Omission("refused_picture", step.page, str(reason)))
        return None
    name = f"{CLEAN}{path.stem}{picture.suffix}"
    (folder / name).write_bytes(picture.content)
    size = {"width": picture.width, "height": picture.height}
    (folder / f"{name}.json").write_text(json.dumps(size))
    return name


# --- The draft --------------------------------------------------------------------------------


def drafted(original: Original) -> DraftedManual:
    """What was found in it; empty before."""
    return DRAFT.validate_python(original.found)


def make_draft(original: Original, *, product: Product, by: User | None) -> Manual:
    """A new manual of the product with what was found; nothing that is there already changes.

    Raises FileRefused when it has become a draft already, and VersionRefused.
    """
    draft = drafted(original)
    new: list[ManualPicture] = []
    with deleted_if_undone(new), transaction.atomic():
        held = Original.objects.select_for_update().get(pk=original.pk)
        if held.state != OriginalState.READ:
            raise FileRefused("failed")
        title = draft.title or f"{product.brand}{product.name}怎么用"
        manual = start_manual(product=product, by=by, title=title[:60])
        pictures = keep_pictures(draft, held, by, new)
        try:
            write_draft(manual.versions.get(), draft, pictures)
        except ValidationError as error:
            raise VersionRefused(" ".join(error.messages)) from error
        held.state, held.manual, held.product = OriginalState.DRAFTED, manual, product
        held.found = {"title": draft.title, "doubts": held.found["doubts"], "pages": draft.pages}
        held.save(update_fields=["state", "manual", "product", "found"])
    for path in original.folder.glob(f"{CLEAN}*"):
        path.unlink(missing_ok=True)
    return manual


def keep_pictures(
    draft: DraftedManual, original: Original, by: User | None, new: list[ManualPicture]
) -> dict[str, ManualPicture]:
    kept: dict[str, ManualPicture] = {}
    for name in dict.fromkeys(step.picture for step in draft.steps if step.picture):
        path = original.folder / PurePath(name).name
        size = json.loads(path.with_name(f"{path.name}.json").read_text())
        clean = CleanPicture(path.read_bytes(), path.suffix, size["width"], size["height"])
        kept[name], is_new = keep_clean(
            clean, organisation=original.organisation, original_name=original.name, by=by
        )
        if is_new:
            new.append(kept[name])
    return kept


def write_draft(
    version: ManualVersion, draft: DraftedManual, pictures: dict[str, ManualPicture]
) -> None:
    change_version(version, service_telephone=draft.telephone)
    for words in draft.warnings:
        add_warning(version, words=words)
    for told in draft.tasks:
        task = add_task(version, title=told.title)
        for step in told.steps:
            add_step(task, **fields_of(step, pictures))
    for trouble in draft.troubles:
        add_trouble(version, problem=trouble.problem, remedy=trouble.remedy)


def fields_of(step: DraftedStep, pictures: dict[str, ManualPicture]) -> dict[str, Any]:
    return {
        "words": step.words,
        "alt": step.alt,
        "warning": step.warning,
        "expected": step.expected,
        "picture": pictures.get(step.picture or ""),
        "original_page": step.page or None,
    }
