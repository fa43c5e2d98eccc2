"""Which cells of a table must be hidden, so that nobody is recognised or reckoned out.

A cell stands for a unit; a family is a unit and those right below it, whose numbers add up to its
own. Zero is told, since it is nobody's. Decision 036 says what is held, and the tests show it.
"""

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import TypeVar

#: Fewer than so many people are never told.
LEAST_TOLD = 5

Key = TypeVar("Key", bound=Hashable)
#: The least and the most that a reader can make of a cell; None: there is no most.
Range = tuple[int, int | None]


def small(values: Mapping[Key, int]) -> set[Key]:
    """Cells of 1 to 4."""
    return {key for key, value in values.items() if 0 < value < LEAST_TOLD}


def hidden_cells(
    values: Mapping[Key, int],
    families: Mapping[Key, Sequence[Key]],
    *,
    first: Iterable[Key] | None = None,
) -> set[Key]:
    """The small cells, or those given as `first`, and as many more as it takes: in each family
    either none is hidden or two at least, and no hidden cell has only one value that fits what is
    told. `families`: by a unit those right below it; together one tree, or several. Where the
    numbers do not add up (people who are counted once) only the former can be held, and is
    enough."""
    hidden = set(small(values) if first is None else first)
    while True:
        more = _lonely(values, families, hidden) or _fixed(values, families, hidden)
        if more is None:
            return hidden
        hidden.add(more)


def _lonely(
    values: Mapping[Key, int], families: Mapping[Key, Sequence[Key]], hidden: set[Key]
) -> Key | None:
    """A cell to hide in a family of which only one is hidden; None: there is no such family."""
    for parent, children in families.items():
        family = [*children, parent]
        if sum(1 for key in family if key in hidden) == 1:
            found = _next_to_hide(values, children, parent, hidden)
            if found is not None:
                return found
    return None


def _next_to_hide(
    values: Mapping[Key, int], children: Sequence[Key], parent: Key, hidden: set[Key]
) -> Key | None:
    """The least of those below that is not 0; the unit itself where there is none."""
    open_ones = [key for key in children if key not in hidden and values[key] > 0]
    if open_ones:
        return min(open_ones, key=lambda key: values[key])
    return None if parent in hidden else parent


def _fixed(
    values: Mapping[Key, int], families: Mapping[Key, Sequence[Key]], hidden: set[Key]
) -> Key | None:
    """A cell to hide beside one that can be worked out, as when three that are hidden make 3."""
    ranges = ranges_of(values, families, hidden)
    above = {child: [parent] for parent, children in families.items() for child in children}
    for key in values:
        least, most = ranges[key]
        if key not in hidden or least != most:
            continue
        for parent in [*above.get(key, []), key]:
            if parent in families:
                found = _next_to_hide(values, families[parent], parent, hidden)
                if found is not None:
                    return found
    return None


def ranges_of(
    values: Mapping[Key, int], families: Mapping[Key, Sequence[Key]], hidden: set[Key]
) -> dict[Key, Range]:
    """What a reader can make of each cell who knows that a hidden one is at least 1 and that each
    family adds up. Exact, since the families are trees: up once, down once."""
    ranges: dict[Key, Range] = {
        key: (1, None) if key in hidden else (value, value) for key, value in values.items()
    }
    downward = _from_the_top(families)
    for parent in reversed(downward):
        ranges[parent] = _meet(ranges[parent], _sum(ranges[child] for child in families[parent]))
    for parent in downward:
        children = families[parent]
        found = dict(ranges)
        for child in children:
            least, most = _sum(ranges[other] for other in children if other != child)
            whole_least, whole_most = ranges[parent]
            rest = (
                0 if most is None else whole_least - most,
                None if whole_most is None else whole_most - least,
            )
            found[child] = _meet(ranges[child], rest)
        ranges = found
    return ranges


def _from_the_top(families: Mapping[Key, Sequence[Key]]) -> list[Key]:
    """Each unit that has others below it, before those below."""
    below = {child for children in families.values() for child in children}
    found = [key for key in families if key not in below]
    for key in found:
        found += [child for child in families[key] if child in families]
    return found


def _sum(ranges: Iterable[Range]) -> Range:
    least, most = 0, 0
    endless = False
    for low, high in ranges:
        least += low
        endless = endless or high is None
        most += high or 0
    return least, None if endless else most


def _meet(one: Range, other: Range) -> Range:
    """Both hold; where they cannot (numbers that do not add up) the first does."""
    least = max(one[0], other[0])
    most = one[1] if other[1] is None else other[1] if one[1] is None else min(one[1], other[1])
    return one if most is not None and least > most else (least, most)
