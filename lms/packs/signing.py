"""Ed25519: the city's own keys, those it trusts, and signatures of manifests.

A signature file has a line for each key: `ed25519 <id of the key> <signature in base64>`. While
a city changes its key it signs by both, and the manifest tells the new one, so that whoever trusts
the old one learns of it.
"""

import os
import re
from base64 import b64decode, b64encode
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.packs.models import TrustedKey
from lms.packs.refusals import PackError

PEM_BLOCK = re.compile(rb"-----BEGIN PRIVATE KEY-----.+?-----END PRIVATE KEY-----\n?", re.DOTALL)
LINE = re.compile(r"ed25519 ([0-9a-f]{16}) ([A-Za-z0-9+/]{86}==)")
MOST_BYTES = 4_096  # of a signature file
MOST_OWN = 4
#: `Signer.city` of packs that were made here.
OWN = "本市"


class StrangersPack(PackError):
    """Signed by nobody who is trusted here."""


@dataclass(frozen=True)
class Signer:
    key_id: str
    #: As it is known here, not as the pack says.
    city: str


@dataclass(frozen=True)
class PublicKey:
    key: Ed25519PublicKey
    city: str


def raw(key: Ed25519PublicKey) -> bytes:
    return key.public_bytes(Encoding.Raw, PublicFormat.Raw)


def in_words(key: Ed25519PublicKey) -> str:
    """The public key in base64, as settings and manifests have it."""
    return b64encode(raw(key)).decode()


def id_of(key: Ed25519PublicKey) -> str:
    return sha256(raw(key)).hexdigest()[:16]


def public_key(words: str) -> Ed25519PublicKey:
    """Out of base64. Raises PackError."""
    try:
        return Ed25519PublicKey.from_public_bytes(b64decode(words.strip(), validate=True))
    except ValueError as error:
        raise PackError(_("“%(words)s”不是公钥。公钥是44个字符。") % {"words": words}) from error


def key_file() -> Path:
    """Where the own keys are, unless the setting holds them themselves."""
    return Path(settings.PACK_SIGNING_KEY or Path(settings.VAR_DIR) / "pack-keys.pem")


def own_keys() -> list[Ed25519PrivateKey]:
    """The first is the newest. Empty where there is none. Raises PackError for what is no key."""
    words: str = settings.PACK_SIGNING_KEY
    if "-----BEGIN" in words:
        content = words.replace("\\n", "\n").encode()
    else:
        try:
            content = key_file().read_bytes()
        except FileNotFoundError:
            return []
        except OSError as error:
            raise PackError(_("课程盘的密钥文件打不开：%(file)s") % {"file": key_file()}) from error
    return _loaded(content)


def _loaded(content: bytes) -> list[Ed25519PrivateKey]:
    blocks = PEM_BLOCK.findall(content)
    try:
        keys = [load_pem_private_key(block, password=None) for block in blocks]
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise PackError(_("课程盘的密钥（PACK_SIGNING_KEY）读不懂。")) from error
    found = [key for key in keys if isinstance(key, Ed25519PrivateKey)]
    if not found or len(found) != len(keys):
        raise PackError(_("课程盘的密钥（PACK_SIGNING_KEY）不是 Ed25519 的。"))
    return found[:MOST_OWN]


def make_key(*, another: bool = False) -> Ed25519PrivateKey:
    """Write a new key to the file of the setting; with ``another`` before the one that is there,
    which signs as well from then on. Raises PackError."""
    if "-----BEGIN" in settings.PACK_SIGNING_KEY:
        raise PackError(_("PACK_SIGNING_KEY 里写的就是密钥。要让程序来做，请改成一个文件名。"))
    before = own_keys()
    if before and not another:
        raise PackError(_("已经有密钥了。要换新的，请加上 --another。"))
    made = Ed25519PrivateKey.generate()
    content = b"".join(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        for key in [made, *before][:MOST_OWN]
    )
    _write_secret(key_file(), content)
    return made


def _write_secret(file: Path, content: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    handle = os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())
    half.replace(file)


def sign(content: bytes, keys: Iterable[Ed25519PrivateKey]) -> bytes:
    """The signature file of a manifest's bytes."""
    lines = [
        f"ed25519 {id_of(key.public_key())} {b64encode(key.sign(content)).decode()}\n"
        for key in keys
    ]
    return "".join(lines).encode()


