"""Boxes that overlap: by cells, by shared rows of the table, by the tree; always those that a plain search finds."""

from __future__ import annotations

import numpy as np
import pytest

from walkshed.streets import boxes
from walkshed.streets.boxes import Boxes, boxes_around, boxes_of, overlapping


def some(rng: np.random.Generator, *, whole: bool) -> Boxes:
    """Return up to 60 boxes, most of them small, a few long."""
    count = int(rng.integers(0, 60))
    begin = rng.uniform(-300, 300, (count, 2))
    end = begin + rng.normal(size=(count, 2)) * 200 * rng.uniform(0, 1, (count, 1)) ** 4
    places = np.stack([begin, end], axis=1).reshape(-1, 2)
    if whole:
        places = np.round(places).astype(np.int64)
    return boxes_of(places, np.arange(0, 2 * count, 2))


def plainly(one: Boxes, other: Boxes) -> set[tuple[int, int]]:
    met = (one.west[:, None] <= other.east) & (other.west <= one.east[:, None])
    met &= (one.south[:, None] <= other.north) & (other.south <= one.north[:, None])
    return set(zip(*(side.tolist() for side in np.nonzero(met))))


@pytest.mark.parametrize(
    ("most_rows", "most_tried"), [(1 << 20, 64), (7, 64), (1 << 20, 0)], ids=str
)
@pytest.mark.parametrize("cell", [1, 7.5, 40, 4096])
def test_pairs_are_those_of_a_plain_search(monkeypatch, most_rows, most_tried, cell):
    monkeypatch.setattr(boxes, "_MOST_ROWS", most_rows)
    monkeypatch.setattr(boxes, "_MOST_TRIED", most_tried)
    for seed in range(40):
        rng = np.random.default_rng(seed)
        one, other = some(rng, whole=seed % 2 == 0), some(rng, whole=seed % 2 == 0)
        first, second = overlapping(one, other, cell)
        pairs = list(zip(first.tolist(), second.tolist()))
        assert len(pairs) == len(set(pairs))
        assert set(pairs) == plainly(one, other)


def test_a_box_that_only_touches_counts():
    one = boxes_around(np.array([[0.0, 0.0]]), 1.0)
    other = boxes_of(np.array([[1.0, 1.0], [2.0, 2.0], [1.1, 0.0], [3.0, 0.0]]), np.array([0, 2]))
    first, second = overlapping(one, other, 40.0)
    assert (first.tolist(), second.tolist()) == ([0], [0])
