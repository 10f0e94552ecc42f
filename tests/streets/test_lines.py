"""Networks from drawn lines, in meters."""

from __future__ import annotations

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from walkshed.errors import InvalidValueError
from walkshed.model.ground.plane import Plane
from walkshed.streets.drawn.joints import join_places
from walkshed.streets.drawn.lines import network_from_lines

PLANAR = Plane(planar=True)


def network(*lines, plane=PLANAR, **choices):
    return network_from_lines(
        np.array([shapely.LineString(line) for line in lines], dtype=object), plane=plane, **choices
    )


def test_a_shared_vertex_is_a_junction_also_in_the_middle_of_lines():
    net = network([(0, 0), (50, 0), (100, 0)], [(50, -50), (50, 0), (50, 50)])
    assert sorted(net.edge_m.tolist()) == [50, 50, 50, 50]
    assert len(net.component_m) == 1
    assert net.node_count == 5
    assert net.notes == ()


def test_a_crossing_without_a_shared_vertex_is_a_bridge():
    net = network([(0, 0), (100, 0)], [(40, -30), (40, 50)])
    assert net.edge_m.tolist() == [100, 80]
    assert net.component.tolist() == [0, 1]


def test_crossings_are_split_on_demand():
    net = network([(0, 0), (100, 0)], [(40, -30), (40, 50)], split_crossings=True)
    assert sorted(net.edge_m.tolist()) == [30, 40, 50, 60]
    assert len(net.component_m) == 1


def test_split_crossings_joins_ends_that_touch_and_lines_that_overlap():
    net = network([(0, 0), (100, 0)], [(40, 0), (40, 50)], [(60, 0), (80, 0)], split_crossings=True)
    # the stretch from 60 to 80 is drawn twice
    assert sorted(net.edge_m.tolist()) == [20, 20, 20, 20, 40, 50]
    assert len(net.component_m) == 1


def test_a_line_that_crosses_itself_is_split_on_demand():
    course = [(0, 0), (100, 0), (100, 50), (50, 50), (50, -50)]
    assert network(course).edge_count == 1
    net = network(course, split_crossings=True)
    assert sorted(net.edge_m.tolist()) == [50, 50, 200]


def test_vertices_within_a_centimeter_are_one_place_and_no_more():
    assert len(network([(0, 0), (100, 0)], [(100.01, 0), (200, 0)]).component_m) == 1
    assert len(network([(0, 0), (100, 0)], [(100.011, 0), (200, 0)]).component_m) == 2


def test_the_ends_of_edges_lie_on_their_nodes():
    net = network([(0, 0), (100, 0)], [(100.006, 0.006), (200, 0)])
    first, last = net.vertex_from[:-1], net.vertex_from[1:] - 1
    assert np.array_equal(net.vertex_xy[first], net.node_xy[net.edge_start])
    assert np.array_equal(net.vertex_xy[last], net.node_xy[net.edge_end])


def test_a_dense_line_does_not_shrink_to_a_point():
    """Vertices every 5 mm: neighbors are within a centimeter of each other all along the line."""
    net = network([(step * 0.005, 0) for step in range(2001)])
    assert net.edge_count == 1
    assert net.edge_m[0] == pytest.approx(10, abs=0.01)


def test_near_misses_are_counted_in_a_note():
    net = network(
        [(0, 0), (100, 0)], [(50, 0.5), (50, 80)], [(100, 0.9), (100, 80)], [(0, 1.1), (0, 80)]
    )
    assert net.notes == (
        (
            "3 lines end within 1 m of another line without touching it; snap their ends together "
            "where people can pass"
        ),
    )  # 50 and 100 to the street, and the street's own end to the line at 100


def test_ends_on_a_line_without_a_vertex_there_are_told_with_their_cure():
    """Three side streets end on the street's own line, one stops half a meter before it."""
    lines = [
        [(0, 0), (100, 0)],
        *([(x, 0), (x, 80)] for x in (20, 40, 60)),
        [(80, 0.5), (80, 80)],
    ]
    touching, near = network(*lines).notes
    assert touching == (
        "3 lines end on another line that has no vertex there, and do not join it; "
        "set split_crossings = true, and lines join where they touch or cross"
    )
    assert near.startswith("1 line ends within 1 m of another line without touching it")
    assert network(*lines, split_crossings=True).notes == (near,)


