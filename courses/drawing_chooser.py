"""How an editor chooses a drawing: from pictures where there is a script, from a list otherwise."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe
from wagtail import blocks

from courses.drawings import drawing_sets

LONGEST_NAME = 40


def drawing_choices() -> list[Any]:
    """For a list: the sets with their drawings, by title."""
    sets = [(group.title, [(d.name, d.title) for d in group.drawings]) for group in drawing_sets()]
    return [("", _t("不要图画")), *sets]


class DrawingChooser(forms.Select):
    """A list that a script of the admin turns into a picture and a board to choose from."""

    template_name = "courses/admin/drawing_chooser.html"

    def __init__(self, attrs: dict[str, Any] | None = None, choices: Any = ()) -> None:
        super().__init__(attrs, choices or drawing_choices())

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context: dict[str, Any] = super().get_context(name, value, attrs)
        context["board"] = reverse("courses_drawings")
        return context

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[forms.Script("admin/drawing-chooser.js", type="module")],  # type: ignore[list-item]
            css={"all": ["admin/drawing-chooser.css"]},
        )


class DrawingBlock(blocks.FieldBlock):
    """The name of a drawing; empty for none."""

    def __init__(self, *, required: bool = False, **kwargs: Any) -> None:
        self.field = forms.ChoiceField(
            choices=drawing_choices, required=required, widget=DrawingChooser()
        )
        super().__init__(**kwargs)

    class Meta:
        default = ""
        icon = "image"

    def deconstruct(self) -> tuple[str, list[object], dict[str, Any]]:
        """As a CharBlock: a new drawing is no migration."""
        return "wagtail.blocks.CharBlock", [], {"required": False}


@require_safe
@cache_control(private=True, max_age=3600)
def drawing_board(request: HttpRequest) -> HttpResponse:
    """All drawings by their sets, for the script of the chooser to show."""
    return render(request, "courses/admin/drawing_board.html", {"sets": drawing_sets()})
