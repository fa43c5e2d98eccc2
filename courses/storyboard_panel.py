"""The panel of the page editor in which an editor sees which words go with which scene, and moves
the border between two of them."""

from django import forms
from wagtail.admin.panels import FieldPanel


class BordersInput(forms.HiddenInput):
    """What was moved, as JSON: the script writes it."""

    @property
    def media(self) -> forms.Media:
        return forms.Media(
            js=[forms.Script("admin/storyboard.js", type="module")],  # type: ignore[list-item]
            css={"all": ["admin/storyboard.css"]},
        )


class StoryboardPanel(FieldPanel):
    def __init__(self, field_name: str, **kwargs: object) -> None:
        super().__init__(field_name, **{"widget": BordersInput, "disable_comments": True, **kwargs})

    def get_comparison_class(self) -> None:
        """None: two versions are not compared by it, which would show data and no words."""
        return

    class BoundPanel(FieldPanel.BoundPanel):
        template_name = "courses/admin/storyboard_panel.html"
