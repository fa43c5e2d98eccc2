"""Whose returns somebody may see, sign and answer. Else 404."""

from dataclasses import dataclass
from functools import cached_property

from django.http import Http404
from django.shortcuts import get_object_or_404

from lms.accounts.models import User
from lms.people.choices import Role
from lms.people.models import supervised_units
from lms.returns.models import Return
from lms.returns.queries import one_return
from lms.returns.services.locking import closed_trail
from lms.statistics.choices import PeriodKind
from lms.statistics.periods import Period


@dataclass(frozen=True)
class Seen:
    """A return that the user may read, and what else the user may do with it."""

    one: Return
    user: User

    @cached_property
    def _offices(self) -> set[str]:
        return {str(unit.pk) for unit in supervised_units(self.user, roles=(Role.OFFICER,))}

    def _holds_office_over(self, trail: str) -> bool:
        return self.user.is_superuser or not self._offices.isdisjoint(trail.split("/"))

    @cached_property
    def fills(self) -> bool:
        """May sign it, and answer what is right below: an officer at it or over it then."""
        return self._holds_office_over(self.one.trail)

    @cached_property
    def decides(self) -> bool:
        """May answer it: an officer over it."""
        return self.one.above is not None and self._holds_office_over(self.one.above.trail)

    @cached_property
    def to_unlock(self) -> list[Return]:
        """What would be opened, the topmost first; empty: nothing is closed, or it is not the
        user's. Who opens the top is an officer there; else one over it."""
        if not self.fills:
            return []
        trail = closed_trail(self.one)
        if not trail:
            return []
        first = trail[0]
        over = first.trail if first.above_id is None else first.trail.rsplit("/", 2)[0] + "/"
        return trail if self._holds_office_over(over) else []


def return_seen(user: User, code: str, slug: str) -> Seen:
    """Raises Http404 for what is none of the user's, and for what is no month."""
    try:
        period = Period.from_slug(slug)
    except ValueError as reason:
        raise Http404 from reason
    if period.kind != PeriodKind.MONTH:
        raise Http404
    returns = one_return(Return.objects.visible_to(user))
    return Seen(get_object_or_404(returns, unit__code=code, month=period.starts_on), user)


def fillable(user: User, code: str, slug: str) -> Seen:
    seen = return_seen(user, code, slug)
    if not seen.fills:
        raise Http404
    return seen


def decidable(user: User, code: str, slug: str) -> Seen:
    seen = return_seen(user, code, slug)
    if not seen.decides:
        raise Http404
    return seen
