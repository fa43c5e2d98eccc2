"""A drill that asks no server: each message as a question and as explained, and the ends.

Drawing and counting a round is done in the page (static/packs/drill-round.js), which fills in links
and numbers.
"""

from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any, Final

from django.utils.translation import gettext as _
from wagtail.models import Page

from courses.blocks.drill import items_of
from courses.drill import ANSWERS, AnswerTally, Item
from courses.models import DrillPage
from courses.models.drill import LESSONS_AT_THE_END

#: Gives the HTML of a part of the page: by the template and what it is told.
Render = Callable[[str, Mapping[str, Any]], str]
MOMENT: Final = "courses/drill/moment.html"
#: Where a link leads, the page says.
LATER: Final = "?"


def data_of(drill: DrillPage, lessons: Mapping[int, Page], render: Render) -> dict[str, Any]:
    """What drill-round.js reads. ``lessons``: those of the pack, by their keys."""
    items = items_of(drill.items)
    named = list(dict.fromkeys(key for item in items for key in item.lessons if key in lessons))
    length = min(drill.items_a_round, len(items))
    return {
        "length": length,
        "lessons": LESSONS_AT_THE_END,
        "items": [_item(item, lessons, render) for item in items],
        "end": {
            who: {
                kind: _end(drill, whole_class, is_clean, [lessons[key] for key in named], render)
                for kind, is_clean in [("clean", True), ("mistaken", False)]
            }
            for who, whole_class in [("alone", False), ("class", True)]
        },
        "words": {
            "introduction": drill.introduction,
            "line": _("第%(number)s条，共%(all)s条") % {"number": "{number}", "all": "{all}"},
            "last": _("看看这一轮"),
        },
    }


def _item(item: Item, lessons: Mapping[int, Page], render: Render) -> dict[str, Any]:
    told = {
        answer: _moment(item, render, explained=True, tally=AnswerTally(**{answer: 1}))
        for answer in ANSWERS
    }
    class_asked = _moment(item, render, whole_class=True, tally=AnswerTally())
    class_told = _moment(item, render, explained=True, whole_class=True, tally=AnswerTally())
    return {
        "scam": item.is_scam,
        "lessons": [key for key in item.lessons if key in lessons],
        "asked": {"alone": _moment(item, render), "class": class_asked},
        "told": {**told, "class": class_told},
    }


def _moment(
    item: Item,
    render: Render,
    *,
    explained: bool = False,
    whole_class: bool = False,
    tally: AnswerTally | None = None,
) -> str:
    now = SimpleNamespace(
        item=item,
        is_explained=explained,
        whole_class=whole_class,
        tally=tally,
        hands=AnswerTally(),
        answers=dict.fromkeys(ANSWERS, LATER),
        next_address=LATER,
        revealed=LATER,
        is_last=False,
    )
    counters = [{"answer": each, "hands": 0, "fewer": LATER, "more": LATER} for each in ANSWERS]
    return render(MOMENT, {"round": now, "counters": counters})


def _end(
    drill: DrillPage, whole_class: bool, is_clean: bool, lessons: Sequence[Page], render: Render
) -> str:
    score = SimpleNamespace(
        is_clean=is_clean, frauds_missed=0, genuine_refused=0, careful="{number}"
    )
    context = {
        "page": drill,
        "round": SimpleNamespace(score=score, whole_class=whole_class),
        "seed": 1,
        "page_above": drill.page_above,
        "lessons": () if is_clean else lessons,
    }
    return render("courses/drill/end.html", context)
