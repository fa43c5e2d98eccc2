"""Telephone numbers: how people write them, how they are kept, how they are shown."""

import re
import unicodedata

from django.utils.translation import gettext as _

#: As kept, the number of a mobile telephone of the Chinese mainland (E.164).
KEPT = re.compile(r"\+861[3-9][0-9]{9}")
TYPED_MAX = 24  # characters; with a country code and blanks between the groups
DIGITS = 11


class TelephoneRefused(ValueError):
    """A number to which no short message can be sent; the text says what to write."""


def plain_telephone(typed: str) -> str:
    """What was typed in half width, without blanks and China's country code, and with one dash
    wherever there were dashes or brackets. It need not be a number at all."""
    text = re.sub(r"\s", "", unicodedata.normalize("NFKC", typed))
    text = re.sub(r"[-()‐-―]+", "-", text).strip("-")
    return re.sub(r"^((\+|00)86-?|86-?(?=(-?[0-9]){11}$))", "", text)


def normalised(typed: str) -> str:
    """The number as it is kept, whether typed with a country code, blanks, dashes, dots or
    full-width digits. Raises TelephoneRefused."""
    number = plain_telephone(re.sub(r"[.·]", "-", typed[:TYPED_MAX])).replace("-", "")
    country, national = re.fullmatch(r"(\+|00)?(.*)", number, re.DOTALL).groups()  # type: ignore[union-attr]
    if not re.fullmatch(r"[0-9]*", national):
        raise TelephoneRefused(_("手机号里只有数字，请再看一遍。"))
    if country:
        raise TelephoneRefused(_("现在只能用中国大陆的手机号，就是1开头的11个数字。"))
    if not national:
        raise TelephoneRefused(_("请写手机号。"))
    if national.startswith("0"):
        raise TelephoneRefused(_("座机收不到短信，请写手机号，就是1开头的11个数字。"))
    if len(national) != DIGITS:
        raise TelephoneRefused(
            _("手机号是11个数字，您写了%(count)d个，请再看一遍。") % {"count": len(national)}
        )
    if not KEPT.fullmatch("+86" + national):
        raise TelephoneRefused(_("这不像手机号，请再看一遍。手机号是1开头的11个数字。"))
    return "+86" + national


def in_groups(number: str) -> str:
    """A kept number as people read it: 199 0000 0001."""
    national = number.removeprefix("+86")
    return f"{national[:3]} {national[3:7]} {national[7:]}"


def masked(number: str) -> str:
    """A kept number of which a passer-by reads too little: 199 **** 0001."""
    national = number.removeprefix("+86")
    return f"{national[:3]} **** {national[7:]}"
