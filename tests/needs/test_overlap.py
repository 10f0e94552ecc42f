"""Overlap within a hub, and how unevenly walks are spread, by hand and against plain sums."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given
from hypothesis import strategies as st

from needs.judged import LAW, MEALS, block, judge, need, station
from needs.test_reasons import ISLANDS
from walkshed.model.town.places import Tier
from walkshed.needs.measures.equity import gini, inequality, worst_tenth


def test_overlap_by_hand() -> None:
    # Hub at 0 and center at 100 both offer meals; b at 50 is within 100 m of both, c at 200 of the
    # center alone.
    stations = [
        replace(station("hub", 0, 300), tier=Tier.HUB),
        replace(station("center", 100, 300), parent="hub"),
        station("alone", 600, 300, "law", "meals"),
    ]
    blocks = [block("b", shapely.Point(50, 300), 30), block("c", shapely.Point(200, 300), 50)]
    found = judge(ISLANDS.net, blocks, stations, services=(MEALS, LAW), needs=(need(100),))
    meals, law = found.answer.overlaps
    assert found.stations[meals.hub].id == "hub"
    assert (meals.stations, meals.people_once, meals.people_twice) == (2, 50, 30)
    # b: 50 to either; c: 100 to the center, 200 to the hub; most people are in c
    assert meals.second_m == 200
    assert (law.stations, law.people_once, law.people_twice) == (0, 0, 0)
    assert np.isnan(law.second_m)


def test_gini_by_hand() -> None:
    assert gini(np.array([5.0, 5.0, 5.0]), np.ones(3)) == pytest.approx(0)
    assert gini(np.array([0.0, 1.0]), np.ones(2)) == pytest.approx(0.5)
    assert gini(np.array([0.0, 1.0]), np.array([3.0, 1.0])) == pytest.approx(0.75)
    assert np.isnan(gini(np.array([0.0]), np.ones(1)))


@given(st.lists(st.tuples(st.integers(0, 900), st.integers(1, 5)), min_size=1, max_size=12))
def test_gini_is_half_the_mean_difference_over_the_mean(rows: list[tuple[int, int]]) -> None:
    everybody = np.array([value for value, weight in rows for _ in range(weight)], dtype=float)
    if everybody.sum() == 0:
        return
    plain = np.abs(everybody[:, None] - everybody[None, :]).mean() / (2 * everybody.mean())
    value, weight = (np.array(column, dtype=float) for column in zip(*rows, strict=True))
    assert gini(value, weight) == pytest.approx(plain, abs=1e-9)


def test_the_worst_off_tenth_counts_the_last_in_part() -> None:
    assert worst_tenth(np.arange(10.0), np.ones(10)) == 9
    assert worst_tenth(np.array([0.0, 100.0, 200.0]), np.array([90.0, 8.0, 2.0])) == pytest.approx(
        120
    )
    assert np.isnan(worst_tenth(np.array([]), np.array([])))


def test_groups_weigh_by_their_own_people() -> None:
    blocks = [
        replace(block("near", shapely.Point(100, 300), 90), groups={"older_people": 10.0}),
        replace(block("far", shapely.Point(500, 300), 10), groups={"older_people": 10.0}),
        replace(block("cut", shapely.Point(500, 0), 5), groups={}),
    ]
    found = judge(ISLANDS.net, blocks, [station("s", 0, 300)])
    people, older = inequality(
        found.demand,
        found.blocks,
        0,
        found.answer.nearest_m[0, :, 0],
        own_walks={},
        groups=("older_people",),
    )
    assert (people.people, people.people_unreached, people.median_m, people.worst_tenth_m) == (
        105,
        5,
        100,
        500,
    )
    assert (older.people, older.median_m, older.worst_tenth_m) == (20, 100, 500)
    assert older.gini == pytest.approx(200 / 600)  # half of |500 - 100| / 2, over a mean of 300
