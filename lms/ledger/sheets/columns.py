"""The thirteen columns of an office's ledger: their headings, what is read out of a cell, and what
is written into it.

A cell that nobody changed goes out as it came in. What this system adds (evidence, 督办, who closed
it) stands in lines of its own below the office's words, and is not read back as if it were theirs.
Nothing here is for translation: a ledger is in Chinese, whatever language its reader's pages have.
"""

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils import timezone

from lms.ledger.choices import EvidenceKind
from lms.ledger.models import LONG, LONGEST, SHORT, Evidence, Measure, Pressing
from lms.ledger.sheets.cells import (
    due_from,
    kept_value,
    progress_from,
    says_done,
    text_of,
    words_from,
)
from lms.rosters.cells import UnclearCell
from lms.rosters.spreadsheets import Value

Fields = dict[str, Any]


@dataclass(frozen=True)
class LedgerColumn:
    key: str
    #: As people write them, without blanks; the first is the one that we write ourselves.
    headings: tuple[str, ...]
    #: Of the row, that it fills.
    fields: tuple[str, ...]
    #: Raises UnclearCell.
    read: Callable[[Value], Fields]
    #: The field's own, without what the system adds.
    write: Callable[[Measure], Value]

    @property
    def heading(self) -> str:
        return self.headings[0]


def _of_words(key: str, name: str, *headings: str, most: int) -> LedgerColumn:
    def read(value: Value) -> Fields:
        return {name: words_from(value, most=most)}

    def write(measure: Measure) -> Value:
        return getattr(measure, name) or None

    return LedgerColumn(key, headings, (name,), read, write)


def _read_due(value: Value) -> Fields:
    words, day = due_from(value, most=SHORT)
    return {"due_words": words, "due_on": day}


def _write_due(measure: Measure) -> Value:
    return measure.due_words or measure.due_on


def _read_progress(value: Value) -> Fields:
    percent, words = progress_from(value, most=LONGEST)
    return {"percent": percent, "progress": words}


def _write_progress(measure: Measure) -> Value:
    if measure.percent is None:
        return measure.progress or None
    if not measure.progress:
        return measure.percent / 100
    return f"{measure.percent}%，{measure.progress}"


def _read_closed(value: Value) -> Fields:
    words = words_from(value, most=LONG)
    return {"closed_words": words, "is_closed": says_done(words)}


def _write_number(measure: Measure) -> Value:
    number = measure.number
    is_figure = number.isascii() and number.isdigit() and number == str(int(number))
    return int(number) if is_figure else number or None


TASK, CLAUSE, NUMBER = "task", "clause", "number"
COLUMNS = (
    LedgerColumn(
        NUMBER,
        ("序号", "编号", "号"),
        ("number",),
        lambda value: {"number": words_from(value, most=20)},
        _write_number,
    ),
    _of_words(
        CLAUSE, "clause", "政策条款", "条款", "政策依据", "依据", "文件依据", "来源", most=LONG
    ),
    _of_words(
        TASK,
        "task",
        "任务",
        "工作任务",
        "重点任务",
        "任务内容",
        "工作措施",
        "主要任务",
        "具体任务",
        "措施",
        "工作内容",
        "主要措施",
        most=LONGEST,
    ),
    _of_words("target", "target", "指标", "目标", "工作目标", "目标任务", "预期目标", most=LONGEST),
    _of_words(
        "lead", "lead", "牵头单位", "牵头部门", "责任单位", "主责单位", "责任部门", most=LONG
    ),
    _of_words(
        "partners",
        "partners",
        "配合单位",
        "配合部门",
        "协办单位",
        "参与单位",
        "协同单位",
        most=LONGEST,
    ),
    _of_words("person", "person_name", "责任人", "负责人", "联系人", "经办人", most=SHORT),
    LedgerColumn(
        "due",
        ("完成时限", "时限", "完成时间", "办理时限", "截止时间", "时间节点", "完成期限"),
        ("due_words", "due_on"),
        _read_due,
        _write_due,
    ),
    LedgerColumn(
        "progress",
        ("进度", "进展", "工作进展", "进展情况", "完成情况", "落实情况", "推进情况"),
        ("percent", "progress"),
        _read_progress,
        _write_progress,
    ),
    _of_words("evidence", "evidence_words", "佐证", "佐证材料", "证明材料", "附件", most=LONGEST),
    _of_words(
        "problem", "problem", "问题", "存在问题", "困难", "问题和困难", "困难问题", most=LONGEST
    ),
    _of_words("press", "press_words", "督办", "督办情况", "督办意见", most=LONGEST),
    LedgerColumn(
        "closed",
        ("办结", "是否办结", "办结情况", "办结人", "销号", "是否完成"),
        ("closed_words", "is_closed"),
        _read_closed,
        lambda measure: measure.closed_words or None,
    ),
)
BY_KEY = {column.key: column for column in COLUMNS}
#: What goes before the heading of a column that is none of ours, and is kept as it is.
OTHER = "+"


