"""The one-time code by which a box and its city come to know each other's keys.

Sixteen digits, of which the last is a check: four say which box is meant, eleven are the secret.
What is sent bears a MAC by a key that is slowly made of the code, so that the stick may carry it:
whoever finds it would need years of a computer for each, and the code is over within weeks.
"""

import hmac
import json
import secrets
from collections.abc import Mapping
from hashlib import scrypt

from stdnum import damm

DIGITS = 16
WHICH = 4
#: 16 MiB and some 50 ms for each try.
COST = {"n": 2**14, "r": 8, "p": 1}


def new_code() -> str:
    digits = f"{secrets.randbelow(10 ** (DIGITS - 1)):0{DIGITS - 1}d}"
    return digits + str(damm.calc_check_digit(digits))


def plain_code(typed: str) -> str:
    """Without blanks and strokes."""
    return "".join(sign for sign in typed if sign.isdigit() and sign.isascii())


def is_code(code: str) -> bool:
    return len(code) == DIGITS and damm.is_valid(code)


def which(code: str) -> str:
    """The part that is no secret."""
    return code[:WHICH]


def in_groups(code: str) -> str:
    return " ".join(code[start : start + WHICH] for start in range(0, DIGITS, WHICH))


def slow_key(code: str) -> str:
    """In hex; what the city keeps in place of the code."""
    return scrypt(code.encode(), salt=b"yinling box code", dklen=32, **COST).hex()


def mac_of(key: str, said: Mapping[str, object]) -> str:
    """Of everything in it but its own `mac`."""
    plain = {name: value for name, value in said.items() if name != "mac"}
    text = json.dumps(plain, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hmac.new(bytes.fromhex(key), text.encode(), "sha256").hexdigest()


def is_by(key: str, said: Mapping[str, object]) -> bool:
    return hmac.compare_digest(str(said.get("mac", "")), mac_of(key, said))
