"""Problems and remedies: a table of them, questions and answers, or a problem a heading."""

from dataclasses import dataclass, field

from lms.manuals.exchange.originals import signs
from lms.manuals.exchange.originals.drafted import DraftedTrouble
from lms.manuals.exchange.originals.guesses import doubt
from lms.manuals.exchange.originals.items import Grid, GridCell, Item, Omission, Passage, Shot
from lms.manuals.exchange.originals.signs import joined

#: Characters of a line that names a problem.
LONGEST_PROBLEM = 40


@dataclass
class TroublesRead:
    troubles: list[DraftedTrouble] = field(default_factory=list)
    doubts: list[Omission] = field(default_factory=list)


def is_table_of(rows: list[list[GridCell]]) -> bool:
    """By its first row: a problem in one column, what to do in another."""
    head = [cell.text for cell in rows[0]]
    return (
        len(rows) > 1
        and len(head) > 1
        and all(len(text) <= 16 for text in head)
        and any(signs.TROUBLE_HEAD.search(text) for text in head)
        and any(signs.REMEDY_HEAD.search(text) for text in head)
    )


def of_rows(rows: list[list[GridCell]], page: int) -> list[DraftedTrouble]:
    """Of a table with a head. A problem that stands over several rows is that of each."""
    head = [cell.text for cell in rows[0]]
    remedies = [n for n, text in enumerate(head) if signs.REMEDY_HEAD.search(text)]
    problems = [n for n, text in enumerate(head) if signs.TROUBLE_HEAD.search(text)]
    problem_at = next((n for n in problems if n != remedies[-1]), 0)
    found: list[DraftedTrouble] = []
    for row in rows[1:]:
        if len(row) < 2:
            continue
        problem = row[problem_at].text if problem_at < len(row) else ""
        remedy = row[min(remedies[-1], len(row) - 1)].text
        if not problem and found:
            found[-1].remedy = joined(found[-1].remedy, remedy)
        elif problem or remedy:
            found.append(DraftedTrouble(unnumbered(problem), unnumbered(remedy), page))
    return found


def unnumbered(text: str) -> str:
    numbered = signs.numbering_of(text)
    return numbered.rest if numbered else signs.BULLET.sub("", text).strip()


def read(items: list[Item], *, problem: str = "") -> TroublesRead:
    """Of a section about troubles. problem: the section's heading where that names one."""
    found = TroublesRead()
    if problem:
        page = next((item.page for item in items), 0)
        found.troubles.append(DraftedTrouble(problem, "", page))
    for item in items:
        if isinstance(item, Grid):
            read_table(item, found)
        elif isinstance(item, Shot):
            found.doubts.append(doubt("picture_of_nothing", item.page))
        else:
            read_line(item, found, answers=bool(problem))
    for each in [each for each in found.troubles if not each.remedy]:
        found.troubles.remove(each)
        found.doubts.append(doubt("no_remedy", each.page, each.problem))
    return found


def read_table(grid: Grid, found: TroublesRead) -> None:
    rows = [row for row in grid.rows if any(cell.text for cell in row)]
    if rows and is_table_of(rows):
        found.troubles += of_rows(rows, grid.page)
    elif rows and all(len(row) == 2 for row in rows):
        found.troubles += [
            DraftedTrouble(unnumbered(row[0].text), unnumbered(row[1].text), grid.page)
            for row in rows
            if row[0].text and row[1].text
        ]
    else:
        found.doubts.append(doubt("table", grid.page, rows[0][0].text if rows else ""))


def read_line(item: Passage, found: TroublesRead, *, answers: bool) -> None:
    """answers: whatever is said is the remedy."""
    text = item.text.strip()
    last = found.troubles[-1] if found.troubles else None
    if not text:
        return
    if asked := signs.ASKED.match(text):
        found.troubles.append(DraftedTrouble(text[asked.end() :], "", item.page))
    elif (answered := signs.ANSWERED.match(text)) and last:
        last.remedy = joined(last.remedy, text[answered.end() :])
    elif answers and last:
        last.remedy = joined(last.remedy, unnumbered(text))
    elif pair := problem_and_remedy(unnumbered(text)):
        found.troubles.append(DraftedTrouble(*pair, item.page))
    elif begins_one(item, text, last):
        found.troubles.append(DraftedTrouble(unnumbered(text), "", item.page))
    elif last:
        last.remedy = joined(last.remedy, unnumbered(text))
    else:
        found.doubts.append(doubt("sentence", item.page, text))


def problem_and_remedy(text: str) -> tuple[str, str] | None:
    """Of a line that has both: 屏幕不亮：换四节新电池。"""
    for between in ("：", "——", "？", "→", "?", ": "):
        problem, found, remedy = text.partition(between)
        if found and 2 <= len(problem) <= LONGEST_PROBLEM and len(remedy.strip()) >= 4:
            return problem.strip(), remedy.strip()
    return None


def begins_one(item: Passage, text: str, last: DraftedTrouble | None) -> bool:
    if len(unnumbered(text)) > LONGEST_PROBLEM:
        return False
    is_first = last is None or bool(last.remedy)
    return is_first and bool(
        item.strong
        or item.listed
        or signs.numbering_of(text)
        or text.endswith(("？", "?"))
        or item.level is not None
        or signs.BULLET.match(text)
    )
