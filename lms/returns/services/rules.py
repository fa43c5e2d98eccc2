"""What holds for all returns: last days, years without classes, and the city's form."""

from collections.abc import Mapping

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from lms.accounts.models import User
from lms.returns.city_form import names_in
from lms.returns.errors import ReturnRefused
from lms.returns.models import NoTeaching, ReturnDeadline, ReturnTemplate
from lms.returns.services.beginning import drop_what_is_not_owed
from lms.units.choices import Level
from lms.units.models import Unit


@transaction.atomic
def set_working_days(top: Unit, *, days: Mapping[str, int], by: User) -> None:
    """By level. Holds for months whose returns have not begun. Raises ReturnRefused when a level
    would have no day after the one below it."""
    levels = list(reversed(Level.values))
    rising = [days[level] for level in levels if level in days]
    if sorted(set(rising)) != rising:
        raise ReturnRefused(_("上一级的日子要在下一级的后面，不然来不及审。"))
    for level, working_day in days.items():
        ReturnDeadline.objects.update_or_create(
            top=top, level=level, defaults={"working_day": working_day, "set_by": by}
        )


@transaction.atomic
def declare_no_teaching(unit: Unit, *, year: int, reason: str, by: User) -> int:
    """Neither the unit nor those below owe returns that year, unless classes were planned. Returns
    how many returns nobody had touched are gone. Raises ReturnRefused when it is declared."""
    try:
        with transaction.atomic():
            declared = NoTeaching.objects.create(
                unit=unit, year=year, reason=reason, declared_by=by
            )
    except IntegrityError as error:
        told = {"name": unit.name, "year": year}
        raise ReturnRefused(_("“%(name)s”%(year)d年已经登记过无办学。") % told) from error
    return drop_what_is_not_owed(declared)


def withdraw_no_teaching(declared: NoTeaching, *, by: User) -> None:
    """From the next months on it owes returns again; months that have begun are left as they are,
    but for what the hourly job still adds. Raises ReturnRefused when somebody was first."""
    here = NoTeaching.objects.filter(pk=declared.pk, withdrawn_at__isnull=True)
    if not here.update(withdrawn_at=timezone.now(), withdrawn_by=by):
        raise ReturnRefused(_("这一条已经撤回了。"))


def keep_template(unit: Unit, *, content: bytes, file_name: str, by: User) -> ReturnTemplate:
    """The form into which returns of the unit and below are written from now on. Raises
    ReturnRefused when it is no workbook that can be filled in, naming the cells that it lacks."""
    names = names_in(content)
    return ReturnTemplate.objects.create(
        unit=unit, content=content, file_name=file_name[-120:], names=names, uploaded_by=by
    )
