"""What a report is asked: of which unit, for which period, of which classes."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar
from urllib.parse import urlencode

from django.db.models import TextChoices
from django.utils import timezone

from courses.choices import Subject
from lms.classes.choices import ClassKind
from lms.reports.choices import Split
from lms.statistics.choices import PeriodKind, Tree
from lms.statistics.periods import Period
from lms.units.models import Unit

Choice = TypeVar("Choice", bound=TextChoices)


@dataclass(frozen=True)
class Question:
    """`kind` and `subject` None: all of them; `subject` "": classes that have none."""

    unit: Unit
    period: Period
    tree: Tree = Tree.TODAY
    kind: ClassKind | None = None
    subject: str | None = None
    split: Split = Split.NONE

    def but(self, **changes: Any) -> Self:
        return replace(self, **changes)

    @property
    def is_filtered(self) -> bool:
        """Then people cannot be counted: one may be in classes of several kinds."""
        return self.kind is not None or self.subject is not None

    @property
    def query(self) -> str:
        """As the address says it, without what goes without saying."""
        said = {
            "period": self.period.slug,
            "tree": "" if self.tree == Tree.TODAY else self.tree.value,
            "kind": self.kind.value if self.kind else "",
            "subject": self.subject or "",
            "split": self.split.value,
        }
        return urlencode({name: word for name, word in said.items() if word})

    @property
    def words(self) -> list[str]:
        """Of which classes alone, for the head of a file or a sheet."""
        chosen = [self.kind.label] if self.kind else []
        if self.subject:
            chosen.append(Subject(self.subject).label)
        return [str(word) for word in chosen]


def read_question(unit: Unit, said: Mapping[str, str]) -> Question:
    """Of an address; the running month when it names no period. Raises ValueError for a word that
    is none of ours: a figure under a wrong heading is worse than none."""
    slug = said.get("period")
    running = Period.of(PeriodKind.MONTH, timezone.localdate())
    return Question(
        unit=unit,
        period=Period.from_slug(slug) if slug else running,
        tree=_chosen(Tree, said.get("tree")) or Tree.TODAY,
        kind=_chosen(ClassKind, said.get("kind")),
        subject=_chosen(Subject, said.get("subject")),
        split=_chosen(Split, said.get("split")) or Split.NONE,
    )


def _chosen(choices: type[Choice], word: str | None) -> Choice | None:
    return choices(word) if word else None
