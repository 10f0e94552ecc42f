"""Where a plan may put stations, as study.toml says it: outlines, distances kept, services that no station takes on."""

from __future__ import annotations

import json
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from small import PLANE, lonlat, table, write_study
from walkshed.errors import InputFaultsError, InvalidValueError
from walkshed.model.plans.siting import Status
from walkshed.proposed import ProposedSites
from walkshed.study import read_study

SERVICE = '[[services]]\nid = "{id}"\nzh = "{id}"\nen = "{id}"\ncomplete = true\n'
#: People by the meter of Long Street at which they live.
HOMES = (
    (160, 10),
    (540, 60),
    (860, 35),
    (1310, 50),
    (1690, 20),
    (2140, 45),
    (2910, 30),
    (3610, 15),
)


def _sited(
    folder: Path,
    siting: str,
    *,
    stations: str | None = None,
    services: str = SERVICE.format(id="a"),
    files: dict[str, str] | None = None,
    new: int = 2,
) -> ProposedSites:
    """The plan of a study with people along Long Street; the station stands at 4,000 m unless told."""
    write_study(
        folder,
        stations=stations or table("id,name,services", [("S1", 4000, "s", "a")]),
        blocks=table("id,name,people", [(f"B{x}", x, f"B{x}", people) for x, people in HOMES]),
        toml=f'{services}\n[siting]\ncandidates = "streets"\n{siting}\n',
        files=files,
    )
    return read_study(folder).site(new=new)


def _meters(found: ProposedSites) -> list[float]:
    """The meters of Long Street at which the new stations of a plan stand."""
    points = np.array([proposal.station.geometry for proposal in found.plan.proposals])
    xy = [PLANE.to_xy(np.array([[point.x, point.y]]))[0] for point in points]
    assert all(abs(y) < 0.01 for _, y in xy)
    return sorted(float(x) for x, _ in xy)


def _served(places: tuple[float, ...]) -> float:
    """People within 500 m of a place, by their meters; those near the standing station have it already."""
    near = [
        people
        for x, people in HOMES
        if abs(4000 - x) > 500 and any(abs(place - x) <= 500 for place in places)
    ]
    return float(sum(near))


def _best(places: np.ndarray, count: int, apart_m: float = 0.0) -> float:
    """The best of all plans of so many places, as far apart as is asked."""
    return max(
        _served(chosen)
        for chosen in combinations(places.tolist(), count)
        if all(abs(one - other) >= apart_m for one, other in combinations(chosen, 2))
    )


def _outline(low: float, high: float) -> str:
    """An outline across the street, from one meter of it to another."""
    ring = [(low, -50.0), (high, -50.0), (high, 50.0), (low, 50.0), (low, -50.0)]
    geometry = {"type": "Polygon", "coordinates": [[lonlat(x, y) for x, y in ring]]}
    feature = {"type": "Feature", "properties": {"name": "park"}, "geometry": geometry}
    return json.dumps({"type": "FeatureCollection", "features": [feature]})


def test_no_place_of_the_street_is_better_than_the_plan(tmp_path: Path) -> None:
    found = _sited(tmp_path, "")
    assert found.plan.everywhere
    assert found.plan.solution.status is Status.OPTIMAL
    assert found.plan.gain == found.measured_gain == _best(np.arange(5.0, 4000.0, 10.0), 2)


@pytest.mark.parametrize("apart_m", [290, 1190, 1690])
def test_stations_keep_apart(tmp_path: Path, apart_m: int) -> None:
    """Against all pairs of the places every 100 m; without the rule two stand nearer."""
    found = _sited(tmp_path, f"spacing_m = 100\napart_m = {apart_m}")
    one, other = _meters(found)
    assert other - one >= apart_m - 0.02
    everywhere = np.arange(0.0, 4000.5, 100.0)
    away = everywhere[np.abs(everywhere - 4000.0) >= apart_m]
    assert found.plan.gain == found.measured_gain == _best(away, 2, apart_m)
    assert found.plan.solution.status is Status.OPTIMAL
    assert not found.plan.everywhere


def test_stations_keep_apart_from_those_that_stand_with_the_same_service(tmp_path: Path) -> None:
    """Of two services one is there at 900 m: another station stands with it 800 m off, with the other one anywhere."""
    stations = table(
        "id,name,services,scope",
        [("S1", 900, "s", "a", "all"), ("S2", 2200, "own", "a", "compound")],
    )
    both = SERVICE.format(id="a") + SERVICE.format(id="b")
    found = _sited(
        tmp_path, "spacing_m = 100\napart_m = 800", stations=stations, services=both, new=3
    )
    for proposal, x in zip(
        sorted(found.plan.proposals, key=lambda one: one.station.geometry.x),
        _meters(found),
        strict=True,
    ):
        assert abs(x - 900.0) >= 800.0 or proposal.services == ("b",)
    # a station for its own compound is no reason to keep away
    assert any(
        "a" in proposal.services and abs(x - 2200.0) < 800.0
        for proposal, x in zip(
            sorted(found.plan.proposals, key=lambda one: one.station.geometry.x),
            _meters(found),
            strict=True,
        )
    )


