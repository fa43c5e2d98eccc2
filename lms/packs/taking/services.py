"""Takes packs in: whose it is, what it says, what is in it; then copied; then taken over."""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.packs.disk import alone_at
from lms.packs.exchange.document import DOCUMENT_NAME, FOLDER
from lms.packs.exchange.reading import Taken, look_into, read_courses
from lms.packs.manifest import (
    KIND,
    SIGNATURE,
    WHOLE,
    Manifest,
    digest,
    is_complete,
    is_whole,
    parsed,
    read_bytes,
    read_manifest,
)
from lms.packs.models import Taking
from lms.packs.refusals import PackError
from lms.packs.signing import (
    MOST_BYTES,
    Signer,
    StrangersPack,
    check,
    check_strangers,
    learn_keys,
    public_key,
)
from lms.packs.taking.copying import copy_pack, refuse_wrong_sizes

COURSES = f"{FOLDER}/{DOCUMENT_NAME}"
#: Of one sender and scope: the one that is shown, and the one before.
EDITIONS_KEPT = 2


@dataclass(frozen=True)
class Looked:
    """A pack whose signature and manifest were found good."""

    manifest: Manifest
    signer: Signer
    is_strangers: bool
    content: bytes
    signature: bytes

    @property
    def sender(self) -> str:
        """`Taking.city`."""
        return self.signer.key_id if self.is_strangers else self.signer.city


