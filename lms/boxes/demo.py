"""Boxes to look at: one that spoke today, one that has been silent and told something that cannot
be taken, one that nobody has registered yet."""

import os
from datetime import timedelta

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.boxes.choices import BoxState, Carrier, HeldState, LineKind
from lms.boxes.keys import keys_of
from lms.boxes.models import HeldLine, TakenBatch, VillageBox
from lms.boxes.services.registering import make_box
from lms.units.models import Unit

VILLAGE = "440103001101"


@transaction.atomic
def make_demo_boxes() -> list[VillageBox]:
    """Empty, and nothing changes, where there is a box already, or no demo village."""
    street = Unit.objects.filter(code=VILLAGE[:9]).first()
    officer = get_user_model().objects.filter(username="street").first()
    if street is None or officer is None or VillageBox.objects.exists():
        return []
    villages = list(Unit.objects.open().below(street).exclude(pk=street.pk)[:3])
    if len(villages) < 3:
        return []
    today = _at_work(_("文化室的盒子"), villages[0], officer, days=0, carrier=Carrier.LINE)
    silent = _at_work(_("老祠堂的盒子"), villages[1], officer, days=12, carrier=Carrier.STICK)
    VillageBox.objects.filter(pk=silent.pk).update(waits_there=36, edition=5, edition_there=3)
    HeldLine.objects.create(
        box=silent,
        number=4,
        place=17,
        kind=LineKind.EVENT,
        line={},
        state=HeldState.REFUSED,
        why=_("点名的人那天不管这个班。"),
    )
    expected, _code = make_box(name=_("新来的盒子"), unit=villages[2], made_by=officer)
    return [today, silent, expected]


def _at_work(name: str, unit: Unit, officer: User, *, days: int, carrier: Carrier) -> VillageBox:
    now = timezone.now()
    heard = now - timedelta(days=days)
    box = VillageBox.objects.create(
        name=name,
        unit=unit,
        made_by=officer,
        state=BoxState.AT_WORK,
        public_keys=keys_of(os.urandom(32)).public.written(),
        registered_at=now - timedelta(days=60),
        last_heard_at=heard,
        last_heard_by=carrier,
        waits_there=0,
        edition=5,
        edition_there=5,
    )
    TakenBatch.objects.bulk_create(
        TakenBatch(
            box=box,
            number=number,
            sha256=f"{number:064x}",
            lines=40 * number,
            carrier=carrier,
            taken_at=heard - timedelta(days=4 - number),
        )
        for number in range(1, 5)
    )
    return box
