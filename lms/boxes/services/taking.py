"""The city takes in what was born on its boxes: in any order, and as often as it comes."""

import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.boxes.choices import BoxState, Carrier, HeldState, LetterKind
from lms.boxes.keys import own_keys, read_public
from lms.boxes.letters import Letter, read_head, read_letter
from lms.boxes.lines import (
    ORDER,
    ClosingLine,
    EnrolmentLine,
    EventLine,
    HelpLine,
    LearnerLine,
    Line,
    MarkLine,
    MetLine,
    SessionLine,
    TallyLine,
    lines_of,
    numbers_in,
    read_line,
    storable,
)
from lms.boxes.models import HeldLine, TakenBatch, VillageBox
from lms.boxes.refusals import BoxRefused, LineRefused, LineWaits
from lms.boxes.services.learning import take_mark, take_tally
from lms.boxes.services.people import take_call, take_enrolment, take_learner, take_met
from lms.boxes.services.rolls import take_closing, take_events, take_session

logger = logging.getLogger(__name__)

#: A clock that is further ahead than this is not believed when it says when a letter was written.
AHEAD = timedelta(minutes=10)


@dataclass(frozen=True)
class Taken:
    """What became of one batch."""

    number: int
    is_new: bool
    lines: int = 0
    held: int = 0  # of these, those that wait or were refused


Place = tuple[int, int]  # number of the batch, place in it


def box_of(written: bytes, *, kind: LetterKind) -> tuple[VillageBox, Letter]:
    """Who has written that letter of this kind, and what stands in it. Raises BoxRefused."""
    head = read_head(written)
    if head.kind != kind:
        raise BoxRefused(_("这封信不是写给市里的。没有收。"))
    box = VillageBox.objects.filter(uid=head.box).first()
    if box is None or box.state == BoxState.EXPECTED:
        raise BoxRefused(_("市里不认识这台盒子，请先登记。没有收。"))
    if box.state == BoxState.REVOKED:
        raise BoxRefused(_("这台盒子已经停用了。没有收。"))
    return box, read_letter(written, by=read_public(box.public_keys), to=own_keys())


def take_batch(written: bytes, *, carrier: Carrier) -> Taken:
    """Raises BoxRefused for a letter that is not a batch of a box at work, and for one whose number
    another one has. A batch that was taken before changes nothing."""
    box, letter = box_of(written, kind=LetterKind.BATCH)
    taken = _take_letter(box, letter, carrier=carrier)
    if taken.is_new:
        take_waiting(box)
    return taken


@transaction.atomic
def _take_letter(box: VillageBox, letter: Letter, *, carrier: Carrier) -> Taken:
    # Batches of one box come one after the other, whichever way they came.
    VillageBox.objects.select_for_update(no_key=True).get(pk=box.pk)
    head = letter.head
    first, _newline, rest = letter.text.partition(b"\n")
    previous, written_at = _read_first_line(first)
    known = TakenBatch.objects.filter(box=box, number=head.number).first()
    if known is not None and known.sha256 == head.sha256:
        return Taken(head.number, is_new=False)
    _refuse_another_life(box, head.number, head.sha256, previous, known)
    said = list(lines_of(rest))
    TakenBatch.objects.create(
        box=box,
        number=head.number,
        sha256=head.sha256,
        previous=previous,
        lines=len(said),
        carrier=carrier,
    )
    held = _take_lines(box, {(head.number, place): line for place, line in enumerate(said)})
    HeldLine.objects.bulk_create(held)
    note_heard(box, at=written_at, carrier=carrier)
    return Taken(head.number, is_new=True, lines=len(said), held=len(held))


def _read_first_line(line: bytes) -> tuple[str, datetime | None]:
    """The digest of the batch before, and when this one was written. Raises BoxRefused."""
    try:
        said = json.loads(line)
        previous, written_at = str(said["previous"]), parse_datetime(str(said["written_at"]))
    except (ValueError, KeyError, TypeError):
        raise BoxRefused(_("这一批的开头看不懂。没有收。")) from None
    return previous[:64], written_at if written_at and written_at.tzinfo else None


def _refuse_another_life(
    box: VillageBox, number: int, sha256: str, previous: str, known: TakenBatch | None
) -> None:
    """Raises BoxRefused for a batch that does not follow on what there is: a box that was put back
    from a backup counts anew, and must be registered anew, or the city would acknowledge what it
    has not got."""
    before = TakenBatch.objects.filter(box=box, number=number - 1).first()
    after = TakenBatch.objects.filter(box=box, number=number + 1).first()
    is_of_one_chain = (
        known is None
        and (before is None or before.sha256 == previous)
        and (after is None or after.previous == sha256)
    )
    if not is_of_one_chain:
        raise BoxRefused(
            _("第%(number)d批和市里已经有的对不上：盒子可能用备份恢复过。请给它重新登记。没有收。")
            % {"number": number}
        )


def note_heard(box: VillageBox, *, at: datetime | None, carrier: Carrier) -> None:
    """That a letter came which was written then; only ever forward, and never ahead of now."""
    now = timezone.now()
    at = now if at is None or at > now + AHEAD else min(at, now)
    row = VillageBox.objects.get(pk=box.pk)
    if row.last_heard_at is None or row.last_heard_at < at:
        VillageBox.objects.filter(pk=box.pk).update(last_heard_at=at, last_heard_by=carrier)


