"""What every verb about a return does first: hold it and the one above, and look whether it is
still as the person saw it."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from lms.returns.errors import ReturnRefused
from lms.returns.models import Return


def held(above: int | None, keys: Sequence[int]) -> tuple[Return | None, list[Return]]:
    """The return above, and these in the order of their units' codes: nobody else writes them until
    the transaction ends. From the top down, so that nobody waits in a circle. Two queries."""
    top = None
    if above is not None:
        top = Return.objects.select_for_update(no_key=True).get(pk=above)
    rows = Return.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=keys)
    return top, list(rows.select_related("unit", "snapshot").order_by("unit__code"))


def require_turn(one: Return, turn: int) -> None:
    if one.turn != turn:
        raise ReturnRefused(
            _("“%(name)s”的月报刚刚有人办过，现在是“%(state)s”。请看一看再办。")
            % {"name": one.unit_name, "state": one.get_state_display()}
        )


def require_place(above: Return | None) -> None:
    """What stands above must still be open: its figures are made of this."""
    if above is not None and not above.is_open:
        raise ReturnRefused(
            _("“%(name)s”的月报已经报了，下面的不能再改。要改，请从上面逐级解锁。")
            % {"name": above.unit_name}
        )