def test_a_short_stub_is_no_near_miss():
    assert network([(0, 0), (50, 0)], [(50, 0), (100, 0)], [(50, 0), (50, 0.5)]).notes == ()


def test_loops_parallel_and_zero_length_lines_survive():
    net = network(
        [(0, 0), (9, 0), (9, 9), (0, 0)], [(0, 0), (5, 0)], [(0, 0), (5, 0)], [(7, 7), (7, 7)]
    )
    assert sorted(net.edge_m.tolist()) == pytest.approx([0, 5, 5, 18 + 9 * 2**0.5], abs=1e-3)
    assert net.edge_count == 4


def test_attributes_go_with_their_lines():
    net = network(
        [(0, 0), (50, 0), (100, 0)],
        [(50, 0), (50, 40)],
        names=["长街", ""],
        highway=["residential", "steps"],
        is_private=[False, True],
        source="lanes.gpkg",
    )
    assert [net.names[code] for code in net.name] == ["长街", "长街", ""]
    assert net.steps.tolist() == [False, False, True]
    assert net.private.tolist() == [False, False, True]
    assert net.forward.all()
    assert net.backward.all()
    assert (net.profile, net.source, net.bounds_xy) == ("lines", "lanes.gpkg", None)


def test_heights_are_dropped():
    assert network([(0, 0, 5), (3, 4, 900)]).edge_m.tolist() == [5]


def test_degrees_are_measured_on_the_ellipsoid():
    """A minute of longitude on the equator: 1855.325 m, by the definition of WGS84's semi-major axis."""
    net = network([(100, 0), (100 + 1 / 60, 0)], plane=Plane(lon0=100, lat0=0), beyond="unknown")
    assert net.edge_m[0] == pytest.approx(2 * np.pi * 6378137 / 360 / 60, abs=1e-3)
    assert net.bounds_xy is not None


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "no line at all"),
        ([shapely.Point(1, 2)], r"line 0: POINT \(1 2\) is not a LineString"),
        ([shapely.LineString()], "line 0: LINESTRING EMPTY is not a LineString"),
        ([None], "line 0: None is not a LineString"),
        ([shapely.LineString([(0, 0), (float("inf"), 1)])], "line 0: has a vertex at"),
    ],
)
def test_what_is_no_line(lines, says):
    array = np.empty(len(lines), dtype=object)
    array[:] = lines
    with pytest.raises(InvalidValueError, match=says):
        network_from_lines(array, plane=PLANAR)


def test_places_do_not_depend_on_the_order_of_vertices():
    rng = np.random.default_rng(5)
    xy = np.round(rng.uniform(0, 0.2, (300, 2)), 3)
    place, lender = join_places(xy, 0.01)
    order = rng.permutation(len(xy))
    again, lender_again = join_places(xy[order], 0.01)
    assert np.array_equal(again, place[order])
    assert np.array_equal(xy[order][lender_again], xy[lender])
    assert (np.hypot(*(xy - xy[lender][place]).T) <= 0.01 + 1e-9).all()


def test_a_line_of_no_length_joins_the_line_it_lies_on():
    net = network([(0.0, 0.0), (0.0, 200.0)], [(0.0, 100.0), (0.0, 100.0)], split_crossings=True)
    assert len(net.component_m) == 1
    assert net.edge_m.sum() == 200.0


@settings(max_examples=60, deadline=None)
@given(
    lines=st.lists(
        st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=2, max_size=4),
        min_size=1,
        max_size=7,
    ),
    split=st.booleans(),
    data=st.data(),
)
def test_length_is_kept_and_the_order_of_lines_does_not_matter(lines, split, data):
    lines = [[(x * 100.0, y * 100.0) for x, y in line] for line in lines]
    net = network(*lines, split_crossings=split)
    total = sum(shapely.LineString(line).length for line in lines)
    assert net.edge_m.sum() == pytest.approx(total, abs=1e-3 * (net.edge_count + 1))
    other = network(*data.draw(st.permutations(lines)), split_crossings=split)
    assert sorted(other.edge_m.tolist()) == sorted(net.edge_m.tolist())
    assert np.array_equal(other.component_m, net.component_m)
    if split:  # what touches on paper hangs together in the network
        drawn = shapely.buffer([shapely.LineString(line) for line in lines], 0.001)
        assert len(net.component_m) == len(shapely.get_parts(shapely.union_all(drawn)))