# --- Lines ------------------------------------------------------------------------------------


def take_waiting(box: VillageBox) -> int:
    """Try again what waited for another line, as long as that brings anything. Returns how many
    were taken."""
    count = 0
    while brought := _take_held(box, HeldState.WAITING):
        count += brought
    return count


@transaction.atomic
def _take_held(box: VillageBox, state: HeldState) -> int:
    VillageBox.objects.select_for_update(no_key=True).get(pk=box.pk)
    rows = {(row.number, row.place): row for row in HeldLine.objects.filter(box=box, state=state)}
    if not rows:
        return 0
    still = {
        (line.number, line.place): line
        for line in _take_lines(box, {place: row.line for place, row in rows.items()})
    }
    done = [row.pk for place, row in rows.items() if place not in still]
    for place, line in still.items():
        if (rows[place].state, rows[place].why) != (line.state, line.why):
            HeldLine.objects.filter(pk=rows[place].pk).update(state=line.state, why=line.why)
    HeldLine.objects.filter(pk__in=done).delete()
    return len(done)


def try_again(box: VillageBox) -> int:
    """What was refused once more, after somebody has put right what was wrong. Returns how many
    were taken."""
    return _take_held(box, HeldState.REFUSED) + take_waiting(box)


def give_up(line: HeldLine, *, by: User) -> None:
    """Somebody has looked at it and it is not wanted. What it said goes; that there was one
    stays."""
    HeldLine.objects.filter(pk=line.pk).update(
        state=HeldState.GIVEN_UP, given_up_by=by, line={}, numbers=""
    )


def _take_lines(box: VillageBox, said: dict[Place, Any]) -> list[HeldLine]:
    """Take in what can be, in the order in which one needs the other. Returns the rest, unsaved."""
    held: list[HeldLine] = []
    read: dict[Place, Line] = {}

    def hold(place: Place, state: HeldState, why: str) -> None:
        line = said[place]
        kind = line.get("kind", "") if isinstance(line, dict) else ""
        held.append(
            HeldLine(
                box=box,
                number=place[0],
                place=place[1],
                kind=kind if kind in ORDER else "",
                line=storable(line),
                numbers=numbers_in(line),
                state=state,
                why=why[:200],
            )
        )

    for place, line in said.items():
        try:
            read[place] = read_line(line)
        except ValueError:
            hold(place, HeldState.REFUSED, _("市里的程序看不懂这一条。"))
    events = {place: line for place, line in read.items() if isinstance(line, EventLine)}
    for group, each_of in _in_order(read):
        if group == "event":
            for place, state, why in take_events(box, events):
                hold(place, state, why)
            continue
        for place in each_of:
            outcome = _take_one(box, read[place])
            if outcome is not None:
                hold(place, *outcome)
    return held


def _in_order(read: dict[Place, Line]) -> Iterator[tuple[str, list[Place]]]:
    for kind in ORDER:
        places = sorted(place for place, line in read.items() if line.kind == kind)
        if places:
            yield kind, places


def _take_one(box: VillageBox, line: Line) -> tuple[HeldState, str] | None:
    """None: it was taken."""
    try:
        with transaction.atomic():
            TAKES[type(line)](box, line)
    except LineWaits as why:
        return HeldState.WAITING, str(why)
    except LineRefused as why:
        return HeldState.REFUSED, str(why)
    except DatabaseError:
        logger.warning("A line of box %s cannot be stored", box.uid, exc_info=True)
        return HeldState.REFUSED, str(_("这一条和市里已经有的对不上，存不下。"))
    return None


TAKES: dict[type, Callable[[VillageBox, Any], None]] = {
    LearnerLine: take_learner,
    SessionLine: take_session,
    EnrolmentLine: take_enrolment,
    MarkLine: take_mark,
    TallyLine: take_tally,
    HelpLine: take_call,
    MetLine: take_met,
    ClosingLine: take_closing,
}


# --- What has been taken ----------------------------------------------------------------------


def taken_ranges(box: VillageBox) -> list[tuple[int, int, str]]:
    """Batches that are here, as from, to and the digest of the last; the first range begins at the
    beginning, and its end is the high-water mark."""
    ranges: list[tuple[int, int, str]] = []
    batches: Iterable[tuple[int, str]] = (
        TakenBatch.objects.filter(box=box).order_by("number").values_list("number", "sha256")
    )
    for number, digest in batches:
        if ranges and ranges[-1][1] == number - 1:
            ranges[-1] = (ranges[-1][0], number, digest)
        else:
            ranges.append((number, number, digest))
    return ranges


def gaps_of(box: VillageBox) -> Sequence[int]:
    """Numbers below the highest that have not arrived."""
    numbers = set(TakenBatch.objects.filter(box=box).values_list("number", flat=True))
    highest = TakenBatch.objects.filter(box=box).aggregate(n=Max("number"))["n"] or 0
    return [number for number in range(1, highest) if number not in numbers]
