"""Squares on the page: whoever stands on one, or is placed on one, walks there as in a run (definition 16).

::

      path ──┐                          ┌── path
             │        300 m             │
             ┌──────────────────────────┐
             │   B1      ┌────┐         │       C  a square of 80 m that shares a node with the large one
    path ────┤           │hole│   S1    ├────
             │   B2      └────┘         │
             └──────────────────────────┘
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import shapely

from drawn_squares import PATH, Plaza
from maps.engine_page import gains, open_engine, placed
from maps.test_engine import OPEN_GATES, PLACE, assert_judged_alike
from squares_study import block, lonlat, write_study
from walkshed.model.results import Results
from walkshed.needs.access.walks import Walks
from walkshed.needs.rules.scenarios import changes
from walkshed.study import Study, read_study, run

pytestmark = pytest.mark.browser


def town() -> Plaza:
    """Two squares, one with a hole, private ground behind them, paths around, and a way across without a node."""
    drawn = Plaza()
    outer = [(0.0, 0.0), (300.0, 0.0), (300.0, 100.0), (300.0, 200.0), (0.0, 200.0), (0.0, 100.0)]
    drawn.with_hole(outer, [(130.0, 70.0), (170.0, 70.0), (170.0, 150.0), (130.0, 150.0)])
    drawn.square((300.0, 200.0), (380.0, 200.0), (380.0, 280.0), (300.0, 280.0), highway="steps")
    drawn.square((300.0, 0.0), (300.0, -90.0), (210.0, -90.0), (210.0, 0.0), access="private")
    drawn.drawing.ways[1][0].insert(1, drawn.known[210.0, 0.0])
    drawn.way((-400.0, 100.0), (0.0, 100.0), name="West Path", **PATH)
    drawn.way((300.0, 100.0), (700.0, 100.0), name="East Path", **PATH)
    drawn.way((0.0, 200.0), (0.0, 500.0), (300.0, 500.0), (380.0, 280.0), **PATH)
    drawn.way((60.0, 30.0), (60.0, -300.0), (420.0, -300.0), (700.0, 100.0), **PATH)
    return drawn


@pytest.fixture(scope="module")
def plaza(tmp_path_factory: pytest.TempPathFactory) -> Results:
    folder = tmp_path_factory.mktemp("plaza")
    blocks = [
        block("inside", (20.0, 130.0), 40.0, 100),
        block("below", (20.0, 20.0), 30.0, 70),
        block("beside", (60.0, 201.0), 50.0, 90),
        block("edge", (100.0, -40.0), 40.0, 110),
        block("far", (500.0, 120.0), 60.0, 130),
        block("yard", (230.0, -70.0), 40.0, 50),
        block("west", (-200.0, 110.0), 60.0, 80),
    ]
    stations = [
        ("S1", (230.0, 110.0), "meals;repairs"),
        ("S2", (-300.0, 96.0), "repairs"),
        ("S3", (340.0, 240.0), "meals"),
    ]
    write_study(folder, town(), blocks, stations)
    return read_study(folder).run().results


def places() -> np.ndarray:
    """A grid over the squares and around them, and places on outlines, at corners, at a hair's breadth of both."""
    grid = [(x, y) for x in range(-60, 420, 23) for y in range(-100, 300, 19)]
    special = [
        (0, 0),
        (0.004, 90),
        (-0.004, 90),
        (130, 110),
        (129.99, 110.0),
        (150, 110),
        (300, 200),
    ]
    return np.array([lonlat(*place) for place in [*grid, *special]])


def test_the_town_has_what_the_test_is_about(plaza: Results) -> None:
    squares = plaza.network.squares
    assert len(squares) == 3
    assert sorted(squares.enterable.tolist()) == [False, True, True]
    assert plaza.network.private.any()
    demand, stations = plaza.demand.anchors, plaza.station_anchors
    assert demand.on_square.any()
    assert stations.on_square.any()
    assert "2 squares are crossed straight" not in plaza.notes
    assert "3 squares are crossed straight" in plaza.notes
    names = [block.id for block in plaza.blocks]
    served = {names[b]: plaza.main.judgment(b, 0).nearest_m for b in range(len(names))}
    # from the middle of "inside" around the hole's upper corner to S1, by shapely's own plane
    assert served["inside"] < 230.0


def test_the_page_judges_as_the_run_does(plaza: Results, chromium: Any) -> None:
    page = open_engine(chromium, plaza)
    for walker, answer in enumerate(plaza.answers.values()):
        assert_judged_alike(page, answer, len(plaza.blocks), walker=walker)
    page.close()


