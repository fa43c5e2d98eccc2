"""What the check of plain language says of a page: advice while it is written, a stop only for
publishing it. A page that is published stays so, and the starter's are loaded without asking."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.blocks import (
    BlockField,
    StreamBlockValidationError,
    StreamValue,
    StructBlockValidationError,
)
from wagtail.blocks.list_block import ListBlockValidationError, ListValue
from wagtail.fields import StreamField
from wagtail.models import get_page_models

from courses.readability.city_words import current_words
from courses.readability.findings import Finding, FindingPlace
from courses.readability.patterns import sentences_of
from courses.readability.sentences import NOTHING_KNOWN, SentenceChecker

#: A text of many sentences, each of which is heard once.
SPOKEN: Final = "spoken"
#: What learners read or hear, in the order in which they do: field of a page, or of a block in it →
#: a name of FIELD_LIMITS. Left out is what others say: buttons of the pretend phone, the messages
#: of a drill, the name of who sent them; learners' stories.
FIELDS: Final[dict[str, Any]] = {
    "title": "title",
    "goal": "expected",
    "introduction": "remedy",
    "about": SPOKEN,
    "steps": {"words": "words"},
    "practice_text": "remedy",
    "quizzes": {"question": "expected", "options": "expected", "why": "remedy"},
    "screens": {
        "title": "title",
        "say": "words",
        "hint": "expected",
        "description": "scene",
        "widgets": {"miss": "expected"},
        "areas": {"miss": "expected"},
    },
    "items": {"sign": "remedy", "advice": "remedy"},
    "fraud_line": "warning",
    "offline_route": "remedy",
    "narration": SPOKEN,
}
#: In these a word is known once an earlier step, question or sentence explained it. The others
#: stand alone somewhere: on a tile, on the first page.
IN_A_ROW: Final = ("steps", "quizzes", "screens", "items", "narration")
#: What publishes a page, or asks somebody to.
PUBLISHING: Final = ("action-publish", "action-submit", "action-restart-workflow")


@dataclass(frozen=True)
class PlainFinding:
    finding: Finding
    #: Where, as the form calls it.
    label: str
    #: From the page's field on: names of blocks' fields, and places in lists from 0.
    way: tuple[str | int, ...]
    #: The same as Wagtail's editor has it (`data-contentpath`).
    contentpath: str


@dataclass(frozen=True)
class JudgedText:
    """A piece of text, and where it stands; as in PlainFinding."""

    text: str
    like: str
    label: str
    way: tuple[str | int, ...]
    contentpath: str

    def below(self, *, label: str, way: str | int, contentpath: str) -> "JudgedText":
        """A place in it, whose text is not known yet."""
        names = [each for each in (self.label, label) if each]
        path = f"{self.contentpath}.{contentpath}"
        return JudgedText("", "", " · ".join(names), (*self.way, way), path)


def findings_of(page: Any) -> list[PlainFinding]:
    """In the order of reading."""
    return findings_in(
        type(page), {name: getattr(page, name) for name in judged_fields(type(page))}
    )


def judged_fields(model: Any) -> list[str]:
    names = {field.name for field in model._meta.get_fields()}
    return [name for name in FIELDS if name in names]


def findings_in(model: Any, values: Mapping[str, Any]) -> list[PlainFinding]:
    """values: by the names of `judged_fields`, checked or not."""
    checker = SentenceChecker(current_words())
    found: list[PlainFinding] = []
    known = NOTHING_KNOWN
    for name in judged_fields(model):
        for part in parts_of(model, name, values.get(name)):
            in_a_row = name in IN_A_ROW
            findings = checker.field(
                part.text, FindingPlace(part.like), known=known if in_a_row else NOTHING_KNOWN
            )
            found += [
                PlainFinding(each, part.label, part.way, part.contentpath) for each in findings
            ]
            if in_a_row:
                known |= checker.words.explained_in(part.text)
    return found


def parts_of(model: Any, name: str, value: Any) -> Iterator[JudgedText]:
    """The texts in a page's field."""
    like = FIELDS[name]
    label = str(model._meta.get_field(name).verbose_name)
    if like == SPOKEN:
        for number, sentence in enumerate(sentences_of(value or ""), 1):
            said = _("%(field)s第%(number)d句") % {"field": label, "number": number}
            yield JudgedText(sentence, SPOKEN, said, (name,), name)
    elif isinstance(like, str):
        yield JudgedText(value or "", like, label, (name,), name)
    else:
        for number, child in enumerate(value or ()):
            place = JudgedText("", "", nth(name, number + 1), (name, number), f"{name}.{child.id}")
            yield from parts_in(child.value, like, place)


