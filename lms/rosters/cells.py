"""One cell of a list of learners: a name, a year of birth, a telephone, a number, as people write
them, put right or refused in words.
"""

import re
import unicodedata
from datetime import date, datetime

from django.utils.translation import gettext as _

from lms.accounts.telephones import plain_telephone
from lms.people.models import NUMBER_LENGTH, is_learner_number
from lms.people.names import clean_name
from lms.rosters.spreadsheets import Formula, Value

NAME_MOST = 40  # characters, and below years, as the register holds them
FIRST_YEAR, LAST_YEAR = 1900, 2020
WRITTEN_SHOWN = 40  # characters of what was written, in a complaint
OLD_IDENTITY_PLACES = 15
CHINESE_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")
#: What stands under a list rather than in it.
NOT_NAMES = re.compile(r"(合计|总计|小计|共计|备注|说明|制表|填表|审核|注[:：])")


class UnclearCell(ValueError):
    """A cell that cannot be understood; the text says what to write."""


def as_written(value: Value) -> str:
    """As a person sees it in the cell."""
    if value is None:
        return ""
    if isinstance(value, Formula):
        return value.text
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return str(value.date())
    return str(value)


def half_width(text: str) -> str:
    """Digits, letters and blanks of full width put right; Chinese characters stay untouched."""
    return re.sub(
        r"[\uff01-\uff5e\u3000\u00a0]",
        lambda match: unicodedata.normalize("NFKC", match[0]),
        text,
    )


def name_from(value: Value) -> str:
    """Raises UnclearCell."""
    name = clean_name(half_width(as_written(value)))
    if not name:
        raise UnclearCell(_("没有写。"))
    if not isinstance(value, str) or NOT_NAMES.match(name) or not all(map(_is_of_a_name, name)):
        raise UnclearCell(_("“%(name)s”不像姓名。") % {"name": name[:NAME_MOST]})
    if len(name) > NAME_MOST:
        raise UnclearCell(_("超过%(most)d个字。") % {"most": NAME_MOST})
    return name


def _is_of_a_name(character: str) -> bool:
    """Letters of any script, the dots between parts of a name, and the rare characters that old
    systems keep in places of their own."""
    category = unicodedata.category(character)
    return category[0] in "LM" or category == "Co" or character in "·•‧.-' "


def birth_year_from(value: Value) -> tuple[int | None, bool]:
    """The year, None where nothing is written; and whether a whole date was. Raises UnclearCell."""
    if value in (None, ""):
        return None, False
    written = as_written(value)
    unclear = UnclearCell(
        _("“%(written)s”看不懂，请写四位数字，如1950。") % {"written": written[:WRITTEN_SHOWN]}
    )
    if isinstance(value, date):  # a datetime is one
        year, was_date = value.year, True
    elif isinstance(value, bool) or not isinstance(value, int | float | str):
        raise unclear
    else:
        text = re.sub(r"\s", "", half_width(written)).translate(CHINESE_DIGITS)
        match = re.fullmatch(
            r"(\d{4})(?:年?(?:出?生)?|(?:年|[-/.])\d{1,2}(?:月?|(?:月|[-/.])\d{1,2}[日号]?)(?:出?生)?"
            r"|(?:0[1-9]|1[0-2])(?:\d{2})?)(?:[T ]?00:00(?::00)?)?",
            text,
            re.ASCII,
        )
        if match is None:
            raise unclear
        year, was_date = int(match[1]), len(re.sub(r"\D", "", text)) > len("1950")
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise UnclearCell(
            _("“%(written)s”不像出生年份，应在%(first)d到%(last)d之间。")
            % {"written": written[:WRITTEN_SHOWN], "first": FIRST_YEAR, "last": LAST_YEAR}
        )
    return year, was_date


def telephone_from(value: Value) -> str:
    """Digits, and the dashes of a line in a house. Raises UnclearCell."""
    if value in (None, ""):
        return ""
    written = as_written(value)
    text = plain_telephone(written)
    digits = text.replace("-", "")
    if re.fullmatch(r"1[0-9]{10}", digits):
        return digits
    if (
        isinstance(value, bool)
        or not re.fullmatch(r"[0-9]+(-[0-9]+)*", text)
        or not 5 <= len(text) <= 20
    ):
        raise UnclearCell(
            _("“%(written)s”看不懂，请只写一个号码，只用数字，如13800000000。")
            % {"written": written[:WRITTEN_SHOWN]}
        )
    return text


def number_from(value: Value) -> str:
    """A learner's number; spreadsheets drop zeros in front. Raises UnclearCell."""
    if value in (None, ""):
        return ""
    text = re.sub(r"[\s-]", "", half_width(as_written(value)))
    number = text.zfill(NUMBER_LENGTH)
    if not (text.isascii() and text.isdigit() and is_learner_number(number)):
        raise UnclearCell(
            _("“%(written)s”不是学员号，请对着学员卡再看一遍，没有就空着。")
            % {"written": as_written(value)[:WRITTEN_SHOWN]}
        )
    return number


def holds_identity_number(value: Value) -> bool:
    """Something that looks like an identity-card number, of 18 places or, as before 1999, of 15."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return 10**14 <= abs(value) < 10**15 or 10**17 <= abs(value) < 10**18
    text = value.text if isinstance(value, Formula) else value
    if not isinstance(text, str) or len(text) < OLD_IDENTITY_PLACES:
        return False
    text = re.sub(r"[\s'’-]", "", unicodedata.normalize("NFKC", text))
    return bool(re.search(r"(?<![0-9])[1-9][0-9]{14}([0-9]{2}[0-9Xx])?(?![0-9Xx])", text))