def test_stations_dropped_on_squares_and_beside_them_reach_whom_a_run_says(
    plaza: Results, chromium: Any
) -> None:
    dropped = places()
    network = plaza.network
    expected = placed(plaza, network.plane.to_xy(dropped))
    page = open_engine(chromium, plaza)
    found = page.evaluate(PLACE, dropped[:, ::-1].tolist())
    page.close()
    for number, told in enumerate(found):
        rows = slice(expected.start[number], expected.start[number + 1])
        anchors = np.array(told["anchors"]).reshape(-1, 5)
        np.testing.assert_array_equal(anchors[:, 0], expected.edge[rows])
        np.testing.assert_array_equal(anchors[:, 1], expected.offset_m[rows] * 1024)
        np.testing.assert_array_equal(anchors[:, 2], expected.leg_m[rows] * 1024)
    assert np.count_nonzero(expected.on_square) > 500


@pytest.mark.parametrize(
    "place", [(60.0, 110.0), (129.0, 160.0), (340.0, 240.0), (255.0, -45.0), (0.0, 50.0)]
)
def test_a_run_with_the_station_finds_what_the_page_says(
    plaza: Results, chromium: Any, place: tuple[float, float]
) -> None:
    lon, lat = lonlat(*place)
    page = open_engine(chromium, plaza)
    page.evaluate(PLACE, [[lat, lon]])
    new = replace(
        plaza.inputs.stations[0],
        id="new",
        geometry=shapely.Point(lon, lat),
        services=("meals", "repairs"),
    )
    after = run(replace(plaza.inputs, stations=(*plaza.inputs.stations, new)))
    assert_judged_alike(page, after.main, len(plaza.blocks))
    page.close()


def test_people_within_every_meter_of_a_dropped_station_are_those_of_a_run(
    plaza: Results, chromium: Any
) -> None:
    """The very ticks of every walk, not only whether it is within a limit."""
    dropped = places()[::7]
    network = plaza.network
    stations = placed(plaza, network.plane.to_xy(dropped))
    listed = Walks(network, plaza.demand, stations, (), least_limit_m=1000.0).meters
    page = open_engine(chromium, plaza)
    found = page.evaluate(
        """(places) => {
          const reach = walkshed.makeReach(town, null);
          return places.map(([lat, lon]) => {
            const [x, y] = town.plane(lat, lon);
            const site = town.enter({ anchors: town.snap(lat, lon), x, y });
            const { count, point, cost } = reach(site, 1000 * 1024, {});
            return Array.from({ length: count }, (_, i) => [point[i], cost[i]]);
          });
        }""",
        dropped[:, ::-1].tolist(),
    )
    page.close()
    for number, rows in enumerate(found):
        own = listed.station == number
        expected = dict(zip(listed.point[own].tolist(), (listed.distance_m[own] * 1024).tolist()))
        assert {int(point): cost for point, cost in rows} == expected
    assert len(listed.point) > 2000


def test_a_gate_that_opens_onto_a_square_brings_what_a_run_with_it_brings(
    plaza: Results, chromium: Any, tmp_path: Path
) -> None:
    row = [block.id for block in plaza.blocks].index("beside")
    lon, lat = lonlat(80.0, 199.0)
    page = open_engine(chromium, plaza)
    (told,) = page.evaluate(OPEN_GATES, [[row, lat, lon]])
    page.close()
    file = tmp_path / "gate.toml"
    file.write_text(
        f'[scenario]\nname = "gate"\n[[open_gate]]\nblock = "beside"\nlon = {lon}\nlat = {lat}\n',
        encoding="utf-8",
    )
    after = Study(plaza.inputs).with_scenario(file).run().results
    changed = [each for each in changes(plaza, after) if each.kind == "*"]
    for page_row, run_row in zip(told, changed, strict=True):
        printed = page_row["printed"]
        assert (sum(printed["gained"]), sum(printed["lost"])) == (run_row.gained, run_row.lost)


def test_gains_of_places_are_those_of_the_kernels(plaza: Results, chromium: Any) -> None:
    """In meters, for the service that has its limit in meters."""
    dropped = places()[::5]
    stations = placed(plaza, plaza.network.plane.to_xy(dropped))
    people = gains(plaza, stations, plaza.demand)[:, 0]
    page = open_engine(chromium, plaza)
    found = [told["gained"][0] for told in page.evaluate(PLACE, dropped[:, ::-1].tolist())]
    page.close()
    np.testing.assert_allclose(found, people, rtol=0, atol=1e-6)
    assert people.max() > 0
