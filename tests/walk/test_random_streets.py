"""Random networks in full against networkx, and the properties that planners rely on."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import shapely
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from random_streets import Spot, Streets, anchors, distances, streets
from walkshed.model.ground.walking import Anchors, on_own_feet
from walkshed.walk.distances import nearest, pairs
from walkshed.walk.reach.catchments import catchments
from walkshed.walk.routes.route import route

relaxed = settings(max_examples=100, deadline=None)
LIMITS_M = [2.0, 5.0, 9.0]


def two_best(expected: np.ndarray, rank: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """The two nearest stations of each point by sorting all of them by distance, then rank."""
    station = np.full((len(expected), 2), -1)
    meters = np.full((len(expected), 2), np.inf)
    for i, row in enumerate(expected):
        order = sorted((d, rank[j], j) for j, d in enumerate(row) if np.isfinite(d))[:2]
        for slot, (d, _, j) in enumerate(order):
            station[i, slot], meters[i, slot] = j, d
    return station, meters


def one(found: Anchors, i: int) -> Anchors:
    rows = slice(int(found.start[i]), int(found.start[i + 1]))
    return on_own_feet(
        start=np.array([0, rows.stop - rows.start]),
        edge=found.edge[rows],
        offset_m=found.offset_m[rows],
        leg_m=found.leg_m[rows],
        xy=found.xy[rows],
        point_xy=found.point_xy[i : i + 1],
        nearest_way_m=found.nearest_way_m[i : i + 1],
        door_xy=None if found.door_xy is None else found.door_xy[rows],
    )


@relaxed
@given(streets(), st.randoms(use_true_random=False))
def test_nearest_pairs_and_routes_agree_with_networkx_in_full(town: Streets, random) -> None:
    expected = distances(town)
    net, points, stations = town.net(), anchors(town.points), anchors(town.stations)
    rank = list(range(len(town.stations)))
    random.shuffle(rank)
    station, meters = two_best(expected, rank)
    found = nearest(net, points, stations, rank=rank)
    np.testing.assert_array_equal(found.distance_m, meters)
    np.testing.assert_array_equal(found.station, station)
    for limit_m in (0.0, 4.0, np.inf):
        listed = pairs(net, points, stations, limit_m=limit_m)
        i, j = np.nonzero(np.isfinite(expected) & (expected <= limit_m))
        np.testing.assert_array_equal(listed.point, i)
        np.testing.assert_array_equal(listed.station, j)
        np.testing.assert_array_equal(listed.distance_m, expected[i, j])
    for i in range(min(len(town.points), 2)):
        for j in range(len(town.stations)):
            walked = route(net, one(points, i), one(stations, j))
            assert (walked.distance_m if walked else np.inf) == expected[i, j]


@relaxed
@given(streets())
def test_catchments_hold_exactly_the_places_within_the_limit(town: Streets) -> None:
    net, stations = town.net(), anchors(town.stations)
    found = catchments(net, stations, limits_m=LIMITS_M)
    pieces = found.pieces
    # Limits, legs and offsets are whole, so every cut is: quarters are never on one.
    places = [
        (Spot(e, k + part, 0.0),)
        for e, edge in enumerate(town.edges)
        for k in range(edge.meters)
        for part in (0.25, 0.75)
    ]
    if not places or not town.stations:
        return
    expected = distances(replace(town, points=tuple(places)))
    for station in range(len(town.stations)):
        for limit_m in LIMITS_M:
            own = (pieces.station == station) & (pieces.limit_m == limit_m) & (pieces.edge >= 0)
            for (spot,), meters in zip(places, expected[:, station]):
                on = (
                    own
                    & (pieces.edge == spot.edge)
                    & (pieces.from_m <= spot.offset)
                    & (spot.offset <= pieces.to_m)
                )
                assert bool(on.any()) == bool(meters <= limit_m), (spot, station, limit_m)
                assert on.sum() <= 1


@settings(max_examples=60, deadline=None)
@given(streets())
def test_smaller_catchments_lie_inside_larger_ones_piece_by_piece(town: Streets) -> None:
    found = catchments(town.net(), anchors(town.stations), limits_m=LIMITS_M)
    pieces = found.pieces
    for i in range(len(pieces.edge)):
        larger = (pieces.station == pieces.station[i]) & (pieces.limit_m > pieces.limit_m[i])
        for limit_m in set(pieces.limit_m[larger]) | {
            limit for limit in LIMITS_M if limit > pieces.limit_m[i]
        }:
            holds = (
                (pieces.station == pieces.station[i])
                & (pieces.limit_m == limit_m)
                & (pieces.edge == pieces.edge[i])
            )
            holds &= (pieces.from_m <= pieces.from_m[i]) & (pieces.to_m >= pieces.to_m[i])
            assert holds.any()
    for row in range(len(found.station)):
        own = (pieces.station == found.station[row]) & (pieces.limit_m == found.limit_m[row])
        assert found.street_m[row] == (pieces.to_m - pieces.from_m)[own & (pieces.edge >= 0)].sum()
        assert shapely.is_valid(found.geometry[row])
        assert found.geometry[row].is_empty == (not own.any())
        if row % len(LIMITS_M):
            assert found.geometry[row - 1].difference(found.geometry[row]).area < 1e-6
    order = np.lexsort((pieces.from_m, pieces.edge, pieces.limit_m, pieces.station))
    np.testing.assert_array_equal(order, np.arange(len(order)))


@relaxed
@given(streets(), st.data())
def test_adding_a_station_never_lengthens_a_distance(town: Streets, data: st.DataObject) -> None:
    assume(town.stations)
    net, points = town.net(), anchors(town.points)
    keep = data.draw(st.integers(0, len(town.stations) - 1))
    fewer = nearest(net, points, anchors(town.stations[:keep]))
    more = nearest(net, points, anchors(town.stations))
    assert (more.distance_m <= fewer.distance_m).all()


@relaxed
@given(streets(), st.data())
def test_permuting_rows_permutes_results(town: Streets, data: st.DataObject) -> None:
    net = town.net()
    rows = data.draw(st.permutations(range(len(town.points))))
    columns = data.draw(st.permutations(range(len(town.stations))))
    plain = nearest(net, anchors(town.points), anchors(town.stations))
    moved = nearest(
        net,
        anchors(tuple(town.points[i] for i in rows)),
        anchors(tuple(town.stations[j] for j in columns)),
        rank=columns,  # the station now at row k has the id order it had before
    )
    np.testing.assert_array_equal(moved.distance_m, plain.distance_m[rows])
    named = np.where(moved.station >= 0, np.append(columns, -1).astype(int)[moved.station], -1)
    np.testing.assert_array_equal(named, plain.station[rows])


@settings(max_examples=40, deadline=None)
@given(streets())
def test_inputs_come_back_unchanged_and_twice_is_the_same(town: Streets) -> None:
    net, points, stations = town.net(), anchors(town.points), anchors(town.stations)
    before = [(array, array.copy()) for array in arrays_of(net, net.graph, points, stations)]
    assert not any(array.flags.writeable for array, _ in before)
    first, second = (nearest(net, points, stations) for _ in range(2))
    assert first.distance_m.tobytes() == second.distance_m.tobytes()
    assert first.station.tobytes() == second.station.tobytes()
    one_way, other = (catchments(net, stations, limits_m=LIMITS_M) for _ in range(2))
    assert shapely.to_wkb(one_way.geometry).tolist() == shapely.to_wkb(other.geometry).tolist()
    for array, copy in before:
        np.testing.assert_array_equal(array, copy)


def arrays_of(*values: object) -> list[np.ndarray]:
    found = [getattr(value, name) for value in values for name in value.__slots__]  # type: ignore[attr-defined]
    return [value for value in found if isinstance(value, np.ndarray)]
