"""What a phone and the server say to each other, with what may stand in it.

Plain pydantic: ninja's own Schema looks each value up as Django's templates do, which thirty marks
need not.
"""

import uuid
from datetime import datetime
from typing import Annotated, Any, Self

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    Field,
    ValidatorFunctionWrapHandler,
    WrapValidator,
    model_validator,
)

from lms.attendance.choices import AttendanceStatus, EventOutcome
from lms.attendance.services.events import Malformed
from lms.bounds import of_our_time

EVENTS_A_BATCH = 500
LearnerNumber = Annotated[str, Field(pattern=r"^\d{9}$")]


class Problem(BaseModel):
    detail: Any  # in English, for whoever writes a program


class MeOut(BaseModel):
    id: int
    name: str
    csrf: str  # to send back as X-CSRFToken: a service worker cannot read the cookie
    now: datetime  # by which a phone sees that its date is wrong


class SaidOut(BaseModel):
    by: str  # a person's name; blank: the learner's own mark
    status: AttendanceStatus


class LearnerOut(BaseModel):
    number: str
    name: str
    status: AttendanceStatus | None  # None: nobody has marked the learner, which is not absent
    said: list[SaidOut] = []  # what each said last, where two people have marked differently


class SessionOut(BaseModel):
    id: int
    uid: uuid.UUID | None = None  # of one that was added by hand, perhaps on this phone
    also: list[uuid.UUID] = []  # what other phones call it, which added it too
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    counted: bool  # a lecture: heads are counted, and no names called
    headcount: int | None  # None: nobody has counted
    learners: list[LearnerOut]


class ClassOut(BaseModel):
    """A class to which a session can be added: who is in it today."""

    id: int
    title: str
    place: str
    counted: bool
    minutes: int  # how long it lasts as a rule
    learners: list[LearnerOut]


class HeldClassOut(BaseModel):
    id: int
    title: str
    place: str
    counted: bool
    minutes: int
    roll: list[int]  # who is in it today, by their places among the people


class HeldSessionOut(BaseModel):
    id: int
    uid: uuid.UUID | None = None
    also: list[uuid.UUID] = []
    class_: int = Field(serialization_alias="class")
    title: str
    place: str
    starts_at: datetime
    ends_at: datetime
    state: str
    counted: bool
    headcount: int | None
    roll: list[int] | None = None  # None: as its class's today
    marks: dict[int, AttendanceStatus] = {}  # by place; nobody else is marked
    said: dict[int, list[SaidOut]] = {}


class HeldOut(BaseModel):
    """Everything that a phone holds, with every name once."""

    people: list[tuple[LearnerNumber, str]]  # by pinyin, as rolls are: number and name
    classes: list[HeldClassOut]
    sessions: list[HeldSessionOut]


def _storable(words: str) -> str:
    """PostgreSQL stores no NUL, and no database half a character."""
    if "\0" in words:
        raise ValueError("a NUL is no text")
    words.encode()  # raises a ValueError
    return words


Words = Annotated[str, AfterValidator(_storable)]
Moment = Annotated[AwareDatetime, AfterValidator(of_our_time)]
Seq = Annotated[int, Field(ge=1, le=2**31 - 1)]  # counted by the device, from 1, never reused
Key = Annotated[int, Field(ge=1, le=2**63 - 1)]


class EventIn(BaseModel):
    seq: Seq
    session: Key | uuid.UUID  # the uid of a session that this phone added
    #: The learner's number, or "+" and the seq of this device's walk-in, whose number is not known.
    learner: Annotated[str, Field(pattern=r"^(\d{1,9}|\+[1-9]\d{0,9})$")]
    status: AttendanceStatus
    at: Moment  # by the device's clock
    reason: Annotated[Words, Field(max_length=80)] = ""


class WalkInIn(BaseModel):
    """Somebody who is not in the class came: enrolled on the spot, and present. By a card's number,
    or else by name."""

    seq: Seq
    session: Key | uuid.UUID
    number: LearnerNumber | None = None
    name: Annotated[Words, Field(max_length=40, pattern=r"\S")] | None = None
    #: Learners of that name of whom the teacher has said that it is none of them.
    not_these: Annotated[list[LearnerNumber], Field(max_length=100)] = []
    at: Moment
    reason: Annotated[Words, Field(max_length=80)] = ""

    @model_validator(mode="after")
    def _tells_who(self) -> Self:
        if self.number is None and self.name is None:
            raise ValueError("a walk-in has a number or a name")
        return self


class NewSessionIn(BaseModel):
    """The class met today without having been planned to. The same uid twice is one session."""

    seq: Seq
    uid: uuid.UUID
    class_: Annotated[Key, Field(alias="class")]
    starts_at: Moment
    ends_at: Moment


def _or_malformed(sent: Any, understand: ValidatorFunctionWrapHandler) -> Any:
    """What is not understood is answered by itself, and the rest of the batch is taken."""
    try:
        return understand(sent)
    except ValueError:
        seq = sent.get("seq") if isinstance(sent, dict) else None
        return Malformed(seq if isinstance(seq, int) else None)


def _or_none(sent: Any, understand: ValidatorFunctionWrapHandler) -> Any:
    try:
        return understand(sent)
    except ValueError:
        return None


AnyEvent = Annotated[EventIn | WalkInIn | NewSessionIn, WrapValidator(_or_malformed)]


class BatchIn(BaseModel):
    #: What the device's clock says as it sends; if that is no time, it is as if it were not said.
    now: Annotated[Moment, WrapValidator(_or_none)]
    events: Annotated[list[AnyEvent], Field(max_length=EVENTS_A_BATCH)]


class NamesakeOut(BaseModel):
    number: str
    birth_year: int | None


class EventOut(BaseModel):
    seq: int | None  # as it was sent; null where it could not be read
    outcome: EventOutcome
    words: str  # the outcome in Chinese, for a person
    number: str | None = None  # of a walk-in that was taken in
    name: str | None = None
    same: list[NamesakeOut] = []  # with same_name: which of them it may be
    session: int | None = None  # of a session that was added


class CloseIn(BaseModel):
    headcount: Annotated[int, Field(ge=0, le=100_000)] | None = None


class Refusal(BaseModel):
    words: str