@dataclass(frozen=True)
class Changes:
    """Paths of files, against what was taken last from the same sender."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    gone: tuple[str, ...]


def look_at(folder: Path, *, as_drafts: bool = False) -> Looked:
    """Whose pack it is and what it says it has; of its files nothing is read. Raises
    StrangersPack unless ``as_drafts``, PackError."""
    content = read_bytes(folder)
    signature = read_bytes(folder, SIGNATURE, most=MOST_BYTES)
    is_strangers = False
    try:
        signer = check(content, signature)
        manifest = parsed(content)
    except StrangersPack:
        if not as_drafts:
            raise
        is_strangers, manifest = True, parsed(content)
        signer = check_strangers(content, signature, manifest.keys)
    for words in manifest.keys:
        public_key(words)
    if manifest.kind != KIND:
        raise PackError(_("这个盘里不是课程，不能在这里收。"))
    return Looked(manifest, signer, is_strangers, content, signature)


def take_pack(
    folder: Path,
    *,
    by: User | None,
    as_drafts: bool = False,
    shown: str = "",
    on_bytes: Callable[[int], None] | None = None,
) -> Taken:
    """Copy the pack in ``folder`` here and take its lessons over: live at once on a box that
    trusts who signed it, else as drafts. ``as_drafts``: a stranger's too, which an administrator
    decides. ``shown``: digest of the manifest that somebody agreed to; blank: nobody was asked.
    ``on_bytes`` hears of so many more bytes copied. Raises StrangersPack, PackError."""
    looked = look_at(folder, as_drafts=as_drafts)
    if shown and digest(looked.content) != shown:
        raise PackError(_("盘上的课程盘换过了，和您看的不是同一个，没有收。请再看一次，再收。"))
    refuse_older(looked)
    refuse_wrong_sizes(folder, looked.manifest)
    target = _folder_of(looked)
    with alone_at(taken_folder()):
        if target.is_dir() and not is_complete(target, looked.manifest):
            shutil.rmtree(target)
        if not target.is_dir():
            latest = _latest_copies(looked)
            copy_pack(
                folder,
                target,
                looked.manifest,
                content=looked.content,
                signature=looked.signature,
                earlier=latest[0] if latest else None,
                on_bytes=on_bytes or (lambda _more: None),
            )
        publish = goes_live(looked) and not as_drafts
        taken = read_courses(target, publish=publish, by=by)
        _write_down(looked, target, taken, by=by)
        _forget_older(looked)
    return taken


def goes_live(looked: Looked) -> bool:
    """Whether its lessons are what learners see as soon as it is taken in: on a village box, of
    whom it trusts."""
    return bool(settings.BOX and not looked.is_strangers)


def look_into_pack(folder: Path, looked: Looked) -> Taken:
    """What would become of the pages here; nothing is written. Of trusted packs only, since what a
    stranger says is read from our own copy alone. Raises PackError."""
    told = looked.manifest.by_path.get(COURSES)
    if told is None or not is_whole(folder, told):
        raise PackError(_("课程盘里的“%(path)s”坏了。请重新做一次。") % {"path": COURSES})
    return look_into(folder, publish=goes_live(looked))


def refuse_older(looked: Looked) -> None:
    """Raise PackError for an edition before one that was taken. What two parts of a city's lessons
    say is compared with the whole only, not with each other."""
    manifest = looked.manifest
    taken = Taking.objects.filter(city=looked.sender)
    if manifest.scope != WHOLE:
        taken = taken.filter(scope__in=(WHOLE, manifest.scope))
    newest = taken.order_by("-edition").first()
    if newest is None or manifest.edition > newest.edition:
        return
    if manifest.edition == newest.edition and digest(looked.content) == newest.digest:
        return  # the same once more
    raise PackError(
        _(
            "这个课程盘是旧的（第%(old)s版），这里已经收过第%(new)s版，没有再收。"
            "要用以前的，请用“回到上一版”。"
        )
        % {"old": manifest.edition, "new": newest.edition}
    )


def go_back(*, by: User | None) -> Taken:
    """Take over the edition before the one that was taken last, which is kept here. Raises
    PackError where there is none."""
    with alone_at(taken_folder()):
        before = edition_before()
        if before is None:
            raise PackError(_("这里没有留着更早的一版，回不去。"))
        folder = taken_folder() / before.folder
        publish = settings.BOX and not before.is_strangers
        taken = read_courses(folder, publish=publish, by=by)
        _note(before, taken, by=by)
    return taken


def edition_before() -> Taking | None:
    """What one would go back to: of the sender of the last pack, the latest earlier edition whose
    copy is here. None where there is none."""
    last = Taking.objects.order_by("-taken_at", "-pk").first()
    if last is None:
        return None
    others = Taking.objects.of(city=last.city, scope=last.scope).exclude(digest=last.digest)
    older = others.filter(edition__lt=last.edition).order_by("-edition", "-pk")
    return next((each for each in older if (taken_folder() / each.folder).is_dir()), None)


@transaction.atomic
def _write_down(looked: Looked, target: Path, taken: Taken, *, by: User | None) -> Taking:
    manifest = looked.manifest
    if not looked.is_strangers:
        learn_keys(words=manifest.keys, signer=looked.signer)
    return Taking.objects.create(
        city=looked.sender,
        scope=manifest.scope,
        edition=manifest.edition,
        name=manifest.name,
        key_id=looked.signer.key_id,
        digest=digest(looked.content),
        folder=target.relative_to(taken_folder()).as_posix(),
        is_strangers=looked.is_strangers,
        taken_by=by,
        told=counted(taken),
    )


def _note(before: Taking, taken: Taken, *, by: User | None) -> Taking:
    """That we went back to it."""
    return Taking.objects.create(
        city=before.city,
        scope=before.scope,
        edition=before.edition,
        name=before.name,
        key_id=before.key_id,
        digest=before.digest,
        folder=before.folder,
        is_strangers=before.is_strangers,
        went_back=True,
        taken_by=by,
        told=counted(taken),
    )


def counted(taken: Taken) -> dict[str, int]:
    """`Taking.told`."""
    said: dict[str, Any] = asdict(taken)
    return {name: value for name, value in said.items() if isinstance(value, int)}


def in_words(taken: Taken) -> str:
    return told_in_words(counted(taken))


def told_in_words(told: Mapping[str, int]) -> str:
    """How many pages were new, and so on; what there was none of is left out."""
    names = {
        "new": _("新的%(count)d页"),
        "changed": _("有改动的%(count)d页"),
        "untouched": _("没有变的%(count)d页"),
        "kept": _("这里改过、留着的%(count)d页"),
        "gone": _("撤下的%(count)d页"),
    }
    return "，".join(words % {"count": told[key]} for key, words in names.items() if told.get(key))


def changes_of(looked: Looked) -> Changes:
    """What the pack would bring, change and take away."""
    latest = _latest_copies(looked)
    earlier = read_manifest(latest[0]).by_path if latest else {}
    now = looked.manifest.by_path
    return Changes(
        new=tuple(sorted(now.keys() - earlier.keys())),
        changed=tuple(sorted(p for p in now.keys() & earlier.keys() if now[p] != earlier[p])),
        gone=tuple(sorted(earlier.keys() - now.keys())),
    )


def taken_folder() -> Path:
    """Where copies of the packs are that were taken in."""
    return Path(settings.VAR_DIR) / "taken-packs"


def _folder_of(looked: Looked) -> Path:
    sender = sha256(repr((looked.sender, looked.manifest.scope)).encode()).hexdigest()[:16]
    return taken_folder() / sender / f"{looked.manifest.edition}-{digest(looked.content)[:12]}"


def _latest_copies(looked: Looked) -> list[Path]:
    """Of the same sender and scope, each once, the one that was taken last first."""
    rows = Taking.objects.of(city=looked.sender, scope=looked.manifest.scope)
    folders = dict.fromkeys(rows.values_list("folder", flat=True)[:50])
    paths = [taken_folder() / folder for folder in folders]
    return [path for path in paths if path.is_dir()]


def _forget_older(looked: Looked) -> None:
    """All copies of the same sender and scope but the last two, and what was half copied."""
    kept = _latest_copies(looked)[:EDITIONS_KEPT]
    for path in _folder_of(looked).parent.glob("*"):
        if path not in kept:
            shutil.rmtree(path, ignore_errors=True)
