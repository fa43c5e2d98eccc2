"""Letters between a city and its boxes: sealed for whoever receives them, signed by whoever sends.

The same bytes go by line and lie on the stick: JSON, of which only the head can be read on the way
(which box, what kind, which number). The body is HPKE (RFC 9180: X25519, HKDF-SHA-256,
ChaCha20-Poly1305) of the compressed text, bound to the head; the signature, Ed25519, covers both.
"""

import base64
import binascii
import json
import uuid
import zlib
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from django.utils.translation import gettext as _

from lms.boxes.choices import LetterKind
from lms.boxes.keys import Keys, PublicKeys
from lms.boxes.refusals import BoxRefused

FORMAT = 1
SUITE = Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.CHACHA20_POLY1305)
#: Of a letter as it is sent, and of what is in it.
MOST_BYTES, MOST_INSIDE = 8 * 2**20, 64 * 2**20


@dataclass(frozen=True)
class Head:
    kind: LetterKind
    box: uuid.UUID
    #: Of a batch its place in the journal, from 1; of an ask and an answer a moment that grows; of
    #: a snapshot its edition.
    number: int
    #: Of the text, in hex.
    sha256: str

    def bound(self) -> bytes:
        return f"{FORMAT}|{self.kind}|{self.box}|{self.number}|{self.sha256}".encode()


@dataclass(frozen=True)
class Letter:
    head: Head
    text: bytes


def digest_of(text: bytes) -> str:
    return sha256(text).hexdigest()


def write_letter(
    kind: LetterKind, *, box: uuid.UUID, number: int, text: bytes, by: Keys, to: PublicKeys
) -> bytes:
    head = Head(kind, box, number, digest_of(text))
    body = SUITE.encrypt(zlib.compress(text, 6), to.seals, head.bound())
    return json.dumps(
        {
            "format": FORMAT,
            "kind": head.kind.value,
            "box": str(box),
            "number": number,
            "sha256": head.sha256,
            "body": base64.b64encode(body).decode(),
            "signature": base64.b64encode(by.signs.sign(_signed(head, body))).decode(),
        },
        separators=(",", ":"),
    ).encode()


def read_head(written: bytes) -> Head:
    """What it says of itself, which nobody has checked. Raises BoxRefused."""
    return _parts(written)[0]


def read_letter(written: bytes, *, by: PublicKeys, to: Keys) -> Letter:
    """Raises BoxRefused for what the sender has not signed, and for what is not sealed for us."""
    head, body, signature = _parts(written)
    try:
        by.checks.verify(signature, _signed(head, body))
    except InvalidSignature:
        raise BoxRefused(_("签名不对：不是它自己写的，或者路上被改过。没有收。")) from None
    try:
        text = _unpacked(SUITE.decrypt(body, to.opens, head.bound()))
    except (InvalidTag, ValueError, zlib.error):
        raise BoxRefused(_("打不开：不是写给这里的。没有收。")) from None
    if digest_of(text) != head.sha256:
        raise BoxRefused(_("内容和清单对不上。没有收。"))
    return Letter(head, text)


def _signed(head: Head, body: bytes) -> bytes:
    return b"yinling letter\0" + head.bound() + b"\0" + sha256(body).digest()


def _unpacked(packed: bytes) -> bytes:
    """Raises ValueError for a bomb."""
    unpacking = zlib.decompressobj()
    text = unpacking.decompress(packed, MOST_INSIDE)
    if unpacking.unconsumed_tail or not unpacking.eof:
        raise ValueError("too long, or cut off")
    return text


def _parts(written: bytes) -> tuple[Head, bytes, bytes]:
    if len(written) > MOST_BYTES:
        raise BoxRefused(_("这封信太大了。没有收。"))
    try:
        said: dict[str, Any] = json.loads(written)
        if said["format"] != FORMAT:
            raise BoxRefused(_("这封信是新的格式，请先更新这里的程序。没有收。"))
        number = int(said["number"])
        if not 0 < number < 2**62:
            raise ValueError("no number")
        head = Head(LetterKind(said["kind"]), uuid.UUID(said["box"]), number, str(said["sha256"]))
        body = base64.b64decode(said["body"], validate=True)
        return head, body, base64.b64decode(said["signature"], validate=True)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, binascii.Error):
        raise BoxRefused(_("这封信不完整，看不懂。没有收。")) from None
