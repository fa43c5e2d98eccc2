"""A report's table as a file that spreadsheets open."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from lms import tables
from lms.reports.table import Table


@dataclass(frozen=True)
class Heading:
    """What a file says of itself above its table."""

    title: str
    unit: str
    period: str
    words: Sequence[str]
    made_at: datetime

    @property
    def lines(self) -> list[str]:
        made = f"{timezone.localtime(self.made_at):%Y-%m-%d %H:%M}"
        return [
            self.title,
            " · ".join([self.unit, self.period, *self.words]),
            _("%(made)s制表") % {"made": made},
        ]

    @property
    def file_name(self) -> str:
        """Without its suffix; no sign that a disk or an archive refuses."""
        return re.sub(r'[\s\\/:*?"<>|]+', "_", f"{self.title}-{self.unit}-{self.period}")


def write_csv(table: Table) -> bytes:
    """The headings, the rows and what is said of them all; nothing of the heading."""
    return tables.write_csv(table.columns, [row.values for row in (*table.rows, *table.foot)])


def write_xlsx(table: Table, heading: Heading) -> bytes:
    sheet = tables.Sheet(
        title=heading.title,
        above=heading.lines,
        columns=table.columns,
        rows=[row.values for row in table.rows],
        foot=[row.values for row in table.foot],
        remarks=[*filter(None, [table.sentence]), *table.remarks],
    )
    return tables.write_xlsx(sheet)
