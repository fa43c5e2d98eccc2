"""What those fill in who write alerts and emergency notices."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from lms.accounts.access import Visitor
from lms.accounts.plain_forms import DateInput, PlainForm
from lms.alerts.choices import CameBy, EmergencyKind, FraudKind, FraudWay
from lms.alerts.models import WRITES
from lms.alerts.models.met import OWN_WORDS_MOST
from lms.alerts.telling import telling_words
from lms.helpline.models import CALLS_BACK
from lms.people.choices import Role
from lms.people.models import supervised_by
from lms.units.forms import UnitField
from lms.units.models import Unit, UnitQuerySet

#: An alert stays so long unless its writer says otherwise, and never longer than the second.
ALERT_DAYS, ALERT_DAYS_MOST = 14, 90
#: How many hours an emergency may last; who needs longer writes another.
HOURS = (1, 2, 3, 6, 12, 24, 48, 72)


def units_of(user: Visitor, roles: Iterable[Role]) -> UnitQuerySet:
    found: UnitQuerySet = Unit.objects.open().filter(supervised_by(user, roles=tuple(roles)))
    return found


def lines(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


class OfUnitForm(PlainForm):
    """With a unit among the user's own; and, where words may tell of somebody, a box to say that
    they do not."""

    #: Fields that become public.
    public: tuple[str, ...] = ()
    roles: tuple[Role, ...] = WRITES

    unit = UnitField(
        label=_("给哪里看"),
        help_text=_("填单位的代码，或者完整的名称。它和它下面的单位都会看到。"),
    )
    sure = forms.BooleanField(label=_("我看过了，这些字不会让人知道是谁遇到的"), required=False)

    def __init__(self, *args: Any, user: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        units = units_of(user, self.roles)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among = units
        if not self.is_bound and "unit" not in self.initial:
            first = units.first()
            self.initial["unit"] = first.name if first else ""
        #: What may tell of somebody, once it was looked for.
        self.telling: list[str] = []

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        unit = cleaned.get("unit")
        if unit is not None:
            texts = [cleaned.get(name) or "" for name in self.public]
            self.telling = telling_words(unit, texts)
        if self.telling and not cleaned.get("sure"):
            self.add_error(
                "sure",
                gettext("这里有号码或者像人名的字：%(words)s。请改掉；不是谁的，就打个勾。")
                % {"words": "、".join(self.telling)},
            )
        return cleaned


class AlertForm(OfUnitForm):
    public = ("title", "says", "todo", "calls")

    kind = forms.ChoiceField(label=_("哪一种"), choices=FraudKind.choices)
    title = forms.CharField(
        label=_("标题"),
        help_text=_("一句话，不超过20个字。例如：冒充客服说要退款。"),
        max_length=20,
    )
    says = forms.CharField(
        label=_("骗子怎么说"),
        help_text=_("不超过100个字。不要写是谁遇到的。"),
        max_length=100,
        widget=lines(2),
    )
    todo = forms.CharField(
        label=_("您怎么办"),
        help_text=_("对学员说，一句一件事。不超过100个字。"),
        max_length=100,
        widget=lines(2),
    )
    calls = forms.CharField(label=_("打哪个电话"), max_length=30, initial="96110、110")
    first_day = forms.DateField(label=_("从哪天"), initial=timezone.localdate, widget=DateInput())
    last_day = forms.DateField(
        label=_("到哪天（含这一天）"), help_text=_("不改就是两个星期。"), widget=DateInput()
    )

    field_order = (
        "unit", "kind", "title", "says", "todo", "calls", "first_day", "last_day", "sure",
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = timezone.localdate() + timedelta(days=ALERT_DAYS - 1)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first is None or last is None:
            return cleaned
        if last < max(first, timezone.localdate()):
            self.add_error("last_day", gettext("结束的日子要在开始以后，也不能是过去的日子。"))
        elif last >= first + timedelta(days=ALERT_DAYS_MOST):
            self.add_error("last_day", gettext("最长三个月。还要提醒的，到时再写一条。"))
        return cleaned

    def texts(self) -> dict[str, Any]:
        """As the services take it."""
        asked = {name: self.cleaned_data[name] for name in ("unit", "kind", *self.public)}
        first, last = self.cleaned_data["first_day"], self.cleaned_data["last_day"]
        begins = start_of(first)
        asked["starts_at"] = (
            max(begins, timezone.now()) if first == timezone.localdate() else begins
        )
        asked["ends_at"] = start_of(last + timedelta(days=1))
        return asked


def start_of(day: Any) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


class EmergencyForm(OfUnitForm):
    public = ("title", "todo", "shelter")
    roles = (Role.OFFICER,)

    kind = forms.ChoiceField(label=_("哪一种"), choices=EmergencyKind.choices)
    title = forms.CharField(
        label=_("标题"),
        help_text=_("不超过20个字。例如：台风今晚登陆，请不要出门。"),
        max_length=20,
    )
    todo = forms.CharField(
        label=_("请大家怎么做"),
        help_text=_("不超过100个字，会读出来。"),
        max_length=100,
        widget=lines(3),
    )
    shelter = forms.CharField(
        label=_("到哪里避险"),
        help_text=_("写地方的名字和怎么走，不超过40个字。例如：翠洲小学体育馆。"),
        max_length=40,
    )
    telephone = forms.CharField(label=_("打哪个电话"), max_length=20)
    hours = forms.TypedChoiceField(
        label=_("多久以后自己撤下"),
        choices=[(hours, _("%(hours)d小时") % {"hours": hours}) for hours in HOURS],
        initial=6,
        coerce=int,
    )
    alone = forms.BooleanField(label=_("来不及等第二个人，马上发布"), required=False)
    alone_reason = forms.CharField(
        label=_("为什么来不及"),
        help_text=_("一个人发布的要写。上级会看到。"),
        max_length=80,
        required=False,
    )

    field_order = (
        "unit", "kind", "title", "todo", "shelter", "telephone", "hours", "sure", "alone",
        "alone_reason",
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("alone") and not cleaned.get("alone_reason"):
            self.add_error("alone_reason", gettext("一个人发布的，请写一句为什么来不及。"))
        return cleaned

    def texts(self) -> dict[str, Any]:
        """As write_emergency takes it."""
        names = ("unit", "kind", "title", "todo", "shelter", "telephone")
        asked = {name: self.cleaned_data[name] for name in names}
        asked["ends_at"] = timezone.now() + timedelta(hours=self.cleaned_data["hours"])
        asked["alone_reason"] = (
            self.cleaned_data["alone_reason"] if self.cleaned_data["alone"] else ""
        )
        return asked


class ReasonForm(PlainForm):
    note = forms.CharField(label=_("为什么"), help_text=_("写一句，不写姓名。"), max_length=80)


class DrillForm(PlainForm):
    """An officer's own words, since a learner's stay with the unit."""

    words = forms.CharField(
        label=_("骗子怎么说、怎么做"),
        help_text=_("编辑照着它做练习。请用自己的话写，不要写姓名、电话和住址。"),
        max_length=OWN_WORDS_MOST,
        widget=lines(3),
    )

    def __init__(self, *args: Any, unit: Unit, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_words(self) -> str:
        words: str = self.cleaned_data["words"]
        if telling := telling_words(self.unit, [words]):
            raise ValidationError(
                gettext("这里有号码或者像人名的字，请改掉：%(words)s。")
                % {"words": "、".join(telling)}
            )
        return words


class MetForm(PlainForm):
    """What somebody told on the telephone or in the office."""

    unit = UnitField(label=_("哪个村居"), help_text=_("填单位的代码，或者完整的名称。"))
    kind = forms.ChoiceField(label=_("哪一种"), choices=FraudKind.choices)
    way = forms.ChoiceField(label=_("怎么来的"), choices=FraudWay.choices)
    words = forms.CharField(
        label=_("说了什么"),
        help_text=_("可以不写。不要写是谁，也不要写他的电话。"),
        max_length=OWN_WORDS_MOST,
        required=False,
        widget=lines(3),
    )

    def __init__(self, *args: Any, user: Visitor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.among = units_of(user, {*WRITES, *CALLS_BACK})
        if not self.is_bound and "unit" not in self.initial:
            first = field.among.first()
            self.initial["unit"] = first.name if first else ""

    def told(self) -> dict[str, Any]:
        """As tell_met takes it."""
        names = ("unit", "kind", "way", "words")
        return {
            **{name: self.cleaned_data[name] for name in names},
            "came_by": CameBy.HELPLINE,
        }
