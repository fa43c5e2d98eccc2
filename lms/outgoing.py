"""Requests that leave this site. None leaves but to an address that a setting or an administrator
has written down, and none waits longer than some seconds."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from email.message import Message
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

SECONDS = 10.0
MOST_BYTES = 64 * 1024  # of an answer; more is not read


class NotReached(Exception):
    """The other side has certainly not got it."""


class NoAnswer(Exception):
    """It was sent, or a part of it; whether it was taken, nobody knows."""


@dataclass(frozen=True)
class Answer:
    status: int
    body: bytes


def post(
    address: str,
    body: bytes,
    *,
    content_type: str,
    headers: Mapping[str, str] | None = None,
    most_bytes: int = MOST_BYTES,
) -> Answer:
    """Neither follows redirects nor uses a proxy. Raises NotReached, NoAnswer."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        connection.connect()
    except OSError as error:  # also a certificate that is not theirs
        raise NotReached(type(error).__name__) from None
    try:
        path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        connection.request("POST", path, body, {"Content-Type": content_type, **(headers or {})})
        response = connection.getresponse()
        return Answer(response.status, response.read(most_bytes))
    except (OSError, HTTPException) as error:
        raise NoAnswer(type(error).__name__) from None
    finally:
        connection.close()


@dataclass
class Incoming:
    """An answer that is read bit by bit."""

    status: int
    headers: Message
    _response: HTTPResponse

    def read(self, most: int) -> bytes:
        """At most so many bytes; none at the end. Raises NoAnswer where the line is cut."""
        try:
            return self._response.read1(most)
        except (OSError, HTTPException) as error:
            raise NoAnswer(type(error).__name__) from None


@contextmanager
def asked(address: str, *, headers: Mapping[str, str] | None = None) -> Iterator[Incoming]:
    """GET, for answers that are large: neither redirects nor a proxy. Nothing is waited for longer
    than SECONDS. Raises NotReached, NoAnswer."""
    parts = urlsplit(address)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=SECONDS)
    try:
        try:
            connection.connect()
        except OSError as error:
            raise NotReached(type(error).__name__) from None
        try:
            path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
        except (OSError, HTTPException) as error:
            raise NoAnswer(type(error).__name__) from None
        yield Incoming(response.status, response.headers, response)
    finally:
        connection.close()