def plain_heading(words: str) -> str:
    """Without what people put around it: 任 务*, 责任人（签字）, 完成时限:"""
    text = "".join(unicodedata.normalize("NFKC", words).split())
    return text.partition("(")[0].strip("*:：")


KEY_OF = {plain_heading(words): column.key for column in COLUMNS for words in column.headings}


@dataclass(frozen=True)
class Beside:
    """What this system knows of a row beside its words, as lines of a cell; by column."""

    lines: Mapping[str, list[str]] = field(default_factory=dict)


def beside(measures: Iterable[Measure]) -> dict[int, Beside]:
    """By row. Two queries."""
    rows = {measure.pk: measure for measure in measures}
    lines: dict[int, dict[str, list[str]]] = {pk: {} for pk in rows}
    for evidence in Evidence.objects.there().filter(measure__in=rows).order_by("added_at", "pk"):
        lines[evidence.measure_id].setdefault("evidence", []).append(_line_of(evidence))
    pressings = Pressing.objects.filter(measure__in=rows).order_by("pressed_on", "pk")
    for pressing in pressings:
        lines[pressing.measure_id].setdefault("press", []).append(_pressed(pressing))
    for pk, measure in rows.items():
        if measure.closed_at is not None and measure.closed_by is not None:
            day = _day(timezone.localdate(measure.closed_at))
            lines[pk]["closed"] = [f"{day} {measure.closed_by.shown_name()}办结"]
    return {pk: Beside(found) for pk, found in lines.items()}


def _line_of(evidence: Evidence) -> str:
    title = _in_one_line(evidence.title)
    return f"{title} {evidence.link}" if evidence.kind == EvidenceKind.LINK else title


def _pressed(pressing: Pressing) -> str:
    said = f"{_day(pressing.pressed_on)} 督办：{_in_one_line(pressing.words)}"
    if pressing.answered_at is None:
        return f"{said}（{_day(pressing.answer_by)}以前答复）"
    answered = _day(timezone.localdate(pressing.answered_at))
    return f"{said}；{answered} 答复：{_in_one_line(pressing.answer)}"


def _day(day: date) -> str:
    return day.isoformat()


def _in_one_line(words: str) -> str:
    return " ".join(words.split())


def cell_of(measure: Measure, column: LedgerColumn, added: Beside) -> Value:
    """What goes into the cell: what came in, where nobody has changed it since."""
    value = _as_it_came(measure, column)
    if value is None:
        value = column.write(measure)
    lines = added.lines.get(column.key, [])
    if not lines:
        return value
    return "\n".join([*([text_of(value)] if value is not None else []), *lines])


def _as_it_came(measure: Measure, column: LedgerColumn) -> Value:
    """None where nothing came, or what came does not say any more what the row says."""
    came = kept_value(measure.cells.get(column.key))
    if came is None:
        return None
    now = {name: getattr(measure, name) for name in column.fields}
    try:
        said = column.read(came)
    except UnclearCell:
        return None
    if "is_closed" in said and measure.closed_at is not None:
        said["is_closed"] = True  # it was closed here, and the words stayed
    return came if said == now else None


def other_cell_of(measure: Measure, heading: str) -> Value:
    """Of a column that is the office's own."""
    return kept_value(measure.cells.get(heading))


def without_added(value: Value, column: LedgerColumn, added: Beside) -> Value:
    """The office's own words of a cell: without the lines that this system had put below them."""
    lines = added.lines.get(column.key, [])
    if not lines or not isinstance(value, str):
        return value
    kept = [line for line in value.split("\n") if line.strip() not in lines]
    return "\n".join(kept) or None
