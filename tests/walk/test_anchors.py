"""Anchors: the foot of the perpendicular on the nearest usable edge."""

from __future__ import annotations

import numpy as np
import pytest

from towns import Line, network, town
from walkshed.errors import InvalidValueError
from walkshed.model.ground.plane import Plane
from walkshed.walk.anchors import index_edges, snap, usable_components


def test_the_foot_not_the_nearest_node() -> None:
    place = town("A B", "A-B")
    anchors = place.snap((30.0, 12.0))
    assert anchors.edge.tolist() == [0]
    assert anchors.offset_m.tolist() == [30.0]
    assert anchors.leg_m.tolist() == [12.0]
    assert anchors.xy.tolist() == [[30.0, 0.0]]
    assert anchors.nearest_way_m.tolist() == [12.0]
    assert anchors.door_xy is None


def test_offsets_run_along_bends_in_the_edge_s_own_meters() -> None:
    place = town("A b\n. C", "A-b-C")
    anchors = place.snap((105.0, 40.0), (98.0, 103.0))
    assert anchors.offset_m.tolist() == [160.0, 98.0]
    # Degrees: the foot's fraction of its segment times the segment's geodesic meters.
    plane = Plane(lon0=24.94, lat0=60.17)
    net = network(
        [(24.94, 60.17), (24.95, 60.17)],
        [Line(0, 1, ((24.94, 60.17), (24.95, 60.17)))],
        plane=plane,
    )
    middle = plane.to_xy(np.array([[24.945, 60.17]]))
    assert snap(net, middle).offset_m[0] == pytest.approx(net.edge_m[0] / 2, abs=1 / 1024)


def test_streets_equally_near_are_met_each() -> None:
    for streets in (("A-B", "C-D"), ("C-D", "A-B")):
        place = town("A B\nC D", *streets)
        assert place.snap((50.0, 50.0)).edge.tolist() == [0, 1]
        # Within one rounding step they are equally near all the same.
        assert place.snap((50.0, 50.0 + 1e-5)).edge.tolist() == [0, 1]
        assert place.snap((50.0, 50.0 - 1e-5)).edge.tolist() == [0, 1]
        assert len(place.snap((50.0, 50.0 - 0.01)).edge) == 1


def test_streets_that_join_in_the_very_foot_are_met_once() -> None:
    place = town("A B\nC D", "A-B", "A-C")
    assert place.snap((-3.0, 104.0), (0.0, 100.0)).start.tolist() == [0, 1, 2]


def test_two_feet_on_one_street_are_both_met() -> None:
    bend = town("A . B\n. . .\nC . D", "A-B-D-C")
    anchors = bend.snap((100.0, 100.0))
    assert anchors.leg_m.tolist() == [100.0, 100.0, 100.0]
    assert sorted(map(tuple, anchors.xy.tolist())) == [(100.0, 0.0), (100.0, 200.0), (200.0, 100.0)]


def test_beyond_max_snap_a_point_has_no_anchor_but_its_distance() -> None:
    place = town("A B", "A-B")
    anchors = place.snap((50.0, 100.0), (50.0, 100.25), (10.0, 0.0))
    assert anchors.start.tolist() == [0, 1, 1, 2]
    assert anchors.on_network.tolist() == [True, False, True]
    assert anchors.nearest_way_m.tolist() == [100.0, 100.25, 0.0]


def test_doors_of_one_point() -> None:
    place = town("A B", "A-B")
    doors = place.at((10.0, 1.0), (20.0, 500.0), (30.0, 3.0), (40.0, 400.0))
    anchors = snap(place.net, doors, start=[0, 3, 3, 4])
    assert anchors.start.tolist() == [0, 2, 2, 2]
    assert anchors.offset_m.tolist() == [10.0, 30.0]
    assert anchors.nearest_way_m.tolist() == [1.0, np.inf, 400.0]
    assert anchors.point_xy[0].tolist() == [10.0, 1.0]
    assert np.isnan(anchors.point_xy[1]).all()
    assert anchors.door_xy is not None
    assert anchors.door_xy.tolist() == [[10.0, 1.0], [30.0, 3.0]]


def test_a_component_is_usable_when_long_or_when_it_holds_a_station() -> None:
    long = Line(0, 1, ((0.0, 0.0), (501.0, 0.0)))
    short = Line(2, 3, ((0.0, 50.0), (500.0, 50.0)))
    net = network([(0, 0), (501, 0), (0, 50), (500, 50)], [short, long])
    assert net.component_m.tolist() == [501.0, 500.0]
    assert usable_components(net, np.empty((0, 2))).tolist() == [True, False]
    assert usable_components(net, np.array([[10.0, 24.0]])).tolist() == [True, False]
    assert usable_components(net, np.array([[10.0, 26.0]])).tolist() == [True, True]
    assert usable_components(net, np.array([[10.0, 151.0]])).tolist() == [True, False]
    assert usable_components(net, np.array([[10.0, 151.0]]), max_snap_m=101.0).tolist() == [
        True,
        True,
    ]


def test_points_skip_components_that_are_not_usable() -> None:
    place = town("A B C D E F G\n. . H I . . .", "A-B-C-D-E-F-G", "H-I")
    usable = usable_components(place.net, place.at("A"))
    assert usable.tolist() == [True, False]
    point = place.at((250.0, 10.0))
    assert snap(place.net, point).leg_m.tolist() == [10.0]
    anchors = snap(place.net, point, usable=usable)
    assert anchors.leg_m.tolist() == [90.0]
    shared = snap(place.net, point, index=index_edges(place.net, usable=usable))
    assert shared.edge.tolist() == anchors.edge.tolist()


def test_nothing_to_snap_and_nothing_to_snap_to() -> None:
    place = town("A B", "A-B")
    assert snap(place.net, np.empty((0, 2))).start.tolist() == [0]
    nowhere = snap(place.net, place.at("A"), usable=np.array([False]))
    assert nowhere.on_network.tolist() == [False]
    assert nowhere.nearest_way_m.tolist() == [np.inf]


def test_coordinates_that_are_not_finite_are_refused() -> None:
    place = town("A B", "A-B")
    with pytest.raises(InvalidValueError, match=r"row 1: coordinates \(nan, 2.0\) are not finite"):
        snap(place.net, np.array([[1.0, 2.0], [np.nan, 2.0]]))
    with pytest.raises(InvalidValueError, match="max_snap_m = -1"):
        snap(place.net, place.at("A"), max_snap_m=-1)


def test_feet_are_the_nearest_points_by_shapely() -> None:
    import shapely

    rng = np.random.default_rng(3)
    nodes = [tuple(row) for row in rng.uniform(0, 500, (20, 2)).tolist()]
    lines = []
    for i in range(0, 20, 2):
        between = [tuple(row) for row in rng.uniform(0, 500, (3, 2)).tolist()]
        lines.append(Line(i, i + 1, (nodes[i], *between, nodes[i + 1])))
    net = network(nodes, lines)
    points = rng.uniform(0, 500, (200, 2))
    anchors = snap(net, points, max_snap_m=1e6)
    drawn = np.array([shapely.LineString(line.xy) for line in lines])
    distance = shapely.distance(shapely.points(points)[:, None], drawn[None, :])
    np.testing.assert_array_equal(anchors.edge, distance.argmin(axis=1))
    np.testing.assert_allclose(anchors.leg_m, distance.min(axis=1), atol=0.5 / 1024 + 1e-9)
    along = shapely.line_locate_point(drawn[anchors.edge], shapely.points(points))
    np.testing.assert_allclose(anchors.offset_m, along, atol=1 / 1024)
