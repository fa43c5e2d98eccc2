"""A signed return as files: PDF with a place for the seal, XLSX of the city's form or our own."""

from collections.abc import Sequence

from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from courses.paper import lay_out
from lms.returns.choices import Punctuality, ReturnState
from lms.returns.city_form import approval_of, filled_in, values_of
from lms.returns.figures import LABELS
from lms.returns.models import Return, ReturnTemplate, Snapshot
from lms.tables import Column, Shape, Sheet, Value, on_the_wall, write_xlsx

#: Figures of the units below that fit across a page.
BELOW = ("planned", "held", "attendances", "headcount", "learners")


def pdf_of(one: Return, snapshot: Snapshot) -> bytes:
    """A4. Raises PaperNotReady."""
    told = snapshot.told
    return lay_out(
        render_to_string(
            "returns/paper.html",
            {
                "one": one,
                "snapshot": snapshot,
                "told": told,
                "figures": [(label, told["figures"][name]) for name, label in LABELS.items()],
                "heads": [LABELS[name] for name in BELOW],
                "below": [
                    (line, _state_of(line), [_figure(line, name) for name in BELOW])
                    for line in told["tree"]["below"]
                ],
                "approval": approval_of(snapshot),
            },
        )
    )


def _figure(line: dict, name: str) -> Value:
    return line["figures"][name] if line["figures"] else None


def _state_of(line: dict) -> str:
    """How a unit below stood when it was signed, and how it kept its day."""
    if line["state"] == ReturnState.MISSING:
        return str(ReturnState.MISSING.label)
    return str(Punctuality(line["punctuality"]).label)


def xlsx_of(one: Return, snapshot: Snapshot, template: ReturnTemplate | None) -> bytes:
    """In the city's form where there is one. Raises ReturnRefused when that cannot be opened."""
    if template is not None:
        return filled_in(bytes(template.content), values_of(one, snapshot))
    return write_xlsx(_own_form(one, snapshot))


def _own_form(one: Return, snapshot: Snapshot) -> Sheet:
    told = snapshot.told
    columns = [
        Column("unit", gettext_lazy("单位"), Shape.WORDS),
        Column("code", gettext_lazy("区划代码"), Shape.DIGITS),
        Column("state", gettext_lazy("报送"), Shape.SHORT),
        *(Column(name, label) for name, label in LABELS.items()),
        Column("reason", gettext_lazy("缺报原因"), Shape.REMARK),
    ]
    rows: list[Sequence[Value]] = [
        [
            line["name"],
            line["code"],
            _state_of(line),
            *(_figure(line, name) for name in LABELS),
            line["reason"] or None,
        ]
        for line in told["tree"]["below"]
    ]
    whole = [told["figures"][name] for name in LABELS]
    return Sheet(
        title=f"{one.period.label}月报",
        above=[f"{one.unit_name} {one.period.label}月报"],
        columns=columns,
        rows=rows,
        foot=[[one.unit_name, told["unit"]["code"], None, *whole, None]],
        remarks=[*_words_of(told), *_signature_of(snapshot)],
    )


def _words_of(told: dict) -> list[str]:
    said = [
        (_("情况说明：%(words)s"), told["explanation"]),
        (_("备注：%(words)s"), told["remarks"]),
    ]
    return [sentence % {"words": words} for sentence, words in said if words]


def _signature_of(snapshot: Snapshot) -> list[str]:
    at = f"{on_the_wall(snapshot.made_at):%Y-%m-%d %H:%M}"
    return [
        _("签报：%(name)s，%(at)s") % {"name": snapshot.told["signed_name"], "at": at},
        _("校验码：%(digest)s") % {"digest": snapshot.digest},
    ]
