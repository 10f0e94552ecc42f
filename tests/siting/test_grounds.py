"""Where a station may stand, and the places among which a best plan is found."""

from __future__ import annotations

from itertools import combinations
from types import SimpleNamespace

import numpy as np
import pytest
import shapely

from towns import Line, Street, network, town
from walkshed.model.arrays import read_only
from walkshed.model.ground.extract import NO_FEATURES, Extract, Features, Ways
from walkshed.model.ground.network import StreetNetwork
from walkshed.siting.grounds.dominating import Asking, ends_of_walks, undominated
from walkshed.siting.grounds.ground import Ground, all_ground, ground_of
from walkshed.siting.grounds.rules import excluded, ground_rules
from walkshed.siting.grounds.tracks import Tracks, places_along, tracks
from walkshed.siting.planning.candidates import street_positions
from walkshed.walk.anchors import snap
from walkshed.walk.distances import pairs

#: Two streets that meet at (600, 0), the upright one large.
CROSSING = (
    """
    . . . . . . C . . . . . .
    A . . . . . B . . . . . D
    . . . . . . E . . . . . .
    """,
    "A-B-D",
)


def _town(highway: str = "primary") -> StreetNetwork:
    picture, small = CROSSING
    return town(picture, small, Street("C-B-E", highway=highway)).net


def _extract(net: StreetNetwork, *land: tuple[dict[str, str], object]) -> Extract:
    """The drawn town as an extract, with land."""
    highways = [net.highway_classes[number] for number in net.highway]
    areas = Features(
        ("w",) * len(land),
        np.arange(1, len(land) + 1),
        tuple(tags for tags, _ in land),
        np.array([shape for _, shape in land], dtype=object),
        (np.empty(0, dtype=np.int64),) * len(land),
    )
    ways = Ways(
        net.way_id,
        tuple({"highway": highway} for highway in highways),
        net.vertex_from,
        np.arange(len(net.vertex_xy)),
        net.vertex_xy,
    )
    return Extract(
        source="",
        digest="",
        data_date=None,
        bounds=(0, 0, 1, 1),
        ways=ways,
        way_node_tags={},
        areas=areas,
        buildings=NO_FEATURES,
        places=NO_FEATURES,
        gates=NO_FEATURES,
        entrances=NO_FEATURES,
    )


def test_stations_stand_beside_the_roadway_of_a_large_street() -> None:
    net = _town()
    ground = ground_of(net, _extract(net))
    xy = street_positions(net, spacing_m=50.0, ground=ground, min_component_m=0.0)[0].xy
    from_roadway = np.abs(xy[:, 0] - 600.0)
    assert from_roadway.min() >= 12.0
    beside = from_roadway < 20.0
    assert {13.0} <= set(np.round(from_roadway[beside], 6))
    assert {-1, 1} == set(np.sign(xy[beside & (np.abs(xy[:, 1] - 100.0) > 20), 0] - 600.0))
    # without an extract the class of the street says as much
    alone = street_positions(net, spacing_m=50.0, ground=ground_of(net, None), min_component_m=0.0)
    assert np.array_equal(alone[0].xy, xy)
    # small streets are stood on
    small = _town("residential")
    ground = ground_of(small, _extract(small))
    xy = street_positions(small, spacing_m=50.0, ground=ground, min_component_m=0.0)[0].xy
    assert [600.0, 100.0] in xy.tolist()


@pytest.mark.parametrize(
    "tags",
    [
        {"amenity": "school"},
        {"amenity": "university"},
        {"landuse": "military"},
        {"landuse": "railway"},
        {"landuse": "industrial"},
        {"natural": "water"},
    ],
)
def test_no_station_on_excluded_land(tags: dict[str, str]) -> None:
    net = _town("residential")
    campus = shapely.box(130.0, 50.0, 370.0, 150.0)
    ground = ground_of(net, _extract(net, (tags, campus), ({"landuse": "residential"}, campus)))
    xy = street_positions(net, spacing_m=20.0, ground=ground, min_component_m=0.0)[0].xy
    assert not shapely.contains_xy(campus, xy).any()
    assert shapely.contains_xy(campus.buffer(15.0), xy).sum() >= 2
    assert not ground.admits(np.array([[200.0, 100.0]]))[0]
    assert ground.admits(np.array([[120.0, 100.0]]))[0]


