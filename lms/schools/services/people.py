"""Verbs that write learners, appointments and proxies."""

import secrets
from datetime import date
from typing import Any

from django.db.models import Q
from django.utils import timezone
from stdnum import damm

from lms.schools.choices import Consent, ProxyScope
from lms.schools.models import Learner, Proxy, Unit
from lms.schools.models.people import NUMBER_LENGTH, LearnerQuerySet


def new_learner_number() -> str:
    """Random digits and Damm's check digit; leading zeros are kept."""
    digits = f"{secrets.randbelow(10 ** (NUMBER_LENGTH - 1)):0{NUMBER_LENGTH - 1}}"
    return digits + str(damm.calc_check_digit(digits))


def find_same_learners(*, name: str, unit: Unit, birth_year: int | None) -> LearnerQuerySet:
    """Who may be the same person: same name and unit, and no other year of birth known."""
    same = Learner.objects.filter(name=name, unit=unit)
    if birth_year is None:
        return same
    return same.filter(Q(birth_year=birth_year) | Q(birth_year__isnull=True))


def register_learner(
    *, name: str, unit: Unit, birth_year: int | None = None, telephone: str = ""
) -> Learner:
    """Add somebody who learns. Whether the same person is there already is `find_same_learners`'
    to say, and a person's to decide."""
    number = new_learner_number()
    while Learner.objects.filter(number=number).exists():
        number = new_learner_number()
    return Learner.objects.create(
        number=number, name=name, unit=unit, birth_year=birth_year, telephone=telephone
    )


def give_proxy(
    *,
    learner: Learner,
    person: Any,
    relation: str,
    scope: ProxyScope,
    consent: Consent,
    recorded_by: Any,
    until_date: date,
) -> Proxy:
    """Record that the learner lets a person act until that day (the first on which it is over)."""
    return Proxy.objects.create(
        learner=learner,
        person=person,
        relation=relation,
        scope=scope,
        consent=consent,
        recorded_by=recorded_by,
        until_date=until_date,
    )


def revoke_proxy(proxy: Proxy) -> None:
    """End it now; what was done under it stays, and says so."""
    Proxy.objects.filter(pk=proxy.pk, revoked_at__isnull=True).update(revoked_at=timezone.now())
