"""The engine of the page against the Python that decides: the same anchors, the same people, the same verdicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from maps.engine_page import gains, open_engine
from maps.real_studies import drafted
from walkshed.model.results import Results
from walkshed.study import run
from walkshed.walk.anchors import snap

pytestmark = pytest.mark.browser
STATES = {"served": "0", "partly": "1", "not_served": "2", "unknown": "3"}
PLACE = """(places) => {
  const services = town.packed.services;
  const offers = services.map(({ mode }, service) => ({ service, mode, admitted: null, open: true, places: null,
                                                        readiness_s: 0, floors_s: [0] }));
  return places.map(([lat, lon]) => {
    const anchors = town.snap(lat, lon);
    const [x, y] = town.plane(lat, lon);
    trial.follow([...town.standing, ["new", { anchors, x, y }, offers]]);
    const rows = trial.difference();
    return { anchors: anchors.map((one) => [one.edge, one.offset, one.leg, ...one.foot]),
             gained: rows.map((r) => r.gained), lost: rows.map((r) => r.lost) };
  });
}"""
JUDGE = """() => town.packed.services.map((_, s) => {
  const rows = trial.judge(s);
  return { ...rows, share: Array.from(rows.share) };
})"""


@pytest.fixture(scope="module", params=["Dachang", "Monaco"])
def real(request: pytest.FixtureRequest, test_data: Path, tmp_path_factory: pytest.TempPathFactory) -> Results:
    return run(drafted(request.param, test_data, tmp_path_factory.mktemp(request.param)))


def random_places(results: Results, count: int) -> np.ndarray:
    """Return (count, 2) degrees to seven decimals, longitude first, in the box of the residents."""
    chance = np.random.default_rng(7)
    low, high = results.demand.xy.min(axis=0), results.demand.xy.max(axis=0)
    return np.round(results.network.plane.to_lonlat(chance.uniform(low, high, (count, 2))), 7)


def assert_judged_alike(page: Any, results: Results) -> None:
    for service, rows in enumerate(page.evaluate(JUDGE)):
        expected = [results.coverage.at(block, service) for block in range(len(results.blocks))]
        assert rows["served"] == [row.printed_served for row in expected]
        assert rows["people"] == [row.printed_people for row in expected]
        assert rows["doubt"] == [row.doubt != "" for row in expected]
        assert [state == "served" for state in rows["state"]] == [row.verdict == "served" for row in expected]
        assert rows["share"] == [row.share for row in expected]


def assert_placed_alike(page: Any, results: Results, count: int) -> None:
    places = random_places(results, count)
    expected = snap(
        results.network, results.network.plane.to_xy(places), max_snap_m=results.inputs.settings.max_snap_m,
        usable=results.usable,
    )  # fmt: skip
    people = gains(results, expected, results.demand)
    for number, found in enumerate(page.evaluate(PLACE, places[:, ::-1].tolist())):
        rows = slice(expected.start[number], expected.start[number + 1])
        anchors = np.array(found["anchors"]).reshape(-1, 5)
        np.testing.assert_array_equal(anchors[:, 0], expected.edge[rows])
        np.testing.assert_array_equal(anchors[:, 1], expected.offset_m[rows] * 1024)
        np.testing.assert_array_equal(anchors[:, 2], expected.leg_m[rows] * 1024)
        feet = results.network.plane.to_xy(anchors[:, [4, 3]])
        np.testing.assert_allclose(feet, expected.xy[rows], atol=0.05)  # a drawing
        np.testing.assert_allclose(found["gained"], people[number], rtol=0, atol=1e-6)
        assert found["lost"] == [0] * len(people[number])


@pytest.mark.data
@pytest.mark.slow
def test_two_hundred_placements_in_a_real_town_equal_a_run(real: Results, chromium: Any) -> None:
    page = open_engine(chromium, real)
    assert_judged_alike(page, real)
    assert_placed_alike(page, real, 200)
    page.close()


def test_placements_in_the_shipped_studies_equal_a_run(gucheng: Results, helsinki: Results, chromium: Any) -> None:
    for results in (gucheng, helsinki):
        page = open_engine(chromium, results)
        assert_judged_alike(page, results)
        assert_placed_alike(page, results, 60)
        page.close()
