"""The journal of a box: numbered batches of what was born there, which the city acknowledges."""

import json
import uuid
from collections.abc import Sequence
from itertools import islice
from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone

from lms.boxes.born import Born, all_born, not_told
from lms.boxes.choices import LetterKind, LineKind
from lms.boxes.keys import own_keys, read_public
from lms.boxes.letters import digest_of, write_letter
from lms.boxes.lines import write_line
from lms.boxes.models import BornBatch, Home, Told
from lms.boxes.services.registering import this_box

#: Some 60 kB, of which 15 go over the line: a piece of some seconds on a thin one.
LINES_A_BATCH = 300


@transaction.atomic
def write_batches() -> int:
    """Put whatever was born since the last time into new batches. Returns how many lines."""
    home = Home.objects.select_for_update().get(pk=this_box().pk)
    found, count = not_told(all_born(home)), 0
    while lines := list(islice(found, LINES_A_BATCH)):
        _write_batch(lines)
        count += len(lines)
    return count


def _write_batch(lines: Sequence[Born]) -> None:
    last = BornBatch.objects.order_by("-number").first()
    head: dict[str, Any] = {
        "previous": last.sha256 if last else "",
        "written_at": timezone.now().isoformat(),
    }
    text = "\n".join((json.dumps(head), *(write_line(each.said) for each in lines)))
    BornBatch.objects.create(
        number=last.number + 1 if last else 1,
        text=text,
        lines=len(lines),
        sha256=digest_of(text.encode()),
    )
    note_told(lines)


def note_told(born: Sequence[Born]) -> None:
    """That the city knows of them as they are."""
    rows = [Told(kind=each.kind, uid=each.uid, digest=each.digest) for each in born]
    # An event of this server's own pages comes back under the name that it has abroad.
    rows += [
        Told(kind=each.kind, uid=uuid.UUID(each.said["id"]))
        for each in born
        if each.kind == LineKind.EVENT and each.said.get("id", str(each.uid)) != str(each.uid)
    ]
    Told.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["kind", "uid"],
        update_fields=["digest", "told_at"],
    )


def letter_of(batch: BornBatch, home: Home) -> bytes:
    assert home.uid is not None
    return write_letter(
        LetterKind.BATCH,
        box=home.uid,
        number=batch.number,
        text=batch.text.encode(),
        by=own_keys(),
        to=read_public(home.city_keys),
    )


def waiting_batches() -> QuerySet[BornBatch]:
    """Those that the city has not acknowledged, the oldest first."""
    return BornBatch.objects.filter(taken_at__isnull=True)


@transaction.atomic
def note_taken(ranges: Sequence[Sequence[Any]]) -> int:
    """The city has these batches: from, to, and the digest of the last, which with those before is
    one chain. Returns how many were new; those that are not ours are not taken for granted."""
    acknowledged = 0
    for first, last, digest in ranges:
        mine = BornBatch.objects.filter(number=last, sha256=digest)
        if not mine.exists():
            continue
        rows = BornBatch.objects.filter(number__gte=first, number__lte=last, taken_at__isnull=True)
        acknowledged += rows.update(taken_at=timezone.now(), text="")
    return acknowledged


def ask_letter(home: Home, *, pack_edition: int | None) -> bytes:
    """What the box says of itself, and asks what there is for it."""
    assert home.uid is not None
    now = timezone.now()
    waiting = sum(waiting_batches().values_list("lines", flat=True))
    said = {
        "now": now.isoformat(),
        "edition": home.edition,
        "pack_edition": pack_edition,
        "waiting": waiting,
    }
    return write_letter(
        LetterKind.ASK,
        box=home.uid,
        number=int(now.timestamp() * 1000),
        text=json.dumps(said).encode(),
        by=own_keys(),
        to=read_public(home.city_keys),
    )
