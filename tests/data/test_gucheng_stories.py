"""The stories that the invented town tells whatever else changes in it (SOURCES.md lists them)."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
from pyproj import Geod

from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import ExitKind, Verdict
from walkshed.model.results import Results
from walkshed.study import read_study
from walkshed.walk.routes.route import route

GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"


def row_of(results: Results, block: str) -> int:
    return [b.id for b in results.blocks].index(block)


def station_row(results: Results, station: str) -> int:
    return [s.id for s in results.stations].index(station)


def judged(results: Results, block: str, service: str) -> Judgment:
    services = [s.id for s in results.inputs.services]
    return results.main.judgment(row_of(results, block), services.index(service))


def homes(results: Results, block: str) -> range:
    start = results.demand.start
    row = row_of(results, block)
    return range(int(start[row]), int(start[row + 1]))


def weighted_median(values: list[float], weights: list[float]) -> float:
    order = np.argsort(values, kind="stable")
    total = np.cumsum(np.asarray(weights)[order])
    return float(np.asarray(values)[order][np.searchsorted(total, total[-1] / 2)])


def air_and_walk(
    results: Results, block: str, station: str
) -> tuple[list[float], list[float], list[float]]:
    """Return, per home, the geodesic meters to the station, the meters walked, and the home's weight."""
    net, demand = results.network, results.demand
    number = station_row(results, station)
    point = results.stations[number].geometry
    door = results.station_anchors.take(np.array([number]))
    lonlat = net.plane.to_lonlat(demand.xy)
    air, walk, weights = [], [], []
    for home in homes(results, block):
        air.append(Geod(ellps="WGS84").inv(lonlat[home, 0], lonlat[home, 1], point.x, point.y)[2])
        found = route(net, demand.anchors.take(np.array([home])), door)
        walk.append(math.inf if found is None else found.distance_m)
        weights.append(float(demand.weight[home]))
    return air, walk, weights


def test_across_the_river(gucheng: Results) -> None:
    air, walk, weights = air_and_walk(gucheng, "E01", "C4")
    assert gucheng.blocks[row_of(gucheng, "E01")].kind == "resettlement"
    assert weighted_median(air, weights) == pytest.approx(250, abs=5)
    assert weighted_median(walk, weights) == pytest.approx(900, abs=10)


@pytest.mark.parametrize("service", ["elder_care", "civic_errands", "meals", "repairs", "culture"])
def test_across_the_river_the_verdict_names_the_center_and_the_detour(
    gucheng: Results, service: str
) -> None:
    verdict = judged(gucheng, "E01", service)
    assert verdict.verdict is Verdict.TOO_FAR
    assert gucheng.stations[verdict.nearest].id == "C4"
    assert verdict.nearest_m == pytest.approx(900, abs=10)
    assert verdict.served == 0


def test_the_walk_across_the_river_takes_the_bridge(gucheng: Results) -> None:
    home = homes(gucheng, "E01")[0]
    door = gucheng.station_anchors.take(np.array([station_row(gucheng, "C4")]))
    found = route(gucheng.network, gucheng.demand.anchors.take(np.array([home])), door)
    assert found is not None
    assert "望渡桥" in [stretch.name for stretch in found.stretches]


def test_without_the_bridge_the_east_bank_is_cut_off(tmp_path: Path) -> None:
    for file in GUCHENG.iterdir():
        if file.is_file():
            (tmp_path / file.name).write_bytes(file.read_bytes())
    lines = (GUCHENG / "town.osm").read_text(encoding="utf-8").splitlines(keepends=True)
    kept = [line for line in lines if "望渡桥" not in line]
    assert len(lines) - len(kept) == 1  # the bridge is one way, on a line of its own
    (tmp_path / "town.osm").write_text("".join(kept), encoding="utf-8")
    results = read_study(tmp_path).run().results
    assert judged(results, "E01", "culture").verdict is Verdict.CUT_OFF
    assert not math.isfinite(judged(results, "E01", "culture").nearest_m)
    # M16 stands on the east bank
    assert judged(results, "E01", "elder_care").verdict is Verdict.TOO_FAR


def test_the_gate_that_faces_away(gucheng: Results) -> None:
    air, walk, weights = air_and_walk(gucheng, "W01", "M12")
    assert weighted_median(air, weights) < 200
    assert min(walk) > 500
    assert gucheng.demand.exit_kind[row_of(gucheng, "W01")] is ExitKind.GIVEN
    for service in ("after_school", "jobs"):
        verdict = judged(gucheng, "W01", service)
        assert verdict.verdict is Verdict.TOO_FAR
        assert gucheng.stations[verdict.nearest].id == "M12"


def test_eighty_meters_from_a_center_on_the_third_floor(gucheng: Results) -> None:
    air, walk, weights = air_and_walk(gucheng, "G01", "C1")
    assert gucheng.blocks[row_of(gucheng, "G01")].kind == "old"
    assert weighted_median(walk, weights) == pytest.approx(80, abs=5)
    assert max(air) < 80
    center = gucheng.stations[station_row(gucheng, "C1")]
    assert (center.details["floor"], center.details["elevator"]) == ("3", "no")
    assert judged(gucheng, "G01", "meals").verdict is Verdict.SERVED  # floors are not judged yet