def trusted_keys() -> dict[str, PublicKey]:
    """By the id: the city's own, those of the setting, those that were added here."""
    known: dict[str, PublicKey] = {}
    for row in TrustedKey.objects.current():
        known[row.key_id] = PublicKey(public_key(row.public_key), row.city)
    for entry in settings.PACK_TRUSTED_KEYS:
        city, _sign, words = entry.partition("=")
        key = public_key(words)
        known[id_of(key)] = PublicKey(key, city.strip())
    for own in own_keys():
        key = own.public_key()
        known[id_of(key)] = PublicKey(key, OWN)
    for ended in TrustedKey.objects.filter(ended_at__isnull=False).values_list("key_id", flat=True):
        known.pop(ended, None)
    return known


def check(content: bytes, signature: bytes) -> Signer:
    """Who of the trusted signed ``content``. Raises StrangersPack where nobody did, PackError for
    a signature that is none."""
    signed = signatures_in(signature)
    known = trusted_keys()
    for key_id, proof in signed.items():
        if key_id in known:
            _prove(known[key_id].key, proof, content)
            return Signer(key_id, known[key_id].city)
    raise StrangersPack(
        _("这个课程盘不是本市做的，也不是您相信的城市做的。管理员确认来路以后，可以只当草稿收。")
    )


def check_strangers(content: bytes, signature: bytes, keys: Iterable[str]) -> Signer:
    """That the pack is at least as its maker, who is unknown, left it: he signed by one of
    ``keys``, which the manifest tells. Raises PackError."""
    signed = signatures_in(signature)
    for words in keys:
        key = public_key(words)
        if proof := signed.get(id_of(key)):
            _prove(key, proof, content)
            return Signer(id_of(key), "")
    raise PackError(_("课程盘的签名对不上，里面的东西被人改过。请不要用这个盘。"))


def signatures_in(signature: bytes) -> dict[str, bytes]:
    """By the id of the key. Raises PackError."""
    try:
        lines = signature.decode("ascii").splitlines()
    except UnicodeDecodeError:
        lines = []
    found = [LINE.fullmatch(line) for line in lines[:16]]
    signed = {each[1]: b64decode(each[2]) for each in found if each}
    if not signed:
        raise PackError(_("课程盘没有签名，不能收。"))
    return signed


def _prove(key: Ed25519PublicKey, proof: bytes, content: bytes) -> None:
    try:
        key.verify(proof, content)
    except InvalidSignature as error:
        raise PackError(_("课程盘的签名对不上，里面的东西被人改过。请不要用这个盘。")) from error


@transaction.atomic
def trust_key(*, words: str, city: str, by: User | None, announced_by: str = "") -> TrustedKey:
    """Take packs in that are signed by the public key ``words`` (base64). Raises PackError."""
    key = public_key(words)
    row, _made = TrustedKey.objects.update_or_create(
        key_id=id_of(key),
        defaults={
            "public_key": in_words(key),
            "city": city,
            "added_by": by,
            "announced_by": announced_by,
            "ended_at": None,
        },
    )
    return row


def learn_keys(*, words: Iterable[str], signer: Signer) -> int:
    """Trust the keys that a trusted pack announces, as its signer's. Those that somebody here has
    ceased to trust stay so. Returns how many are new."""
    known = {*trusted_keys(), *TrustedKey.objects.values_list("key_id", flat=True)}
    new = [each for each in words if id_of(public_key(each)) not in known]
    for each in new:
        trust_key(words=each, city=signer.city, by=None, announced_by=signer.key_id)
    return len(new)


@transaction.atomic
def cease_to_trust(*, key_id: str) -> None:
    """Raises PackError where it is not trusted."""
    if key_id not in trusted_keys():
        raise PackError(_("没有相信过这个公钥：%(key)s") % {"key": key_id})
    known = trusted_keys()[key_id]
    TrustedKey.objects.update_or_create(
        key_id=key_id,
        defaults={"ended_at": timezone.now()},
        create_defaults={
            "public_key": in_words(known.key),
            "city": known.city,
            "ended_at": timezone.now(),
        },
    )
