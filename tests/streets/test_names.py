"""Names of edges, each kept once, and the order of arcs."""

from __future__ import annotations

import numpy as np
import pytest

from walkshed.streets.assemble import _in_order
from walkshed.streets.names import names_of

WORDS = ["中山路", "", "Elm", "中山路", "Ash", ""]


def test_names_are_the_words_that_they_were_made_of():
    names = names_of(WORDS)
    assert list(names) == WORDS
    assert [names[row] for row in range(len(names))] == WORDS
    assert len(names.catalog) == 4
    assert list(names_of([])) == []


def test_some_of_them_in_order():
    names = names_of(WORDS)
    kept = names.some(np.array([True, False, True, True, False, False]))
    assert list(kept) == ["中山路", "Elm", "中山路"]
    catalog, code = kept.in_order()
    assert catalog == ("Elm", "中山路")  # those that none has any more are left out
    assert code.tolist() == [1, 0, 1]
    catalog, code = names.in_order(first="")
    assert catalog == ("", "Ash", "Elm", "中山路")
    assert code.tolist() == [3, 0, 2, 3, 1, 0]
    assert names.some(np.zeros(6, dtype=bool)).in_order(first="")[0] == ("",)


@pytest.mark.parametrize("most", [50, 1 << 40])
def test_columns_are_sorted_alike_however_large_their_numbers(most):
    random = np.random.default_rng(3)
    columns = tuple(random.integers(-1, 50, 5_000) for _ in range(3))
    order = np.lexsort(columns[::-1])
    for sorted_, column in zip(_in_order(*columns, (most, most, most)), columns):
        np.testing.assert_array_equal(sorted_, column[order])
