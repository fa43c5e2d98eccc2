"""Verbs that write the roll. Events come in batches, from devices that may have been offline."""

import uuid
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import TextChoices
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.schools.choices import ClassKind, EnrolmentState, SessionState, Status
from lms.schools.models import ClassSession, Device, Enrolment, Learner, Mark, RollEvent

#: Clocks nearer to ours than this are taken as right; delays of the network stay below it.
CLOCK_TOLERANCE = timedelta(minutes=2)


class Outcome(TextChoices):
    """What became of one event. The device may forget it, whichever it is."""

    STORED = "stored", gettext_lazy("已收到")
    KNOWN = "known", gettext_lazy("早已收到")
    NO_SESSION = "no_session", gettext_lazy("没有这次课，或者这不是您的班。")
    NO_LEARNER = "no_learner", gettext_lazy("没有这位学员，或者学员不在这个班。")
    CANCELLED = "cancelled", gettext_lazy("这次课已经取消。")
    NEEDS_REASON = "needs_reason", gettext_lazy("点名已经结束，改动要写明原因。")


@dataclass(frozen=True)
class Incoming:
    """One event as a device sends it; `at` is by the device's own clock."""

    sequence: int
    session: int
    learner: str  # the learner's number
    status: Status
    at: datetime
    reason: str = ""


@dataclass(frozen=True)
class Acknowledged:
    sequence: int
    outcome: Outcome


class RollRefused(Exception):
    """A session that cannot be closed yet; the text says why and what to do."""


def event_id(device: uuid.UUID, sequence: int) -> uuid.UUID:
    """The id that device and server both make, so that it need not be sent (RFC 9562, v5)."""
    return uuid.uuid5(device, str(sequence))


@transaction.atomic
def record_events(
    events: Sequence[Incoming], *, device: uuid.UUID, device_now: datetime, recorded_by: Any
) -> list[Acknowledged]:
    """Take a batch in, and say of each event what became of it, in the batch's order.

    Sending an event again is harmless, in whatever batch and order.
    """
    offset = learn_clock_offset(device, device_now)
    known = set(
        RollEvent.objects.filter(
            device=device, sequence__in=[event.sequence for event in events]
        ).values_list("sequence", flat=True)
    )
    sessions = {
        session.pk: session
        for session in ClassSession.objects.changeable_by(recorded_by)
        .filter(pk__in={event.session for event in events})
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    learners = {
        learner.number: learner
        for learner in Learner.objects.filter(number__in={event.learner for event in events})
    }
    enrolled = set(
        Enrolment.objects.filter(
            class_group__in={session.class_group_id for session in sessions.values()},
            learner__in=[learner.pk for learner in learners.values()],
        )
        .exclude(state=EnrolmentState.WAITING)
        .values_list("class_group", "learner")
    )
    acknowledged, taken = [], []
    for event in events:
        session, learner = sessions.get(event.session), learners.get(event.learner)
        marked_at = event.at + offset
        if event.sequence in known:
            outcome = Outcome.KNOWN
        else:
            in_class = (
                session is not None
                and learner is not None
                and (session.class_group_id, learner.pk) in enrolled
            )
            outcome = judge(event, session=session, in_class=in_class, marked_at=marked_at)
        if outcome == Outcome.STORED:
            assert session is not None
            assert learner is not None
            taken.append(
                RollEvent(
                    id=event_id(device, event.sequence),
                    device_id=device,
                    sequence=event.sequence,
                    session=session,
                    learner=learner,
                    status=event.status,
                    device_time=event.at,
                    marked_at=marked_at,
                    recorded_by=recorded_by,
                    reason=event.reason,
                )
            )
            known.add(event.sequence)
        acknowledged.append(Acknowledged(event.sequence, outcome))
    RollEvent.objects.bulk_create(taken)
    derive_marks({(event.session_id, event.learner_id) for event in taken})
    return acknowledged


def learn_clock_offset(device: uuid.UUID, device_now: datetime) -> timedelta:
    """What to add to the device's times to put them on our clock."""
    offset = timezone.now() - device_now
    row, _created = Device.objects.select_for_update().get_or_create(pk=device)
    if abs(offset - row.clock_offset) > CLOCK_TOLERANCE:
        row.clock_offset = offset if abs(offset) > CLOCK_TOLERANCE else timedelta(0)
    row.save()
    return row.clock_offset


def judge(
    event: Incoming, *, session: ClassSession | None, in_class: bool, marked_at: datetime
) -> Outcome:
    """Whether an event that is not known yet can be stored."""
    if session is None:
        return Outcome.NO_SESSION
    if not in_class:
        return Outcome.NO_LEARNER
    if session.state == SessionState.CANCELLED:
        return Outcome.CANCELLED
    closed_before = session.closed_at is not None and session.closed_at < marked_at
    if closed_before and not event.reason.strip():
        return Outcome.NEEDS_REASON
    return Outcome.STORED


def derive_marks(pairs: set[tuple[int, int]]) -> None:
    """Make the marks of these (session, learner) what all their events add up to: the latest of
    each. Costs two queries, however many there are."""
    latest: dict[tuple[int, int], tuple[uuid.UUID, str]] = {}
    last_of_each: dict[tuple[int, int], dict[int | None, str]] = defaultdict(dict)
    events = RollEvent.objects.filter(
        session__in={session for session, _learner in pairs},
        learner__in={learner for _session, learner in pairs},
    )
    for session, learner, by, event, status in events.order_by("marked_at", "id").values_list(
        "session", "learner", "recorded_by", "id", "status"
    ):
        if (session, learner) in pairs:  # later ones win
            latest[session, learner] = (event, status)
            last_of_each[session, learner][by] = status
    Mark.objects.bulk_create(
        [
            Mark(
                session_id=session,
                learner_id=learner,
                event_id=event,
                status=status,
                differs=len(set(last_of_each[session, learner].values())) > 1,
            )
            for (session, learner), (event, status) in sorted(latest.items())
        ],
        update_conflicts=True,
        unique_fields=["session", "learner"],
        update_fields=["event", "status", "differs"],
    )


def unmarked_learners(session: ClassSession) -> list[Learner]:
    """Who is in the class and has no mark at this session yet."""
    enrolled = Learner.objects.filter(
        enrolments__class_group=session.class_group_id,
        enrolments__state=EnrolmentState.ENROLLED,
    )
    return list(enrolled.exclude(marks__session=session).order_by("name", "pk"))


@transaction.atomic
def close_session(session: ClassSession, *, closed_by: Any, headcount: int | None = None) -> None:
    """End the roll. Raises RollRefused while somebody is unmarked (a lecture has no roll), or it is
    closed or cancelled."""
    session = ClassSession.objects.select_for_update().get(pk=session.pk)
    if session.state != SessionState.PLANNED:
        raise RollRefused(_("这次课已经点过名或取消了。"))
    is_lecture = session.class_group.kind == ClassKind.LECTURE
    unmarked = [] if is_lecture else unmarked_learners(session)
    if unmarked:
        names = "、".join(learner.name for learner in unmarked[:5])
        raise RollRefused(
            _("还有%(count)d人没有点：%(names)s。请点完，或者说明其余的人到没到。")
            % {"count": len(unmarked), "names": names}
        )
    session.state = SessionState.CLOSED
    session.closed_at = timezone.now()
    session.closed_by = closed_by
    session.headcount = headcount
    session.save(update_fields=["state", "closed_at", "closed_by", "headcount"])
