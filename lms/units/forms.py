"""What a change of a unit in the admin needs to know."""

from datetime import date, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from lms.units.choices import Level, PeopleOfUnit
from lms.units.models import Unit, UnitQuerySet
from lms.units.queries import trails_of
from lms.units.services.undo import last_change
from lms.units.unit_file import NAME_MAX

SHOWN = 5  # of several units with one name
LONGEST_AHEAD = timedelta(days=2 * 366)


class TelephoneForm(forms.ModelForm[Unit]):
    """All that is edited by hand; the rest changes on a date, by an action."""

    class Meta:
        model = Unit
        fields = ("telephone",)

    def save(self, commit: bool = True) -> Unit:
        """Only this column: the unit may have moved since the form was opened."""
        self.instance.save(update_fields=["telephone"])
        return self.instance


class UnitField(forms.CharField):
    """A unit by its code or its exact name. A name that several have goes to the one of
    `likely_level`, if that is one."""

    likely_level: Level | str | None = None
    #: Among which it is looked for; None: all.
    among: UnitQuerySet | None = None

    def clean(self, value: Any) -> Unit | None:
        words = super().clean(value).strip()
        if not words:
            return None
        units = Unit.objects.all() if self.among is None else self.among
        if words.isascii() and words.isdigit():
            found = list(units.filter(code=words))
        else:
            found = list(units.open().filter(name=words))
        if len(found) > 1:
            likely = [unit for unit in found if unit.level == self.likely_level]
            found = likely if len(likely) == 1 else found
        if not found:
            raise ValidationError(
                _("没有找到“%(words)s”。请填单位的代码，或者完整的名称。") % {"words": words}
            )
        if len(found) > 1:
            raise ValidationError(
                _("有%(count)d个单位叫“%(words)s”，请改填代码：%(choice)s")
                % {"count": len(found), "words": words, "choice": self._choice(found)}
            )
        return found[0]

    def _choice(self, units: list[Unit]) -> str:
        shown = units[:SHOWN]
        trails = trails_of(shown)
        rest = "……" if len(units) > SHOWN else "。"
        return "；".join(f"{unit.code}（{trails[unit.path]}）" for unit in shown) + rest


class PeopleField(forms.ChoiceField):
    """What becomes of those who work at the unit; the first choice is taken where none is made."""

    def __init__(self, *choices: PeopleOfUnit) -> None:
        super().__init__(
            label=gettext_lazy("在这里任职的人"),
            choices=[(each.value, each.label) for each in choices],
            initial=choices[0].value,
            required=False,
            widget=forms.RadioSelect,
        )
        self.usual = choices[0]

    def clean(self, value: Any) -> PeopleOfUnit:
        return PeopleOfUnit(super().clean(value) or self.usual)


class UnitChangeForm(forms.Form):
    """What all changes of a unit ask; its own fields come first."""

    on = forms.DateField(
        label=gettext_lazy("生效日期"),
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("填以后的日期，到那天自动生效。"),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit
        last = ("on", "people")
        self.order_fields([*(name for name in self.fields if name not in last), *last])

    def look_among(self, units: UnitQuerySet) -> None:
        """Other units are looked for among these only."""
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.among = units

    def clean_on(self) -> date:
        on: date = self.cleaned_data["on"]
        if on > timezone.localdate() + LONGEST_AHEAD:
            raise ValidationError(_("生效日期最多提前两年，请再看一遍年份。"))
        return on


class RenameForm(UnitChangeForm):
    name = forms.CharField(label=gettext_lazy("新名称"), max_length=NAME_MAX)


class MoveForm(UnitChangeForm):
    people = PeopleField(PeopleOfUnit.STAY, PeopleOfUnit.END)
    parent = UnitField(
        label=gettext_lazy("新的上级"), help_text=gettext_lazy("填代码，或者完整的名称。")
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        above = unit.get_parent()
        field = self.fields["parent"]
        assert isinstance(field, UnitField)
        field.likely_level = above.level if above else None


class MergeForm(UnitChangeForm):
    people = PeopleField(PeopleOfUnit.MOVE, PeopleOfUnit.END)
    into = UnitField(
        label=gettext_lazy("并入哪个单位"), help_text=gettext_lazy("填代码，或者完整的名称。")
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        field = self.fields["into"]
        assert isinstance(field, UnitField)
        field.likely_level = unit.level


class SplitForm(UnitChangeForm):
    parts = forms.CharField(
        label=gettext_lazy("分出来的新单位"),
        help_text=gettext_lazy("一行一个：代码,名称。原来的单位保留。"),
        widget=forms.Textarea(attrs={"rows": 4}),
        strip=False,  # lines are counted as they were typed
    )

    def clean_parts(self) -> list[tuple[str, str]]:
        """Code and name of each; codes that are wrong or taken are the service's to refuse."""
        parts: dict[str, str] = {}
        for number, line in enumerate(self.cleaned_data["parts"].splitlines(), start=1):
            if not line.strip():
                continue
            code, _comma, name = line.replace("，", ",").partition(",")
            code, name = code.strip(), name.strip()
            if reason := self._reason_against(code, name, parts):
                raise ValidationError(
                    _("第%(line)d行：%(reason)s") % {"line": number, "reason": reason}
                )
            parts[code] = name
        if not parts:
            raise ValidationError(_("请至少写一个新单位。"))
        return list(parts.items())

    def _reason_against(self, code: str, name: str, before: dict[str, str]) -> str | None:
        if not (code.isascii() and code.isdigit() and name):
            return _("要写成“代码,名称”。")
        if len(name) > NAME_MAX:
            return _("名称超过%(max)d个字。") % {"max": NAME_MAX}
        if code in before:
            return _("代码%(code)s写了两次。") % {"code": code}
        return None


class CloseForm(UnitChangeForm):
    """The date, and what becomes of the people: the unit above takes them on, or nobody does."""

    people = PeopleField(PeopleOfUnit.END, PeopleOfUnit.MOVE)


class UndoForm(UnitChangeForm):
    """Nothing to fill in: which change is meant goes along, unseen."""

    change = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, unit=unit, **kwargs)
        del self.fields["on"]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        change = last_change(self.unit)
        if change is None or cleaned.get("change") != change.token:
            raise ValidationError(_("这个单位刚才又有变更，请重新打开它的页面看一看。"))
        cleaned["on"] = change.on
        return cleaned
