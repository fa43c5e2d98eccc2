"""What the check of plain language finds: the rule, the place, what to change."""

from dataclasses import dataclass
from enum import StrEnum


class Rule(StrEnum):
    """What a finding is about. Those in ADVICE stop nothing."""

    LONG = "long"
    JARGON = "jargon"
    LATIN = "latin"
    SELLING = "selling"
    BLANK = "blank"
    PICTURE = "picture"
    ALT = "alt"
    MANY_STEPS = "many-steps"
    SEE = "see"
    TELEPHONE = "telephone"
    CHECKED = "checked"
    SUBTITLES = "subtitles"
    WARNING = "warning"
    LONGISH = "longish"
    HALF_KNOWN = "half-known"
    QUOTED_JARGON = "quoted-jargon"
    TWO_ACTIONS = "two-actions"
    WINDING = "winding"
    OFFICIALESE = "officialese"
    MANYISH_STEPS = "manyish-steps"
    PART_NOT_TASK = "part-not-task"
    LATE_WARNING = "late-warning"


ADVICE = frozenset(
    {
        Rule.LONGISH,
        Rule.HALF_KNOWN,
        Rule.QUOTED_JARGON,
        Rule.TWO_ACTIONS,
        Rule.WINDING,
        Rule.OFFICIALESE,
        Rule.MANYISH_STEPS,
        Rule.PART_NOT_TASK,
        Rule.LATE_WARNING,
    }
)
#: Rules about a word, which a writer may answer with the reason why it is right here.
ANSWERABLE = frozenset({Rule.JARGON, Rule.LATIN, Rule.SELLING})


@dataclass(frozen=True)
class FindingPlace:
    """The part and the field that a finding is about."""

    #: The name of the part's field; tasks, steps or picture when these are missing.
    field: str
    #: Of the part; empty for the manual itself.
    key: str = ""
    #: Numbers from 1; None when it is not about a task or a step.
    task: int | None = None
    step: int | None = None


@dataclass(frozen=True)
class Finding:
    rule: Rule
    place: FindingPlace
    #: What to change, in plain Chinese.
    message: str
    #: The words in the text that it is about; empty when it is about the whole.
    found: str = ""
    #: What to write instead of them; empty when there is no suggestion.
    instead: str = ""
    #: `found` as the field has it, perhaps in wide letters, and where it begins there.
    written: str = ""
    start: int = 0
    #: The field's text with `instead` in the place of `found`; empty when that would not read well.
    fix: str = ""
    #: Why the writer says that it is right here; empty without an answer.
    answer: str = ""

    @property
    def stops(self) -> bool:
        """Whether the text cannot be handed in or published because of it."""
        return self.rule not in ADVICE and not self.answer

    @property
    def is_answerable(self) -> bool:
        return self.rule in ANSWERABLE and bool(self.found) and not self.answer
