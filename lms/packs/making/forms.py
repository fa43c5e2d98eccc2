"""What is chosen on the page 课程盘."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.models import Page

from lms.accounts.plain_forms import PlainForm
from lms.manuals.models import Organisation
from lms.packs.choices import Quality, Scope
from lms.packs.making.choosing import all_series, classrooms, makers_with_manuals


class PackForm(PlainForm):
    what = forms.ChoiceField(label=gettext_lazy("哪些课"))
    quality = forms.ChoiceField(
        label=gettext_lazy("视频"),
        choices=Quality.choices,
        initial=Quality.SUBTITLED,
        help_text=gettext_lazy("给电视用，选带字幕的。"),
    )
    makers = forms.MultipleChoiceField(
        label=gettext_lazy("带上哪些厂商的说明书"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._pages: dict[str, tuple[Scope, Page]] = {}
        self._makers = {str(each.pk): each for each in makers_with_manuals()}
        what, makers = self.fields["what"], self.fields["makers"]
        what.choices = [  # type: ignore[attr-defined]
            (Scope.ALL.value, Scope.ALL.label),
            *self._group(Scope.CLASSROOM, classrooms()),
            *self._group(Scope.SERIES, all_series()),
        ]
        makers.choices = [  # type: ignore[attr-defined]
            (key, each.name) for key, each in self._makers.items()
        ]

    def _group(self, scope: Scope, pages: list[Page]) -> list[tuple[str, list[tuple[str, str]]]]:
        """A heading with its pages; nothing where there are none."""
        keys = {f"{scope}-{page.pk}": page for page in pages}
        self._pages.update({key: (scope, page) for key, page in keys.items()})
        options = [(key, page.title) for key, page in keys.items()]
        return [(str(scope.label), options)] if options else []

    def choice(self) -> dict[str, Any]:
        """As `ask_for_pack` and `chosen` take it."""
        scope, page = self._pages.get(self.cleaned_data["what"], (Scope.ALL, None))
        return {
            "scope": scope,
            "page": page,
            "quality": Quality(self.cleaned_data["quality"]),
            "makers": self.makers_chosen(),
        }

    def makers_chosen(self) -> list[Organisation]:
        return [self._makers[key] for key in self.cleaned_data["makers"]]

    def hidden(self) -> list[tuple[str, str]]:
        """Names and values, to be sent once more with the button that begins."""
        told = self.cleaned_data
        makers = [("makers", key) for key in told["makers"]]
        return [("what", told["what"]), ("quality", told["quality"]), *makers]


def sticks_for(size: int) -> str:
    """Which stick one should take, as they are sold."""
    for gigabytes in (4, 8, 16, 32, 64, 128, 256):
        if size * 1.1 < gigabytes * 10**9:
            return _("%(size)d GB") % {"size": gigabytes}
    return _("很大")
