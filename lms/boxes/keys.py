"""The two keys of this installation, city or box: one signs, the other opens what is sealed for it.

Both are made of one seed of 32 bytes: the setting BOXES_KEY, else a file in VAR_DIR that is made
when it is first needed and never leaves the machine.
"""

import base64
import binascii
import os
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

SEED_BYTES = 32


@dataclass(frozen=True)
class Keys:
    signs: Ed25519PrivateKey
    opens: X25519PrivateKey

    @property
    def public(self) -> "PublicKeys":
        return PublicKeys(self.signs.public_key(), self.opens.public_key())


@dataclass(frozen=True)
class PublicKeys:
    """Of the other side: whose signature holds, and for whom is sealed."""

    checks: Ed25519PublicKey
    seals: X25519PublicKey

    def written(self) -> str:
        """Both in one word of 88 signs, as it is kept and sent."""
        both = self.checks.public_bytes_raw() + self.seals.public_bytes_raw()
        return base64.urlsafe_b64encode(both).decode()


def read_public(written: str) -> PublicKeys:
    """Raises ValueError for what is none."""
    try:
        both = base64.urlsafe_b64decode(written)
    except binascii.Error as error:
        raise ValueError(str(error)) from None
    if len(both) != 2 * SEED_BYTES:
        raise ValueError("two keys of 32 bytes")
    return PublicKeys(
        Ed25519PublicKey.from_public_bytes(both[:SEED_BYTES]),
        X25519PublicKey.from_public_bytes(both[SEED_BYTES:]),
    )


def own_keys() -> Keys:
    """Of this installation."""
    return keys_of(_seed())


def keys_of(seed: bytes) -> Keys:
    return Keys(
        Ed25519PrivateKey.from_private_bytes(_derived(seed, b"yinling boxes sign")),
        X25519PrivateKey.from_private_bytes(_derived(seed, b"yinling boxes open")),
    )


def _derived(seed: bytes, what: bytes) -> bytes:
    return HKDF(SHA256(), SEED_BYTES, salt=None, info=what).derive(seed)


def _seed() -> bytes:
    if written := settings.BOXES_KEY:
        try:
            seed = base64.b64decode(written, validate=True)
        except binascii.Error:
            seed = b""
        if len(seed) != SEED_BYTES:
            raise ImproperlyConfigured(
                "BOXES_KEY is not 32 bytes in base64: openssl rand -base64 32"
            )
        return seed
    return _kept_seed(Path(settings.VAR_DIR) / "boxes.key")


def _kept_seed(path: Path) -> bytes:
    """Made by whichever process comes first, whole before anybody can read it."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(os.urandom(SEED_BYTES))
            os.fsync(file.fileno())
        try:
            os.link(draft, path)
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return path.read_bytes()
