"""Lines of a batch: one thing each that was born on a box, as it is written there and read here."""

import json
import re
import uuid
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from ninja import Field, Schema
from pydantic import TypeAdapter

from courses.choices import Tallied
from courses.progress.models import CODE_LENGTH, LONGEST_WORDS, WHOLE_FILM
from lms.alerts.choices import CameBy, FraudKind, FraudWay
from lms.attendance.api_messages import Key, LearnerNumber, Moment, Seq, Words
from lms.attendance.choices import AttendanceStatus
from lms.boxes.choices import LineKind
from lms.classes.choices import Door, EnrolmentState
from lms.helpline.choices import HelpState

Code = Annotated[str, Field(pattern=r"^\d{2,12}$")]
#: A user's name; blank: nobody is known.
Person = Annotated[Words, Field(max_length=150)]
Count = Annotated[int, Field(ge=0, le=2**31 - 1)]
Reason = Annotated[Words, Field(max_length=80)]


class LearnerLine(Schema):
    kind: Literal["learner"]
    id: uuid.UUID
    number: LearnerNumber
    name: Annotated[Words, Field(max_length=40, pattern=r"\S")]
    birth_year: Annotated[int, Field(ge=1900, le=2020)] | None
    telephone: Annotated[Words, Field(max_length=20)]
    unit: Code


class SessionLine(Schema):
    """A meeting that was added on the box, or heads that were counted there."""

    kind: Literal["session"]
    id: uuid.UUID
    class_group: Key
    starts_at: Moment
    ends_at: Moment
    added_by: Person
    headcount: Annotated[int, Field(ge=0, le=100_000)] | None


class EnrolmentLine(Schema):
    kind: Literal["enrolment"]
    id: uuid.UUID
    class_group: Key
    learner: LearnerNumber
    state: EnrolmentState
    door: Door
    by: Person
    enrolled_at: Moment
    joined_at: Moment | None
    left_at: Moment | None


class EventLine(Schema):
    kind: Literal["event"]
    id: uuid.UUID
    device: uuid.UUID
    seq: Seq
    session: uuid.UUID
    learner: LearnerNumber
    status: AttendanceStatus
    at: Moment  # by the device's own clock
    marked_at: Moment  # by the box's
    by: Person
    reason: Reason


class MarkLine(Schema):
    """What was done of a lesson under a learning record, which names nobody."""

    kind: Literal["mark"]
    id: uuid.UUID
    record: uuid.UUID
    code: Annotated[str, Field(pattern=rf"^(\d{{{CODE_LENGTH}}})?$")]
    page: uuid.UUID
    path: Annotated[Words, Field(max_length=500)]
    seen_parts: Annotated[int, Field(ge=0, le=WHOLE_FILM)]
    read_at: Moment | None
    quiz_at: Moment | None
    practised_at: Moment | None
    done_at: Moment | None


class TallyLine(Schema):
    """How often, by the box's own count: the whole of it each time."""

    kind: Literal["tally"]
    id: uuid.UUID
    page: uuid.UUID
    path: Annotated[Words, Field(max_length=500)]
    day: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    what: Tallied
    place: Annotated[Words, Field(max_length=LONGEST_WORDS)]
    chosen: Annotated[Words, Field(max_length=LONGEST_WORDS)]
    times: Count


class HelpLine(Schema):
    kind: Literal["help"]
    id: uuid.UUID
    unit: Code
    learner: LearnerNumber | None
    telephone: Annotated[Words, Field(max_length=20)]
    name: Annotated[Words, Field(max_length=40)]
    path: Annotated[Words, Field(max_length=500)]  # of what was on the screen; may be blank
    asked_at: Moment
    state: HelpState
    closed_by: Person
    closed_at: Moment | None
    note: Reason


class MetLine(Schema):
    kind: Literal["met"]
    id: uuid.UUID
    unit: Code
    what: FraudKind
    way: FraudWay
    words: Annotated[Words, Field(max_length=200)]
    came_by: CameBy
    told_at: Moment


class ClosingLine(Schema):
    kind: Literal["closing"]
    id: uuid.UUID  # of the session
    closed_at: Moment
    closed_by: Person
    headcount: Annotated[int, Field(ge=0, le=100_000)] | None


Line = (
    LearnerLine
    | SessionLine
    | EnrolmentLine
    | EventLine
    | MarkLine
    | TallyLine
    | HelpLine
    | MetLine
    | ClosingLine
)
_ANY: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])
#: Of what nobody understands so many signs are kept.
LONGEST = 2000
NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")
#: In the order in which they are taken in.
ORDER = {kind.value: place for place, kind in enumerate(LineKind)}


def read_line(said: Any) -> Line:
    """Raises ValueError for what nobody understands."""
    return _ANY.validate_python(said)


def write_line(line: Mapping[str, Any]) -> str:
    """As it stands in a batch, the same each time."""
    return json.dumps(line, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def lines_of(text: bytes) -> Iterator[Any]:
    """What each line says; one that is no JSON object as it is written, up to its LONGEST."""
    for line in text.decode(errors="replace").splitlines():
        try:
            said = json.loads(line)
        except (ValueError, RecursionError):
            said = line
        yield said if isinstance(said, dict) else line[:LONGEST]


def numbers_in(said: Any) -> str:
    """Learners' numbers that a line names, so that it can be found by them."""
    if not isinstance(said, dict):
        return ""
    found = {str(said.get(name) or "") for name in ("number", "learner")}
    numbers = sorted(number[:9] for number in found if number.isascii() and number.isdigit())
    return "".join(f" {number} " for number in numbers)


def storable(said: Any) -> Any:
    """The same, or its spelling where a NUL or half a character is in it, which no database
    holds."""
    written = json.dumps(said, ensure_ascii=False)
    try:
        written.encode()
    except UnicodeEncodeError:
        return json.dumps(said)[:LONGEST]
    return written[:LONGEST] if NUL.search(written) else said
