from typing import Any, ClassVar

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel
from wagtail.fields import StreamField
from wagtail.models import Page

from courses.blocks.drill import DrillItemsBlock, items_of
from courses.drawings import Drawing, drawing
from courses.drill import ANSWERS, Item, Round, new_seed, round_of
from courses.models.base import LargePrintPage
from courses.progress.marking import note_drill_round
from courses.progress.screen import record_of, record_to_write
from courses.progress.summary import last_round
from media.models import Cover

#: Lessons named at the end of a round, at most: a screen holds no more beside the buttons.
LESSONS_AT_THE_END = 3
DRAWING = "hook"


class DrillPage(LargePrintPage):
    """Messages of which some are frauds, for one learner or for a class before the big screen. Of
    one learner's round the two mistakes are kept, of a class's nothing."""

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
    #: On its tile (media.covers.queries.show_covers); None: not drawn yet.
    cover: Cover | None = None

    class Meta:
        verbose_name = _("防骗练习")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(items_a_round__range=(2, 30)),
                name="a_round_of_a_drill_has_2_to_30_messages",
            )
        ]

    @property
    def cover_drawing(self) -> Drawing | None:
        return drawing(DRAWING)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = super().serve(request, *args, **kwargs)
        ended = response.context_data["round"]
        alone = ended and ended.is_done and not ended.whole_class
        if alone and (record := record_to_write(request)):
            note_drill_round(record, drill=self, ended=ended)
        return response

    def may_be_kept(self, request: HttpRequest) -> bool:
        """No: each round draws messages of its own."""
        return False

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context(request, *args, **kwargs)
        now = round_of(items_of(self.items), request.GET, length=self.items_a_round)
        context["round"] = now
        context["seed"] = new_seed()
        context["whole_class"] = now.whole_class if now else request.GET.get("class") == "1"
        context["classroom"] = context["page_above"] and context["page_above"].specific
        if now is None:
            context["last_round"] = last_round(record_of(request), self)
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
