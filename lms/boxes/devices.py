"""Devices of the roll, as the other side calls them."""

import uuid
from hashlib import sha256

#: Of a name that was drawn by lot, as telephones make theirs.
DRAWN = 4


def device_abroad(device: uuid.UUID, seed: uuid.UUID) -> uuid.UUID:
    """A telephone is the same everywhere. The devices that a server makes for its own pages are
    named after its keys of users and sessions, which are others on the other side: they get a
    name of their own there, always the same, that looks like a telephone's."""
    if device.version == DRAWN:
        return device
    return uuid.UUID(bytes=sha256(seed.bytes + device.bytes).digest()[:16], version=DRAWN)
