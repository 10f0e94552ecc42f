"""What hangs on a doubtful place, by hand: four points of two blocks and their walks to two stations."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import pytest

from needs.judged import station
from walkshed.model.ground.walking import Pairs
from walkshed.needs.judging.doubtful_places import in_doubt

# Points 0 to 3, limit 500 m. To A: 450, 480, 520 and 700 m; to B, which has meals too: 100 m from
# point 1 only.
WALKS = Pairs(
    point=np.array([0, 1, 1, 2, 3]),
    station=np.array([0, 0, 1, 0, 0]),
    distance_m=np.array([450.0, 480.0, 100.0, 520.0, 700.0]),
    limit_m=800.0,
)
STATIONS = (station("A", 0, 0), station("B", 9, 9))


@pytest.mark.parametrize(
    ("people", "unit", "within_30_m", "within_60_m"),
    [
        ([10.0, 20.0, 40.0, 80.0], "people", 40.0, 50.0),  # point 2; and point 0. Point 1 keeps B
        ([0.0, 0.0, 0.0, 0.0], "blocks", 0.5, 0.75),  # the same points, by their share of a block
    ],
)
def test_who_would_flip(
    people: list[float], unit: str, within_30_m: float, within_60_m: float
) -> None:
    residents = cast(
        "Any", SimpleNamespace(people=np.array(people), weight=np.array([0.25, 0.75, 0.5, 0.5]))
    )
    for off, expected in ((30.0, within_30_m), (60.0, within_60_m)):
        found = in_doubt(residents, STATIONS, WALKS, (500.0,), {"A": off})
        assert (found.counts, found.unit) == ({"A": expected}, unit)
