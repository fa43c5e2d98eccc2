from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks.drill import DrillItemsBlock, items_of
from courses.drill import ANSWERS, Item, Round, new_seed, round_of
from courses.models.base import LargePrintPage
from courses.progress.marking import note_drill_round
from courses.progress.screen import notebook_of, notebook_to_write
from courses.progress.standing import last_round

#: Lessons named at the end of a round, at most: with the ways on they are what a screen holds.
LESSONS_AT_THE_END = 3


class DrillPage(LargePrintPage):
    """Is it a fraud? Alone, or the whole class before the big screen. Of a round alone the two
    scores are kept, of a class's nothing."""

    introduction = models.CharField(_("一句话介绍"), max_length=60)
    items_a_round = models.PositiveSmallIntegerField(
        _("一轮几条"), default=7, validators=[MinValueValidator(2), MaxValueValidator(30)]
    )
    items = StreamField(DrillItemsBlock(), verbose_name=_("消息"))
    #: Digest of the starter's entry that this page was made from; blank for drills written here.
    starter_digest = models.CharField(max_length=64, blank=True, editable=False)

    content_panels: ClassVar = [
        *LargePrintPage.content_panels,
        FieldPanel("introduction"),
        FieldPanel("items_a_round"),
        FieldPanel("items"),
    ]
    parent_page_types: ClassVar = ["courses.ClassroomPage"]
    subpage_types: ClassVar[list[str]] = []
    template = "courses/drill_page.html"

    class Meta:
        verbose_name = _("防骗练习")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(items_a_round__range=(2, 30)),
                name="a_round_of_a_drill_has_2_to_30_messages",
            )
        ]

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        ended = response.context_data["round"]
        alone = ended and ended.is_done and not ended.whole_class
        if alone and (notebook := notebook_to_write(request)):
            note_drill_round(notebook, drill=self, ended=ended)
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """Each round draws its own."""
        return False

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        now = round_of(items_of(self.items), request.GET, length=self.items_a_round)
        context["round"] = now
        context["seed"] = new_seed()
        context["whole_class"] = now.whole_class if now else request.GET.get("class") == "1"
        context["classroom"] = context["page_above"] and context["page_above"].specific
        if now is None:
            context["last_round"] = last_round(notebook_of(request), self)
        elif now.is_done:
            context["lessons"] = lessons_for(now.mistaken)
        elif now.whole_class and not now.is_explained:
            context["counters"] = counters_of(now)
        return context


def lessons_for(items: list[Item]) -> list[Page]:
    """The first few lessons that these messages lead back to, in the order of the messages."""
    wanted = list(dict.fromkeys(key for item in items for key in item.lessons))
    found = Page.objects.live().in_bulk(wanted)
    return [found[key] for key in wanted if key in found][:LESSONS_AT_THE_END]


def counters_of(now: Round) -> list[dict[str, Any]]:
    """For each answer of a class: the hands so far, and where one less and one more lead."""
    return [
        {
            "answer": answer,
            "hands": hands,
            "fewer": now.counted(answer, hands - 1),
            "more": now.counted(answer, hands + 1),
        }
        for answer in ANSWERS
        for hands in [getattr(now.hands, answer)]
    ]
