"""What a teacher's phone asks for and hands over. Documented at /roll/api/openapi.json."""

import uuid
from datetime import datetime, timedelta
from typing import Annotated, Any

from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.utils import timezone
from ninja import Field, NinjaAPI, Schema, Status
from ninja.security import django_auth
from ninja.throttling import SimpleRateThrottle

from lms.schools import choices
from lms.schools.choices import EnrolmentState
from lms.schools.models import ClassSession
from lms.schools.services.roll import (
    Incoming,
    Outcome,
    RollRefused,
    close_session,
    record_events,
)

#: How far ahead a phone holds its sessions, so that two weeks without network are no trouble.
DAYS_HELD = 14
#: Yesterday's sessions are held too, for a roll that was not closed in time.
DAYS_BACK = 7
EVENTS_A_BATCH = 500


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


class LearnerOut(Schema):
    number: str
    name: str
    status: choices.Status | None  # None: nobody has marked the learner, which is not absent
    differs: bool  # two people have marked differently


class SessionOut(Schema):
    id: int
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    learners: list[LearnerOut]


class EventIn(Schema):
    seq: Annotated[int, Field(ge=1, le=2**31 - 1)]  # counted by the device, from 1, never reused
    session: int
    learner: Annotated[str, Field(max_length=9)]  # the learner's number
    status: choices.Status
    at: datetime  # by the device's clock
    reason: Annotated[str, Field(max_length=80)] = ""


class BatchIn(Schema):
    now: datetime  # what the device's clock says as it sends
    events: Annotated[list[EventIn], Field(max_length=EVENTS_A_BATCH)]


class EventOut(Schema):
    seq: int
    outcome: Outcome
    words: str  # the outcome in Chinese, for a person


class CloseIn(Schema):
    headcount: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Refusal(Schema):
    words: str


@api.get("me", response=MeOut)
def who_is_signed_in(request: HttpRequest) -> MeOut:
    """Whose events may be sent now; also renews the cookie that guards against forgery."""
    user: Any = request.user  # signed in, or django_auth had answered 401
    return MeOut(
        id=user.pk, name=user.get_full_name() or user.get_username(), csrf=get_token(request)
    )


@api.get("sessions", response=list[SessionOut])
def held_sessions(request: HttpRequest) -> list[SessionOut]:
    """The sessions of the teacher's own classes, from a week back to two weeks ahead."""
    now = timezone.now()
    sessions = (
        ClassSession.objects.filter(
            class_group__teachers=request.user.pk,
            starts_at__range=(now - timedelta(days=DAYS_BACK), now + timedelta(days=DAYS_HELD)),
        )
        .select_related("class_group")
        .prefetch_related("marks", "class_group__enrolments__learner")
    )
    return [session_out(session) for session in sessions]


def session_out(session: ClassSession) -> SessionOut:
    marks = {mark.learner_id: mark for mark in session.marks.all()}
    enrolled = [
        enrolment.learner
        for enrolment in session.class_group.enrolments.all()
        if enrolment.state == EnrolmentState.ENROLLED
    ]
    return SessionOut(
        id=session.pk,
        title=session.class_group.title,
        place=session.class_group.place,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        state=session.state,
        learners=[
            LearnerOut(
                number=learner.number,
                name=learner.name,
                status=choices.Status(marks[learner.pk].status) if learner.pk in marks else None,
                differs=learner.pk in marks and marks[learner.pk].differs,
            )
            for learner in sorted(enrolled, key=lambda learner: learner.name)
        ],
    )


@api.post("devices/{uuid:device}/events", response=list[EventOut], throttle=DeviceThrottle())
def take_events(request: HttpRequest, device: uuid.UUID, batch: BatchIn) -> list[EventOut]:
    """Take events in, in any order and as often as they come; answers for each, in their order."""
    answers = record_events(
        [
            Incoming(
                sequence=event.seq,
                session=event.session,
                learner=event.learner,
                status=event.status,
                at=event.at,
                reason=event.reason,
            )
            for event in batch.events
        ],
        device=device,
        device_now=batch.now,
        recorded_by=request.user,
    )
    return [
        EventOut(seq=answer.sequence, outcome=answer.outcome, words=str(answer.outcome.label))
        for answer in answers
    ]


@api.post("sessions/{session_id}/close", response={200: SessionOut, 409: Refusal})
def close(request: HttpRequest, session_id: int, body: CloseIn) -> SessionOut | Status:
    """End the roll of one session; 409 with the reason in words while somebody is unmarked."""
    session = get_object_or_404(ClassSession.objects.changeable_by(request.user), pk=session_id)
    try:
        close_session(session, closed_by=request.user, headcount=body.headcount)
    except RollRefused as reason:
        return Status(409, Refusal(words=str(reason)))
    session.refresh_from_db()
    return session_out(session)
