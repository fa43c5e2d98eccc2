"""A manual's printed code as people type it from a box."""

import unicodedata
from itertools import product

from lms.manuals.models.manuals import SHORT_CODE_LENGTH, SHORT_CODE_SIGNS

#: Signs that no code has, and those of codes that they are taken for.
TAKEN_FOR = {
    "0": "DQ", "O": "DQ", "1": "JT", "I": "JT", "L": "TJ", "S": "5", "Z": "2", "U": "V", "E": "F",
    "A": "4",
}  # fmt: skip


def signs_of(typed: str) -> str:
    """In narrow capitals, without blanks and hyphens: VKJN3P of "vkj-n3p"."""
    narrow = unicodedata.normalize("NFKC", typed).upper()
    return "".join(sign for sign in narrow if sign.isascii() and sign.isalnum())


def codes_meant(typed: str) -> list[str]:
    """The codes that may have been meant; none when it is too short or too long for one."""
    signs = signs_of(typed)
    if len(signs) != SHORT_CODE_LENGTH:
        return []
    meant = (sign if sign in SHORT_CODE_SIGNS else TAKEN_FOR[sign] for sign in signs)
    return ["".join(code) for code in product(*meant)]
