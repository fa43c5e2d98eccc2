"""One cell of an office's table: kept as it came, and read into what a row of the ledger holds."""

import re
from calendar import monthrange
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _

from lms.rosters.cells import UnclearCell, as_written
from lms.rosters.spreadsheets import Formula, Value

#: As a row keeps it in JSON: what kind it is, and its value.
Kept = list[Any]
WRITTEN_SHOWN = 40  # characters of what was written, in a complaint
FIRST_YEAR, LAST_YEAR = 2000, 2200
#: What stands under 办结 and says that it is not done.
NOT_DONE = re.compile(r"(否|未|没|无|不|待|正在|进行|办理中|推进|[-—/×xX])")
DONE = re.compile(r"(是|已|完成|办结|√|✓|✔|\d{4})")
SHARE_AHEAD = re.compile(r"(\d{1,3})\s*[%％]\s*[，,；;]?\s*")
DAY = re.compile(
    r"(?P<year>\d{4})\s*(?:年|[-/.])\s*(?:(?P<month>\d{1,2})\s*(?:月|[-/.]|$)\s*(?:(?P<day>\d{1,2})\s*日?)?)?"
)


def keep(value: Value) -> Kept | None:
    """None for an empty cell. Raises UnclearCell for what a table of words does not hold."""
    if value in (None, ""):
        return None
    if isinstance(value, Formula):
        raise UnclearCell(_("是公式，没有算。请选中这一列，复制，再“选择性粘贴”成“数值”。"))
    if isinstance(value, time | timedelta):
        raise UnclearCell(_("是钟点，不是日子。请写成2026-12-31这样。"))
    if isinstance(value, datetime):
        return ["d", value.isoformat()]
    if isinstance(value, date):
        return ["d", datetime.combine(value, time()).isoformat()]
    return ["n", value] if isinstance(value, bool | int | float) else ["s", value]


def kept_value(kept: Kept | None) -> Value:
    """A day without an hour comes out as a date."""
    if kept is None:
        return None
    kind, value = kept
    if kind != "d":
        return value
    moment = datetime.fromisoformat(value)
    return moment if moment.time() != time() else moment.date()


def text_of(value: Value) -> str:
    """As a person reads the cell."""
    return as_written(value)


def words_from(value: Value, *, most: int) -> str:
    """Raises UnclearCell."""
    words = text_of(value)
    if len(words) > most:
        raise UnclearCell(
            _("有%(count)d个字，最多%(most)d个。请写短一点，细节放进佐证。")
            % {"count": len(words), "most": most}
        )
    return words


def due_from(value: Value, *, most: int) -> tuple[str, date | None]:
    """The words, blank where it is a day alone; and the last day that they mean, None where none
    can be told (长期坚持). Raises UnclearCell."""
    if isinstance(value, datetime):
        return "", value.date()
    if isinstance(value, date):
        return "", value
    words = words_from(value, most=most)
    return words, last_day_of(words)


def last_day_of(words: str) -> date | None:
    """2021年底前 is its last day, 2022年6月 the last of June; of a span the later one."""
    days = [each for each in map(_day, DAY.finditer(words)) if each is not None]
    if not days and re.fullmatch(r"\d{4}", words.strip()):
        days = [date(int(words), 12, 31)] if FIRST_YEAR <= int(words) <= LAST_YEAR else []
    return max(days, default=None)


def _day(found: re.Match[str]) -> date | None:
    year, month = int(found["year"]), int(found["month"] or 12)
    if not (FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12):
        return None
    last = monthrange(year, month)[1]
    day = int(found["day"] or last)
    return date(year, month, day) if 1 <= day <= last else None


def progress_from(value: Value, *, most: int) -> tuple[int | None, str]:
    """In hundredths, None where none are told, and the words beside. Raises UnclearCell."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        share = round(value * 100) if 0 <= value <= 1 else round(value)
        if not 0 <= share <= 100:
            raise UnclearCell(
                _("“%(written)s”不像完成了多少，请写0%%到100%%，或者写一句话。")
                % {"written": text_of(value)[:WRITTEN_SHOWN]}
            )
        return share, ""
    words = words_from(value, most=most)
    found = SHARE_AHEAD.match(words)
    if found is None or int(found[1]) > 100:
        return None, words
    return int(found[1]), words[found.end() :]


def says_done(words: str) -> bool:
    """Whether what stands under 办结 says that it is."""
    text = words.strip()
    return bool(text) and NOT_DONE.match(text) is None and DONE.search(text) is not None
