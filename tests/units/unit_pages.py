"""What the tests of units in the admin share."""

import re
from datetime import date

from django.contrib.auth.models import Permission

from lms.units.services.importing import import_units
from lms.units.unit_file import UnitFile


def with_permissions(user, *codenames):
    user.user_permissions.add(*Permission.objects.filter(codename__in=codenames))
    return user


def text_of(response):
    """The page as it is read: without tags, its white space one blank."""
    words = re.sub(r"<[^>]+>", " ", response.content.decode())
    return re.sub(r"\s+", " ", words)


def fill(units, count):
    names = {code: unit.name for code, unit in units.items()}
    names |= {f"440103001{number:03}": f"新社区{number}" for number in range(100, 100 + count)}
    import_units(UnitFile(names), on=date(2026, 2, 1))
