"""That no hidden cell can be worked out: all values that fit what is told are tried."""

from itertools import product

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from lms.evaluation.small_cells import hidden_cells, ranges_of, small

#: Trees of a city, its districts and their streets, as the codes tell them.
SHAPES = (
    {"c": ["a", "b"], "a": ["a1", "a2"], "b": ["b1", "b2"]},
    {"c": ["a", "b", "d"], "a": ["a1", "a2", "a3"], "b": ["b1"]},
    {"c": ["a"], "a": ["a1", "a2", "a3", "a4"]},
    {"c": ["a", "b", "d", "e"]},
    {"c": ["a"], "a": ["a1"]},
)


def leaves_of(families):
    below = [child for children in families.values() for child in children]
    return [key for key in below if key not in families]


def whole(families, leaves):
    """The numbers of all units, those above summed."""
    values = dict(leaves)

    def number(key):
        if key not in values:
            values[key] = sum(number(child) for child in families[key])
        return values[key]

    for key in families:
        number(key)
    return values


def that_fit(families, values, hidden, *, most=None):
    """By each hidden cell all its values in tables that fit what is told, tried one by one. Where
    another value fits, one does that is larger or smaller by 1, and so is no other by more: `most`
    is one more than the largest street unless it is given."""
    leaves = leaves_of(families)
    most = most or max(values[leaf] for leaf in leaves) + 1
    found: dict[str, set[int]] = {key: set() for key in hidden}
    choices = [range(1, most + 1) if leaf in hidden else [values[leaf]] for leaf in leaves]
    for numbers in product(*choices):
        tried = whole(families, dict(zip(leaves, numbers, strict=True)))
        if all(tried[key] >= 1 if key in hidden else tried[key] == values[key] for key in values):
            for key in hidden:
                found[key].add(tried[key])
    return found


@st.composite
def tables(draw, shapes=SHAPES, largest=6):
    families = draw(st.sampled_from(shapes))
    numbers = st.one_of(st.just(0), st.just(1), st.integers(0, largest))
    return families, whole(families, {leaf: draw(numbers) for leaf in leaves_of(families)})


@given(tables())
@example((SHAPES[3], whole(SHAPES[3], {"a": 1, "b": 1, "d": 1, "e": 5})))
@example((SHAPES[3], whole(SHAPES[3], {"a": 1, "b": 0, "d": 0, "e": 7})))
@example((SHAPES[4], whole(SHAPES[4], {"a1": 3})))
def test_no_hidden_cell_can_be_worked_out_from_the_sums(table):
    families, values = table
    hidden = hidden_cells(values, families)
    assert small(values) <= hidden
    for key, possible in that_fit(families, values, hidden).items():
        assert values[key] in possible
        assert len(possible) > 1, (key, values, hidden)


@given(tables())
def test_zero_is_told_and_nothing_hidden_where_nothing_is_small(table):
    families, values = table
    hidden = hidden_cells(values, families)
    assert not any(values[key] == 0 for key in hidden)
    large = {key: value * 10 for key, value in values.items()}
    assert hidden_cells(large, families) == set()


@given(tables(), st.data())
def test_where_people_are_counted_once_no_cell_is_hidden_alone(table, data):
    """A unit's own number lies between that of its largest part and their sum."""
    families, values = table
    for parent in reversed(list(families)):
        below = [values[child] for child in families[parent]]
        values[parent] = data.draw(st.integers(max(below), sum(below)))
    hidden = hidden_cells(values, families)
    assert small(values) <= hidden
    for parent, children in families.items():
        family = [*children, parent]
        others = [key for key in family if values[key] > 0]
        count = sum(1 for key in family if key in hidden)
        assert count != 1 or len(others) == 1, (values, hidden)


@pytest.mark.parametrize(
    "leaves",
    [
        {"a": 3, "b": 20, "d": 30, "e": 40},  # 3 is the whole less the others
        {"a": 1, "b": 1, "d": 30, "e": 40},  # two that make two
    ],
)
def test_hiding_the_small_ones_alone_would_give_them_away(leaves):
    """What the walk over all tables finds, so that it can fail."""
    families = SHAPES[3]
    values = whole(families, leaves)
    assert {1} >= {len(some) for some in that_fit(families, values, small(values)).values()}
    hidden = hidden_cells(values, families)
    assert all(len(some) > 1 for some in that_fit(families, values, hidden).values())


def test_the_second_one_is_the_least_of_its_neighbours():
    values = whole(SHAPES[3], {"a": 3, "b": 20, "d": 30, "e": 0})
    assert hidden_cells(values, SHAPES[3]) == {"a", "b"}


@given(tables(shapes=SHAPES[:1] + SHAPES[3:], largest=3), st.data())
def test_ranges_are_just_what_trying_all_finds(table, data):
    """Whatever is hidden; a range that has no end goes on beyond what was tried."""
    families, values = table
    hidden = data.draw(st.sets(st.sampled_from([key for key in values if values[key]] or ["c"])))
    hidden = {key for key in hidden if values[key]}
    ranges = ranges_of(values, families, hidden)
    tried = max(values.values()) + 1
    for key, possible in that_fit(families, values, hidden, most=tried).items():
        least, most = ranges[key]
        assert least == min(possible)
        assert max(possible) >= tried if most is None else max(possible) == most
