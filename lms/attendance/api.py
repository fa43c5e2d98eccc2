"""What a teacher's phone asks for and hands over. Documented at /roll/api/openapi.json."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Self

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, NinjaAPI, Schema, Status
from ninja.security import django_auth
from ninja.throttling import SimpleRateThrottle
from pydantic import model_validator

from lms.accounts.models import User
from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.queries import Said, who_said_what
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import Incoming, WalkIn, record_events
from lms.classes.choices import EnrolmentState
from lms.classes.models import ClassSession
from lms.people.names import clean_name

#: How far ahead a phone holds its sessions, so that two weeks without network are no trouble.
DAYS_HELD = 14
#: Yesterday's sessions are held too, for a roll that was not closed in time.
DAYS_BACK = 7
EVENTS_A_BATCH = 500
LearnerNumber = Annotated[str, Field(pattern=r"^\d{9}$")]


class DeviceThrottle(SimpleRateThrottle):
    """So many batches a minute from one device, whoever is signed in on it."""

    scope = "roll-device"

    def __init__(self) -> None:
        super().__init__("120/min")

    def get_cache_key(self, request: HttpRequest) -> str:
        match = request.resolver_match
        return f"roll-device-{match.kwargs['device'] if match else ''}"


api = NinjaAPI(title="Yinling roll", version="1", urls_namespace="roll-api", auth=django_auth)


class MeOut(Schema):
    id: int
    name: str
    csrf: str  # to send back as X-CSRFToken: a service worker cannot read the cookie


class SaidOut(Schema):
    by: str  # a person's name; blank: the learner's own mark
    status: AttendanceStatus


class LearnerOut(Schema):
    number: str
    name: str
    status: AttendanceStatus | None  # None: nobody has marked the learner, which is not absent
    said: list[SaidOut] = []  # what each said last, where two people have marked differently


class SessionOut(Schema):
    id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    counted: bool  # a lecture: heads are counted, and no names called
    headcount: int | None  # None: nobody has counted
    learners: list[LearnerOut]


class EventIn(Schema):
    seq: Annotated[int, Field(ge=1, le=2**31 - 1)]  # counted by the device, from 1, never reused
    session: int
    #: The learner's number, or "+" and the seq of this device's walk-in, whose number is not known.
    learner: Annotated[str, Field(pattern=r"^(\d{1,9}|\+[1-9]\d{0,9})$")]
    status: AttendanceStatus
    at: datetime  # by the device's clock
    reason: Annotated[str, Field(max_length=80)] = ""


class WalkInIn(Schema):
    """Somebody who is not in the class came: enrolled on the spot, and present. By a card's number,
    or else by name."""

    seq: Annotated[int, Field(ge=1, le=2**31 - 1)]
    session: int
    number: LearnerNumber | None = None
    name: Annotated[str, Field(max_length=40, pattern=r"\S")] | None = None
    #: Learners of that name of whom the teacher has said that it is none of them.
    not_these: Annotated[list[LearnerNumber], Field(max_length=100)] = []
    at: datetime
    reason: Annotated[str, Field(max_length=80)] = ""

    @model_validator(mode="after")
    def _tells_who(self) -> Self:
        if self.number is None and self.name is None:
            raise ValueError("a walk-in has a number or a name")
        return self


class BatchIn(Schema):
    now: datetime  # what the device's clock says as it sends
    events: Annotated[list[EventIn | WalkInIn], Field(max_length=EVENTS_A_BATCH)]


class NamesakeOut(Schema):
    number: str
    birth_year: int | None


class EventOut(Schema):
    seq: int
    outcome: EventOutcome
    words: str  # the outcome in Chinese, for a person
    number: str | None = None  # of a walk-in that was taken in
    name: str | None = None
    same: list[NamesakeOut] = []  # with same_name: which of them it may be


class CloseIn(Schema):
    headcount: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Refusal(Schema):
    words: str


def _teacher(request: HttpRequest) -> User:
    """Who is signed in: django_auth has answered 401 to everybody else."""
    assert isinstance(request.user, User)
    return request.user


@api.get("me", response=MeOut)
def who_is_signed_in(request: HttpRequest) -> MeOut:
    """Whose events may be sent now; also renews the cookie that guards against forgery."""
    user = _teacher(request)
    return MeOut(
        id=user.pk, name=user.get_full_name() or user.get_username(), csrf=get_token(request)
    )


@api.get("sessions", response=list[SessionOut], exclude_defaults=True)
def held_sessions(request: HttpRequest) -> list[SessionOut]:
    """The sessions of the teacher's own classes, from a week back to two weeks ahead. None once
    the role is over, so that the phone lets its names go."""
    now = timezone.now()
    sessions = (
        ClassSession.objects.changeable_by(request.user)
        .filter(
            class_group__teachers=request.user.pk,
            starts_at__range=(now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_HELD)),
        )
        .select_related("class_group")
        .prefetch_related("attendance_records", "class_group__enrolments__learner")
    )
    differing = [
        mark for session in sessions for mark in session.attendance_records.all() if mark.differs
    ]
    said = who_said_what(differing)
    return [session_out(session, said) for session in sessions]


def session_out(session: ClassSession, said: Said) -> SessionOut:
    marks = {mark.learner_id: mark for mark in session.attendance_records.all()}
    is_lecture = session.class_group.is_lecture
    enrolled = [
        enrolment.learner
        for enrolment in session.class_group.enrolments.all()
        if enrolment.state == EnrolmentState.ENROLLED and not is_lecture
    ]
    return SessionOut(
        id=session.pk,
        title=session.class_group.title,
        place=session.class_group.place,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        state=session.state,
        counted=is_lecture,
        headcount=session.headcount,
        learners=[
            LearnerOut(
                number=learner.number,
                name=learner.name,
                status=AttendanceStatus(marks[learner.pk].status) if learner.pk in marks else None,
                said=[
                    SaidOut(
                        by=event.recorded_by.shown_name() if event.recorded_by else "",
                        status=AttendanceStatus(event.status),
                    )
                    for event in said.get((session.pk, learner.pk), [])
                ],
            )
            for learner in sorted(enrolled, key=lambda learner: learner.name)
        ],
    )


@api.post(
    "devices/{uuid:device}/events",
    response=list[EventOut],
    exclude_defaults=True,
    throttle=DeviceThrottle(),
)
def take_events(request: HttpRequest, device: uuid.UUID, batch: BatchIn) -> list[EventOut]:
    """Take events in, in any order and as often as they come; answers for each, in their order.

    An event whose outcome is `wait` or `same_name` is not stored, and stays with the device: until
    its walk-in has arrived, or until the teacher has said who it is."""
    answers = record_events(
        [incoming(event) for event in batch.events],
        device=device,
        device_now=batch.now,
        recorded_by=_teacher(request),
    )
    return [
        EventOut(
            seq=answer.sequence,
            outcome=answer.outcome,
            words=str(answer.outcome.label),
            number=answer.learner.number if answer.learner else None,
            name=answer.learner.name if answer.learner else None,
            same=[
                NamesakeOut(number=learner.number, birth_year=learner.birth_year)
                for learner in answer.same
            ],
        )
        for answer in answers
    ]


def incoming(event: EventIn | WalkInIn) -> Incoming | WalkIn:
    if isinstance(event, EventIn):
        return Incoming(
            sequence=event.seq,
            session=event.session,
            learner=event.learner,
            status=event.status,
            at=event.at,
            reason=event.reason,
        )
    return WalkIn(
        sequence=event.seq,
        session=event.session,
        at=event.at,
        number=event.number or "",
        name=clean_name(event.name or ""),
        not_these=event.not_these,
        reason=event.reason,
    )


@api.post(
    "sessions/{session_id}/close", response={200: SessionOut, 409: Refusal}, exclude_defaults=True
)
def close(request: HttpRequest, session_id: int, body: CloseIn) -> SessionOut | Status:
    """End the roll of one session; 409 with the reason in words while somebody is unmarked."""
    session = get_object_or_404(ClassSession.objects.changeable_by(request.user), pk=session_id)
    try:
        close_session(session, closed_by=_teacher(request), headcount=body.headcount)
    except RollRefused as reason:
        return Status(409, Refusal(words=str(reason)))
    session.refresh_from_db()
    return session_out(session, who_said_what(session.attendance_records.filter(differs=True)))