def test_outlines_of_study_toml(tmp_path: Path) -> None:
    """One park bars 300 to 1,500 m; one plan allows only that."""
    files = {"park.geojson": _outline(300.0, 1500.0)}
    places = np.arange(5.0, 4000.0, 10.0)
    inside = (places > 300.0) & (places < 1500.0)
    without = _sited(tmp_path / "not", 'not_in = "park.geojson"', files=files)
    assert not any(300.0 < x < 1500.0 for x in _meters(without))
    assert without.plan.gain == without.measured_gain == _best(places[~inside], 2)
    within = _sited(tmp_path / "only", 'only_in = "park.geojson"', files=files)
    assert all(300.0 <= x <= 1500.0 for x in _meters(within))
    assert within.plan.gain == within.measured_gain == _best(places[inside], 2)


def test_outlines_that_are_none_are_faults(tmp_path: Path) -> None:
    with pytest.raises(InputFaultsError, match=r"park\.geojson"):
        _sited(tmp_path, 'not_in = "park.geojson"')


def test_services_that_no_station_takes_on(tmp_path: Path) -> None:
    """Nothing is proposed for a service with site = false, unless it is asked for by name."""
    services = SERVICE.format(id="a") + SERVICE.format(id="school") + "site = false\n"
    found = _sited(tmp_path / "left", "", services=services)
    assert {one for proposal in found.plan.proposals for one in proposal.services} == {"a"}
    named = _sited(tmp_path / "named", 'services = ["school"]', services=services)
    assert {one for proposal in named.plan.proposals for one in proposal.services} == {"school"}


def test_a_compound_keeps_one_station(tmp_path: Path) -> None:
    """Three compounds, places for 200 people at a station, who come the less the farther they live (E2SFCA).

    Of each compound a station serves R W, where R are its places for each of those who come and W
    weighs them: 1, 0.68 and 0.22 by thirds of the limit (Luo and Qi 2009). What two stations give
    to a compound adds up, unless it keeps to one.
    """
    homes = ((710, 100), (1190, 300), (1810, 100))
    needs = '[[needs]]\nservice = "*"\nlimit = 500\nplaces_per_1000 = 1000\nsource = "drawn"\n'
    plans = {}
    for name, rule in (("shared", "false"), ("one", "true")):
        write_study(
            tmp_path / name,
            stations=table("id,name,services", [("S1", 4000, "s", "a")]),
            blocks=table("id,name,people", [(f"B{x}", x, f"B{x}", people) for x, people in homes]),
            toml=f'{SERVICE.format(id="a")}\n[siting]\ncandidates = "streets"\nspacing_m = 100\n'
            f"station_capacity = 200\nsingle_source = {rule}\n",
            needs=needs,
        )
        plans[name] = read_study(tmp_path / name).site(new=2)

    # by the formula, for all pairs of places
    people = np.array([many for _, many in homes], dtype=float)
    away_m = np.abs(np.arange(0, 4001, 100)[:, None] - np.array([x for x, _ in homes]))
    coming = np.select([away_m <= 500 / 3, away_m <= 1000 / 3, away_m <= 500], [1.0, 0.68, 0.22])
    shares = np.minimum(1.0, 200.0 / np.maximum(coming @ people, 1e-9)[:, None] * coming)
    pairs = list(combinations(range(len(shares)), 2))
    best = max(float(people @ np.maximum(shares[a], shares[b])) for a, b in pairs)
    added = max(float(people @ np.minimum(shares[a] + shares[b], 1.0)) for a, b in pairs)
    assert best < added
    assert plans["one"].plan.gain == pytest.approx(best)
    assert plans["shared"].plan.gain == pytest.approx(added)
    # a run, in which they add up, finds as much at least
    assert plans["one"].measured_gain >= plans["one"].plan.gain - 1e-9


@pytest.mark.parametrize("goal", ["distance", "worst", "all"])
def test_one_station_each_is_about_limits(tmp_path: Path, goal: str) -> None:
    with pytest.raises(InvalidValueError, match="single_source counts people within the limits"):
        _sited(tmp_path, f'single_source = true\ngoal = "{goal}"')


def test_a_proposal_on_an_island_is_named(tmp_path: Path) -> None:
    """Isle Street lies 2 km off, joined to nothing: its 70 of 130 people are said to be there."""
    ways = json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "properties": {"name": name},
                    "geometry": {"type": "LineString", "coordinates": [lonlat(x, y) for x in xs]},
                }
                for name, y, xs in (
                    ("Long Street", 0.0, (0.0, 2000.0, 4000.0)),
                    ("Isle Street", 2000.0, (0.0, 700.0)),
                )
            ],
        }
    )
    lon, lat = lonlat(300.0, 2000.0)
    blocks = table("id,name,people", [("B1", 500, "B1", 60), ("B2", 3500, "B2", 100)])
    write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 3500, "s", "a")]),
        blocks=f"{blocks}B3,{lon},{lat},B3,70\n",
        toml=f'{SERVICE.format(id="a")}\n[siting]\ncandidates = "streets"\ndoubt = "weigh"\n',
        files={"ways.geojson": ways},
    )
    found = read_study(tmp_path).site(new=2)
    assert found.plan.gain == found.measured_gain == 130.0
    assert found.plan.solution.status is Status.OPTIMAL
    said = [note for note in found.plan.notes if "joins to the rest" in note]
    assert said
    assert said[0].startswith("P1 stands on streets")
    assert "54% of the gain" in said[0]
