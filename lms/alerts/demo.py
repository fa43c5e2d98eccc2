"""Alerts to try: one on the screens of the demo street, one that waits for a second person, what
learners met. Written as people would, by the demo accounts."""

from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.alerts import services
from lms.alerts.choices import CameBy, FraudKind, FraudWay
from lms.alerts.forms import ALERT_DAYS
from lms.alerts.models import Alert
from lms.people.choices import Role
from lms.people.services.roles import appoint
from lms.units.models import Unit

VILLAGE = "440103001101"


@transaction.atomic
def make_demo_alerts() -> list[Alert]:
    """Empty, and nothing changes, where there is an alert already, or no demo village."""
    village = Unit.objects.filter(code=VILLAGE).first()
    names = ("street", "district", "police")
    people = get_user_model().objects.in_bulk(names, field_name="username")
    if village is None or len(people) < len(names) or Alert.objects.exists():
        return []
    street = Unit.objects.get(code=VILLAGE[:9])
    police = people["police"]
    if not police.role_assignments.filter(role=Role.LIAISON).exists():
        appoint(
            person=police,
            role=Role.LIAISON,
            unit=street,
            reason=_("演示"),
            by=None,
            made_account=True,
        )
    now = timezone.now()
    ends = now + timedelta(days=ALERT_DAYS)
    shown = services.write_alert(
        unit=street,
        kind=FraudKind.OFFICE,
        title=_("冒充客服，说要退款"),
        says=_("您买的东西有问题，给您退钱，请您下载一个软件，把屏幕给我看。"),
        todo=_("先挂电话。不下载软件，不给人看屏幕，不说验证码。"),
        calls="96110、110",
        written_by=police,
        starts_at=now,
        ends_at=ends,
    )
    services.confirm(shown, confirmed_by=people["street"])
    waiting = services.write_alert(
        unit=village,
        kind=FraudKind.HEALTH,
        title=_("免费体检，送鸡蛋"),
        says=_("免费体检，当场领鸡蛋。您身体有大毛病，只有我们的药能治。"),
        todo=_("不去，不买。身体的事问医院的医生，先跟家里人商量。"),
        calls="96110、12345",
        written_by=people["street"],
        starts_at=now,
        ends_at=ends,
    )
    for kind, way, words, came_by in (
        (FraudKind.LINK, FraudWay.SMS, _("说快递丢了，点进去填银行卡。"), CameBy.BUTTON),
        (FraudKind.MONEY, FraudWay.WECHAT, _("有人拉我进群，说跟着买稳赚。"), CameBy.BUTTON),
        (FraudKind.OFFICE, FraudWay.CALL, "", CameBy.HELPLINE),
    ):
        services.tell_met(unit=village, kind=kind, way=way, words=words, came_by=came_by)
    return [shown, waiting]
