"""Quick ways to order and to number give what the plain ones give."""

from __future__ import annotations

import numpy as np
import pytest

from walkshed.model.arrays import distinct_places
from walkshed.needs.judging.quantiles import spread
from walkshed.words import judgments as phrases


@pytest.mark.parametrize(
    "sizes", [[3] * 40, [1, 0, 7, 2, 0, 5], [1] * 50 + [400], [], [4]], ids=str
)
@pytest.mark.parametrize("shuffled", [False, True])
def test_values_are_in_order_within_their_groups(sizes: list[int], shuffled: bool) -> None:
    chance = np.random.default_rng(len(sizes))
    group = np.repeat(np.arange(len(sizes)), sizes)
    if shuffled:
        group = chance.permutation(group)
    value = chance.choice([1.0, 2.0, 3.5, np.inf, np.nan], len(group))
    weight = chance.random(len(group))

    order = np.lexsort([value, group])
    found = spread(group, value, weight, len(sizes))
    np.testing.assert_array_equal(found.value, value[order])
    np.testing.assert_array_equal(found.weight, weight[order])  # equal values keep their order


@pytest.mark.parametrize("count", [0, 1, 300])
def test_numbers_have_their_places_among_the_distinct_ones(count: int) -> None:
    values = np.random.default_rng(count).integers(-20, 20, count)
    listed, place = distinct_places(values)
    expected, inverse = np.unique(values, return_inverse=True)
    np.testing.assert_array_equal(listed, expected)
    np.testing.assert_array_equal(place, inverse)


@pytest.mark.parametrize("width", [2, 1_000, 1 << 40], ids=["narrow", "wide", "beyond-63-bits"])
def test_combinations_are_numbered_in_the_order_of_their_values(width: int) -> None:
    chance = np.random.default_rng(3)
    columns = [chance.choice([-1, 0, 5, width], 500) for _ in range(5)]
    columns.append(chance.random(500) < 0.5)
    number, first = phrases._distinct(columns)
    _, rows, expected = np.unique(
        np.column_stack(columns), axis=0, return_index=True, return_inverse=True
    )
    np.testing.assert_array_equal(number, expected.ravel())
    np.testing.assert_array_equal(first, rows)
