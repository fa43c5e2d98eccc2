"""What a teacher's phone asks for and hands over. Documented at /roll/api/openapi.json."""

import uuid
from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Status
from ninja.errors import AuthenticationError
from ninja.security import django_auth
from ninja.throttling import BaseThrottle

from lms.accounts.models import User
from lms.attendance.api_messages import (
    BatchIn,
    ClassOut,
    CloseIn,
    EventIn,
    EventOut,
    HeldOut,
    LearnerOut,
    MeOut,
    NamesakeOut,
    NewSessionIn,
    Problem,
    Refusal,
    SaidOut,
    SessionOut,
    WalkInIn,
)
from lms.attendance.choices import AttendanceStatus
from lms.attendance.held import classes_to_hold, held_by, sessions_to_hold, usual_minutes
from lms.attendance.queries import WhoSaid, keeps_a_roll, learners_there, who_said_what
from lms.attendance.services.closing import RollRefused, close_session
from lms.attendance.services.events import (
    Event,
    Incoming,
    Malformed,
    NewSession,
    WalkIn,
    record_events,
)
from lms.classes.models import ClassGroup, ClassSession
from lms.classes.wall_clock import day_bounds
from lms.limits import allows
from lms.people.choices import Looked
from lms.people.models import Learner, units_by_role
from lms.people.names import clean_name
from lms.people.services.looks import note_look, where_works


class Limited(BaseThrottle):
    """By person and by address: a device says of itself which one it is."""

    def allow_request(self, request: HttpRequest) -> bool:
        return allows(request, "roll")


#: Whose roll the phone holds, signed: it outlives the session, so that a phone that was signed out
#: by the end of a role can be told so, and lets its names go.
HOLDER = "roll_holder"
HOLDER_SECONDS = 60 * 24 * 3600


class RoleOver(Exception):
    """Nobody is signed in, and whose roll the phone holds keeps none any more."""


def signed_in(request: HttpRequest) -> User | None:
    """None answers 401. Raises RoleOver."""
    user = django_auth(request)
    if user is None and _is_holder_gone(request):
        raise RoleOver
    return user


def _is_holder_gone(request: HttpRequest) -> bool:
    holder = request.get_signed_cookie(HOLDER, "", max_age=HOLDER_SECONDS)
    if not holder:
        return False
    user = User.objects.filter(pk=holder, is_active=True).first()
    return user is None or not keeps_a_roll(user)


api = NinjaAPI(
    title="Yinling roll",
    version="1",
    urls_namespace="roll-api",
    auth=signed_in,
    throttle=Limited(),
    docs_url=None,  # it would show nothing but what another host serves
)


@api.exception_handler(RoleOver)
def tell_that_the_role_is_over(request: HttpRequest, _over: RoleOver) -> HttpResponse:
    return api.create_response(request, {"over": True}, status=403)


@api.exception_handler(AuthenticationError)
def ask_to_sign_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    answer = api.create_response(request, {"detail": str(error)}, status=401)
    answer["WWW-Authenticate"] = 'Session realm="roll"'
    return answer


#: What everything may answer beside its own.
PROBLEMS: dict[Any, Any] = {frozenset({401, 403, 422, 429}): Problem}


def _teacher(request: HttpRequest) -> User:
    """Who is signed in: django_auth has answered 401 to everybody else."""
    assert isinstance(request.user, User)
    return request.user


@api.get("me", response={200: MeOut, **PROBLEMS})
def who_is_signed_in(request: HttpRequest, response: HttpResponse) -> MeOut:
    """Whose events may be sent now; also renews the cookie that guards against forgery, and notes
    whose names the phone holds."""
    user = _teacher(request)
    response.set_signed_cookie(
        HOLDER,
        str(user.pk),
        max_age=HOLDER_SECONDS,
        path=reverse("roll"),
        secure=request.is_secure(),
        httponly=True,
        samesite="Lax",
    )
    return MeOut(
        id=user.pk,
        name=user.get_full_name() or user.get_username(),
        csrf=get_token(request),
        now=timezone.now(),
    )


@api.get("held", response={200: HeldOut, **PROBLEMS}, exclude_defaults=True, by_alias=True)
def held(request: HttpRequest) -> dict[str, Any]:
    """The teacher's sessions from a week back to two weeks ahead, and the classes to which one more
    can be added; every name once. Nothing once the role is over, so that the phone lets go."""
    user = _teacher(request)
    by_role = units_by_role(user)
    holds, unit = held_by(user, by_role), where_works(by_role)
    note_look(user, Looked.PHONE, rows=len(holds["people"]), unit=unit)
    return holds


@api.get("classes", response={200: list[ClassOut], **PROBLEMS}, exclude_defaults=True)
def own_classes(request: HttpRequest) -> list[ClassOut]:
    """The classes alone, each with its names: for pages of before `held`."""
    classes = classes_to_hold(_teacher(request))
    prefetch_related_objects(classes, "enrolments__learner")
    held = [class_out(class_group, timezone.localdate()) for class_group in classes]
    note_names(request, held)
    return held


