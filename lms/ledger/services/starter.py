"""The plan of Guangzhou as a beginning, for whoever asks for it."""

from django.db import transaction
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.ledger.choices import Way
from lms.ledger.models import Measure
from lms.ledger.services.refusals import LedgerRefused
from lms.ledger.services.rows import make_measure
from lms.ledger.starter import guangzhou_plan
from lms.units.choices import Level
from lms.units.models import Unit


@transaction.atomic
def bring_in_plan(*, unit: Unit, by: User, anyway: bool = False) -> int:
    """Into the ledger of a city, those that are not there yet; returns how many. `anyway`: into
    that of a city whose plan it is not. Raises LedgerRefused."""
    plan = guangzhou_plan()
    if unit.level != Level.CITY:
        raise LedgerRefused(_("三十四条是一个市的方案，只能带入市一级的台账。"))
    if unit.code != plan.unit and not anyway:
        raise LedgerRefused(_("这是广州市的方案。要当作样子带入，请先在下面打钩。"))
    there = set(Measure.objects.there().filter(unit=unit).values_list("clause", flat=True))
    missing = [each for each in plan.measures if each.clause not in there]
    for each in missing:
        make_measure(unit=unit, fields=each.fields(), by=by, way=Way.STARTER)
    return len(missing)