def test_outlines_of_the_planner() -> None:
    net = _town("residential")
    west = shapely.box(-50.0, -50.0, 300.0, 300.0)
    for ground, side in (
        (ground_of(net, None, not_in=west), 1.0),
        (ground_of(net, None, only_in=west), -1.0),
    ):
        xy = street_positions(net, spacing_m=20.0, ground=ground, min_component_m=0.0)[0].xy
        assert len(xy) > 10
        assert (side * (xy[:, 0] - 300.0) > 0).all()


def test_rules_say_what_they_exclude() -> None:
    rules = ground_rules()
    assert excluded({"highway": "footway", "tunnel": "yes"}, rules.ways) == "tunnel"
    assert excluded({"highway": "footway", "bridge": "yes"}, rules.ways) == "bridge"
    assert excluded({"highway": "footway", "footway": "sidewalk"}, rules.ways) == ""
    assert excluded({"amenity": "college"}, rules.grounds) == "school or campus"
    assert excluded({"landuse": "residential"}, rules.grounds) == ""
    assert all(what for _, what in (*rules.ways, *rules.grounds))


def _drawn(seed: int) -> tuple[StreetNetwork, SimpleNamespace]:
    """A crooked grid of streets and residents beside it."""
    rng = np.random.default_rng(seed)
    nodes = [
        (120.0 * column + rng.uniform(-30, 30), 120.0 * line + rng.uniform(-30, 30))
        for line in range(3)
        for column in range(3)
    ]
    joined = [(n, n + 1) for n in range(9) if n % 3 < 2] + [(n, n + 3) for n in range(6)]
    lines = [Line(a, b, (nodes[a], nodes[b])) for a, b in joined if rng.random() < 0.9]
    net = network(nodes, lines)
    homes = rng.uniform(-20, 260, (14, 2))
    anchors = snap(net, homes, max_snap_m=100.0)
    return net, SimpleNamespace(anchors=anchors, weight=np.ones(len(homes)))


def _served(
    net: StreetNetwork, demand: SimpleNamespace, xy: np.ndarray, asking: Asking
) -> np.ndarray:
    """(places, rows) who is served from where, by the distances of the walk itself."""
    walks = pairs(net, demand.anchors, snap(net, xy, max_snap_m=100.0), limit_m=1000.0)
    meters = np.full((len(demand.weight), len(xy)), np.inf)
    meters[walks.point, walks.station] = walks.distance_m
    return (meters[asking.point] <= asking.limit[:, None]).T


def _grid(net: StreetNetwork, ground: Ground, step_m: float) -> tuple[Tracks, np.ndarray]:
    stretches = tracks(net, ground, np.ones(net.edge_count, dtype=bool))
    xy = [
        places_along(net, stretches, np.array([row]), np.array([meters]))[0]
        for row in range(len(stretches.edge))
        for meters in np.arange(stretches.low_m[row], stretches.high_m[row], step_m)
    ]
    return stretches, np.array(xy)


@pytest.mark.parametrize("seed", range(6))
def test_no_place_of_a_fine_grid_serves_more_than_where_walks_end(seed: int) -> None:
    net, demand = _drawn(seed)
    rng = np.random.default_rng(100 + seed)
    point = np.flatnonzero(demand.anchors.on_network)
    limit = rng.choice([60.0, 100.0, 150.0], len(point))
    asking = Asking(None, read_only(point, np.int64), limit)
    stretches, grid_xy = _grid(net, all_ground(net), 0.5)

    ends = ends_of_walks(net, demand, stretches, (asking,))  # type: ignore[arg-type]
    assert ends is not None
    kept = undominated(ends, len(point))
    xy = places_along(net, stretches, ends.stretch[kept], ends.offset_m[kept])
    ours, grid = (_served(net, demand, places, asking) for places in (xy, grid_xy))

    # what is said of each place is what walking says, and nothing is kept that another outdoes
    for row, place in zip(kept, ours, strict=True):
        assert np.flatnonzero(place).tolist() == ends.served(row).tolist()
    for one, other in combinations(range(len(ours)), 2):
        assert (ours[one] & ~ours[other]).any()
        assert (ours[other] & ~ours[one]).any()

    # every place of the grid is outdone by one of ours, so every plan on it is, too
    outdone = (grid[:, None, :] <= ours[None, :, :]).all(axis=2).any(axis=1)
    assert outdone.all()
    weight = rng.integers(1, 50, len(point)).astype(float)
    two = [
        max((a | b) @ weight for a, b in combinations(np.unique(s, axis=0), 2))
        for s in (grid, ours)
    ]
    assert two[0] <= two[1]
