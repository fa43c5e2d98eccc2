"""Reading what a phone hands over. What is not understood is answered as such, one by one."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from uuid import UUID

from lms.offline.choices import NotedKind
from lms.offline.services import Noted

MOST: Final = 100
MOST_BYTES: Final = 64 * 1024


class NotUnderstood(ValueError):
    """The whole of what was sent."""


@dataclass(frozen=True)
class HandedOver:
    owner: str
    #: What the phone's clock says.
    sent_at: datetime
    noted: list[Noted]
    #: Ids, as they were sent, of what cannot be read.
    malformed: list[str]


def read_handed_over(body: bytes) -> HandedOver:
    """Raises NotUnderstood."""
    if len(body) > MOST_BYTES:
        raise NotUnderstood
    try:
        sent = json.loads(body)
        owner, sent_at = str(sent["owner"]), moment(sent["now"])
        events = list(sent["events"])
    except (ValueError, TypeError, KeyError, RecursionError) as error:
        raise NotUnderstood from error
    if len(events) > MOST:
        raise NotUnderstood
    noted, malformed = [], []
    for event in events:
        try:
            noted.append(read_noted(event))
        except (ValueError, TypeError, KeyError):
            malformed.append(str(event.get("id", ""))[:60] if isinstance(event, dict) else "")
    return HandedOver(owner, sent_at, noted, malformed)


def read_noted(event: dict[str, Any]) -> Noted:
    """Raises ValueError, TypeError or KeyError."""
    return Noted(
        id=UUID(event["id"]),
        lesson=whole(event["lesson"], most=2**31 - 1),
        kind=NotedKind(event["kind"]),
        at=moment(event["at"]),
        parts=whole(event.get("parts", 0), most=2**31 - 1),
        step=whole(event.get("step", 0), most=99),
    )


def whole(number: Any, *, most: int) -> int:
    if isinstance(number, bool) or not isinstance(number, int) or not 0 <= number <= most:
        raise ValueError(number)
    return number


def moment(milliseconds: Any) -> datetime:
    """Since 1970, as a browser's clock says it; raises ValueError."""
    return datetime.fromtimestamp(whole(milliseconds, most=10**14 // 25) / 1000, UTC)
