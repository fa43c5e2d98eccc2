"""Makes packs."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.packs.disk import alone_at
from lms.packs.making.choosing import Choice
from lms.packs.making.contents import Progress, lay_out
from lms.packs.making.laying_down import before, files_of, lay_down
from lms.packs.manifest import Manifest, PackFile, as_bytes, digest
from lms.packs.models import Edition
from lms.packs.paths import LARGEST_FILE, is_fit, refuse_clashes
from lms.packs.refusals import PackError
from lms.packs.signing import id_of, in_words, make_key, own_keys, sign
from lms.units.models import Unit
from media.pipeline.scratch import scratch_folder

#: How much of the work is laying it out; the rest is writing.
LAID_OUT = 0.5


@dataclass(frozen=True)
class Made:
    manifest: Manifest
    #: How many files were written and removed; the rest was there.
    written: int
    bytes_written: int
    removed: int
    #: What had to stay away, each in a sentence.
    left_out: tuple[str, ...]


def make_pack(
    folder: Path, choice: Choice, *, links: bool = False, on_progress: Progress | None = None
) -> Made:
    """Have ``choice`` as a signed pack in ``folder``; what is there already is not written again.

    ``links``: for folders of our own on the disk of the media. Raises PackError.
    """
    tell: Progress = on_progress or (lambda _fraction: None)
    keys = own_keys()
    if not keys:
        keys = [make_key()]
    with alone_at(folder), scratch_folder(f"pack-{digest(str(folder).encode())[:12]}") as scratch:
        contents = lay_out(choice, scratch, on_progress=lambda done: tell(LAID_OUT * done))
        files = files_of(scratch)
        _refuse_unfit(files)
        earlier, _was_finished = before(folder)
        manifest = _edition_of(
            Manifest(
                name=choice.name[:120],
                edition=0,
                made_at="",
                city=city_name(),
                key_id=id_of(keys[0].public_key()),
                files=files,
                scope=choice.scope,
                keys=tuple(in_words(key.public_key()) for key in keys),
            ),
            earlier,
        )
        content, done = as_bytes(manifest), 0

        def on_bytes(more: int) -> None:
            nonlocal done
            done += more
            tell(LAID_OUT + (1 - LAID_OUT) * done / (manifest.size or 1))

        written = lay_down(
            scratch,
            folder,
            manifest,
            content=content,
            signature=sign(content, keys),
            links=links,
            on_bytes=on_bytes,
        )
    return Made(
        manifest,
        written.written,
        written.bytes_written,
        written.removed,
        tuple(contents.left_out),
    )


def _edition_of(manifest: Manifest, earlier: Manifest | None) -> Manifest:
    """With the edition of before where nothing has changed; else with a new one."""
    if earlier is not None:
        same = replace(manifest, edition=earlier.edition, made_at=earlier.made_at)
        if same == earlier and Edition.objects.filter(digest=digest(as_bytes(same))).exists():
            return same
    return new_edition(manifest)


def _refuse_unfit(files: Iterable[PackFile]) -> None:
    """Raise PackError where a name would be refused at the other end."""
    for file in files:
        if not is_fit(file.path) or file.size > LARGEST_FILE:
            raise PackError(
                _("“%(path)s”这个文件U盘放不下，课程盘没有做。请告诉管理员。") % {"path": file.path}
            )
    refuse_clashes(file.path for file in files)


@transaction.atomic
def new_edition(manifest: Manifest) -> Manifest:
    """Give it its number, which nobody gets again, and write that down."""
    now = timezone.localtime()
    last = Edition.objects.aggregate(last=Max("number"))["last"] or 0
    number = max(int(f"{now:%Y%m%d%H%M}"), last + 1)
    numbered = replace(manifest, edition=number, made_at=now.isoformat(timespec="seconds"))
    Edition.objects.create(
        number=number, scope=manifest.scope, digest=digest(as_bytes(numbered)), made_at=now
    )
    return numbered


def city_name() -> str:
    """Whose lessons they are, as `Manifest.city` says."""
    top = Unit.objects.open().filter(depth=1).first()
    return (top.name if top else settings.WAGTAIL_SITE_NAME)[:60]


def packs_folder() -> Path:
    """Where packs are made that are asked for on the page."""
    return Path(settings.VAR_DIR) / "packs"