def nth(name: str, number: int) -> str:
    """One of a page's steps, questions, screens or messages."""
    words = {
        "steps": _("第%(number)d步"),
        "quizzes": _("第%(number)d题"),
        "screens": _("第%(number)d屏"),
        "items": _("第%(number)d条"),
    }
    return words[name] % {"number": number}


def parts_in(value: Any, like: Any, place: JudgedText) -> Iterator[JudgedText]:
    """like: a name of FIELD_LIMITS, or a dict of these for the fields of a block."""
    if isinstance(value, ListValue):
        name = str(value.list_block.child_block.label)
        for number, child in enumerate(value.bound_blocks):
            label = f"{name}{number + 1}"
            below = place.below(label=label, way=number, contentpath=str(child.id))
            yield from parts_in(child.value, like, below)
    elif isinstance(like, str):
        yield JudgedText(str(value or ""), like, place.label, place.way, place.contentpath)
    else:
        for name in like:
            if name in value:
                block = value.block.child_blocks[name]
                is_list = isinstance(value[name], ListValue)
                label = "" if is_list or len(like) == 1 else str(block.label)
                below = place.below(label=label, way=name, contentpath=name)
                yield from parts_in(value[name], like[name], below)


@require_POST
def judge(request: HttpRequest, kind: str) -> HttpResponse:
    """What is found in the fields of a page's form as they stand, saved or not, complete or not.
    kind: the model's name, since a page that is being added has nothing else yet."""
    model: Any = {each._meta.model_name: each for each in get_page_models()}.get(kind)
    if not getattr(model, "is_judged", False):
        raise Http404
    values = {}
    for name in judged_fields(model):
        field = model._meta.get_field(name)
        if not isinstance(field, StreamField):
            values[name] = request.POST.get(name, "")
            continue
        try:
            values[name] = field.stream_block.value_from_datadict(request.POST, {}, name)
        except (LookupError, ValueError):  # no form of ours
            return HttpResponseBadRequest()
    context = {"findings": findings_in(model, values)}
    return render(request, "courses/admin/plain_findings.html", context)


class PageForm(WagtailAdminPageForm):
    """The form of every page. Saving is always possible; publishing is not while something stops
    it. Without a slug the page makes one of its title. A new page opens with as many empty blocks
    as it needs, since Wagtail would say in red that they are missing."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "slug" in self.fields:
            self.fields["slug"].required = False
        for name, field in self.fields.items():
            if isinstance(field, BlockField) and self.instance.pk is None:
                self.initial[name] = empty_blocks(field.block)

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        is_published = any(self.data.get(name) for name in PUBLISHING)
        if is_published and self.instance.is_judged and not self.errors:
            self._stop(cleaned)
        return cleaned

    def _stop(self, cleaned: dict[str, Any]) -> None:
        model = type(self.instance)
        values = {
            name: cleaned.get(name, getattr(self.instance, name)) for name in judged_fields(model)
        }
        stops = [found for found in findings_in(model, values) if found.finding.stops]
        for name, told in by_place(stops).items():
            self.add_error(name, error_in(values[name], told))


def empty_blocks(block: Any) -> StreamValue:
    """As many as there must be, where there is one kind only; else its editor chooses."""
    if len(block.child_blocks) > 1:
        return StreamValue(block, [])
    [(kind, child)] = block.child_blocks.items()
    least = range(block.meta.min_num or 0)
    return StreamValue(block, [(kind, child.get_default()) for _number in least])


def by_place(findings: list[PlainFinding]) -> dict[str, Any]:
    """What is said, in dicts as deep as the ways; a list at the end of each."""
    places: dict[str, Any] = {}
    for found in findings:
        here: Any = places
        for step in found.way[:-1]:
            here = here.setdefault(step, {})
        here.setdefault(found.way[-1], []).append(found.finding.message)
    return places


def error_in(value: Any, told: Any) -> ValidationError:
    """Shown at each of the places. told: as by_place has it."""
    if isinstance(told, list):
        return ValidationError(told)
    if isinstance(value, StreamValue):
        errors = {number: error_in(value[number].value, below) for number, below in told.items()}
        return StreamBlockValidationError(block_errors=errors)
    errors = {name: error_in(value[name], below) for name, below in told.items()}
    if isinstance(value, ListValue):
        return ListBlockValidationError(block_errors=errors)
    return StructBlockValidationError(block_errors=errors)
