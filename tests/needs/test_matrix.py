"""Unique gain and potential against brute force: empty or fill the cell and run again (definition 13)."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from needs.judged import LAW, MEALS, Judged, added, block, judge, need, station, without
from towns import town

# A grid of four by three streets, 200 m apart.
GRID = town(
    """
    A . B . C . D
    . . . . . . .
    E . F . G . H
    . . . . . . .
    I . J . K . L
    """,
    "A-B-C-D",
    "E-F-G-H",
    "I-J-K-L",
    "A-E-I",
    "B-F-J",
    "C-G-K",
    "D-H-L",
)


def served(found: Judged, service: str) -> float:
    """Return the people within their limit, counted per person from the nearest provider."""
    row = [each.id for each in found.services].index(service)
    limits = found.answer.judgments.limit_m[:, row]
    within = found.answer.nearest_m[row, :, 0] <= limits[found.demand.block]
    return float(found.demand.people[within].sum())


@pytest.mark.parametrize("seed", range(4))
def test_every_cell_equals_brute_force(seed: int) -> None:
    rng = np.random.default_rng(seed)
    spots = rng.uniform((0, 0), (600, 400), (6, 2))
    offered = [("meals",), ("law",), ("meals", "law"), (), ("meals",), ("law",)]
    stations = [station(f"s{row}", *spot) for row, spot in enumerate(spots)]
    stations = [
        type(each)(each.id, each.name, each.tier, None, services, each.geometry, False, {})
        for each, services in zip(stations, offered, strict=True)
    ]
    blocks = [
        block(f"b{row}", shapely.Point(x, y), float(people), kind)
        for row, ((x, y), people, kind) in enumerate(
            zip(
                rng.uniform((0, 0), (600, 400), (40, 2)),
                rng.integers(1, 90, 40),
                ["old", "commodity"] * 20,
                strict=True,
            )
        )
    ]
    needs = (need(250), need(150, "old"), need(320, "commodity", "law"))
    options = {"services": (MEALS, LAW), "needs": needs}
    found = judge(GRID.net, blocks, stations, **options)
    for t, each in enumerate(found.stations):
        for s, service in enumerate(("meals", "law")):
            now = served(found, service)
            if found.matrix.filled[t, s]:
                change = now - served(
                    judge(GRID.net, blocks, without(stations, each.id, service), **options), service
                )
                assert found.matrix.unique_gain[t, s] == pytest.approx(change, abs=1e-6)
                assert np.isnan(found.matrix.potential[t, s])
            else:
                change = (
                    served(
                        judge(GRID.net, blocks, added(stations, each.id, service), **options),
                        service,
                    )
                    - now
                )
                assert found.matrix.potential[t, s] == pytest.approx(change, abs=1e-6)
                assert np.isnan(found.matrix.unique_gain[t, s])
            assert by_block(found, t, s).sum() == pytest.approx(change, abs=1e-6)
            assert (by_block(found, t, s) <= [each.people + 1e-6 for each in found.blocks]).all()


def by_block(found: Judged, station: int, service: int) -> np.ndarray:
    """Return (b,) what each block adds to the worth of one cell."""
    rows = found.matrix.by_block
    mine = (rows.station == station) & (rows.service == service)
    assert (rows.worth > 0).all()
    return np.bincount(rows.block[mine], weights=rows.worth[mine], minlength=len(found.blocks))


def test_twins_show_zero_and_name_each_other() -> None:
    stations = [station("a", 100, 200), station("b", 100, 200), station("c", 600, 200)]
    blocks = [block("west", shapely.Point(50, 200), 30), block("east", shapely.Point(590, 200), 20)]
    found = judge(GRID.net, blocks, stations, needs=(need(200),)).matrix
    assert found.unique_gain[:, 0].tolist() == [0, 0, 20]
    assert found.twin[:, 0].tolist() == [1, 0, -1]
    assert found.people_in_reach[:, 0].tolist() == [30, 30, 20]


def test_without_people_blocks_count() -> None:
    blocks = [
        block("west", shapely.Point(50, 200), None),
        block("east", shapely.Point(590, 200), None),
    ]
    found = judge(GRID.net, blocks, [station("c", 600, 200)], needs=(need(200),)).matrix
    assert found.weighs_blocks
    assert found.unique_gain[0, 0] == 1