def note_names(request: HttpRequest, held: Sequence[ClassOut | SessionOut]) -> None:
    """That these names are on the teacher's phone."""
    people = {learner.number for each in held for learner in each.learners}
    note_look(_teacher(request), Looked.PHONE, rows=len(people))


def by_pinyin(learner: Learner) -> tuple[str, int]:
    return learner.sort_key, learner.pk


def class_out(class_group: ClassGroup, today: date) -> ClassOut:
    _begins, ends = day_bounds(today)
    there = [each.learner for each in class_group.enrolments.all() if each.was_in_class(ends)]
    return ClassOut(
        id=class_group.pk,
        title=class_group.title,
        place=class_group.place,
        counted=class_group.is_lecture,
        minutes=usual_minutes(class_group, today),
        learners=[]
        if class_group.is_lecture
        else [
            LearnerOut(number=learner.number, name=learner.name, status=None)
            for learner in sorted(there, key=by_pinyin)
        ],
    )


@api.get("sessions", response={200: list[SessionOut], **PROBLEMS}, exclude_defaults=True)
def held_sessions(request: HttpRequest) -> list[SessionOut]:
    """The sessions alone, each with its names: for pages of before `held`."""
    sessions = sessions_to_hold(_teacher(request))
    prefetch_related_objects(
        sessions,
        "added_again",
        "attendance_records__learner",
        "class_group__enrolments__learner",
    )
    differing = [
        mark for session in sessions for mark in session.attendance_records.all() if mark.differs
    ]
    said = who_said_what(differing)
    held = [session_out(session, said) for session in sessions]
    note_names(request, held)
    return held


def session_out(session: ClassSession, said: WhoSaid) -> SessionOut:
    marks = {mark.learner_id: mark for mark in session.attendance_records.all()}
    is_lecture = session.class_group.is_lecture
    listed = {} if is_lecture else {mark.learner_id: mark.learner for mark in marks.values()}
    if not (is_lecture or session.is_closed):
        enrolments = session.class_group.enrolments.all()
        learners = {each.learner_id: each.learner for each in enrolments}
        listed |= {pk: learners[pk] for pk in learners_there(session, enrolments)}
    return SessionOut(
        id=session.pk,
        uid=session.uid if session.added_by_id else None,
        also=[each.uid for each in session.added_again.all()],
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
            for learner in sorted(
                listed.values(), key=lambda learner: (learner.sort_key, learner.pk)
            )
        ],
    )


@api.post(
    "devices/{uuid:device}/events",
    response={200: list[EventOut], **PROBLEMS},
    exclude_defaults=True,
)
def take_events(request: HttpRequest, device: uuid.UUID, batch: BatchIn) -> list[EventOut]:
    """Take events in, in any order and as often as they come; answers for each, in their order.

    What is not understood is answered `malformed`, and the rest is taken. An event whose outcome
    is `wait` or `same_name` is not stored, and stays with the device: until its walk-in has
    arrived, or until the teacher has said who it is."""
    answers = record_events(
        [each if isinstance(each, Malformed) else incoming(each) for each in batch.events],
        device=device,
        device_now=batch.now,
        recorded_by=_teacher(request),
    )
    namesakes = {learner.pk for answer in answers for learner in answer.same}
    note_look(_teacher(request), Looked.DIRECTORY, rows=len(namesakes), about=_("同名的"))
    return [
        EventOut(
            seq=answer.sequence,
            outcome=answer.outcome,
            words=str(answer.outcome.label),
            number=answer.learner.number if answer.learner else None,
            name=answer.learner.name if answer.learner else None,
            session=answer.session,
            same=[
                NamesakeOut(number=learner.number, birth_year=learner.birth_year)
                for learner in answer.same
            ],
        )
        for answer in answers
    ]


def incoming(event: EventIn | WalkInIn | NewSessionIn) -> Event:
    if isinstance(event, NewSessionIn):
        return NewSession(
            sequence=event.seq,
            uid=event.uid,
            class_group=event.class_,
            starts_at=event.starts_at,
            ends_at=event.ends_at,
        )
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
    "sessions/{session}/close",
    response={200: SessionOut, 404: Problem, 409: Refusal, **PROBLEMS},
    exclude_defaults=True,
)
def close(request: HttpRequest, session: str, body: CloseIn) -> SessionOut | Status:
    """End the roll of one session, by its id or uid; 409 with the reason in words before it has
    begun and while somebody is unmarked."""
    return _close(request, _session_called(request, session), body)


def _session_called(request: HttpRequest, name: str) -> ClassSession:
    sessions = ClassSession.objects.changeable_by(request.user)
    if name.isascii() and name.isdigit():
        return get_object_or_404(sessions, pk=int(name[:20]))
    try:
        return get_object_or_404(sessions.called(uuid.UUID(name)))
    except ValueError:
        raise Http404 from None


def _close(request: HttpRequest, session: ClassSession, body: CloseIn) -> SessionOut | Status:
    try:
        close_session(session, closed_by=_teacher(request), headcount=body.headcount)
    except RollRefused as reason:
        return Status(409, Refusal(words=str(reason)))
    session.refresh_from_db()
    closed = session_out(session, who_said_what(session.attendance_records.filter(differs=True)))
    note_names(request, [closed])
    return closed
