"""Areas around streets against shapely's buffers: how much they cover, how far they go, and that they nest."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from shapely import MultiPolygon

from walkshed.osm import read_extract
from walkshed.streets.build import build_network
from walkshed.walk.anchors import snap, usable_components
from walkshed.walk.reach import areas
from walkshed.walk.reach.areas import buffer_areas
from walkshed.walk.reach.catchments import catchments

BUFFER_M, CELL_M = 25.0, 1.5
#: The two promises of walkshed.walk.reach.areas, for the cell and the buffer that everybody gets.
LEAST_M = BUFFER_M - CELL_M**2 / 4 / (BUFFER_M - np.sqrt(2) * CELL_M)
MOST_M = BUFFER_M + CELL_M / np.sqrt(2)


def rings(area: MultiPolygon) -> np.ndarray:
    return shapely.get_rings(shapely.get_parts(area))


def along(lines: np.ndarray, step_m: float = 0.25) -> np.ndarray:
    """Places on lines, one at least every quarter of a meter."""
    return shapely.points(shapely.get_coordinates(shapely.segmentize(lines, step_m)))


def far(places: np.ndarray, lines: np.ndarray) -> np.ndarray:
    """Meters from places to the nearest of the lines."""
    _, meters = shapely.STRtree(lines).query_nearest(
        places, return_distance=True, all_matches=False
    )
    return meters


def check(area: MultiPolygon, lines: np.ndarray, *, exact: bool = True) -> None:
    """Hold an area around lines to everything that is promised of it."""
    assert area.geom_type == "MultiPolygon"
    assert shapely.is_valid(area), shapely.is_valid_reason(area)
    true = shapely.union_all(shapely.buffer(lines, BUFFER_M, quad_segs=64))
    if exact:
        assert area.symmetric_difference(true).area <= 0.001 * true.area
    # No ground lies too far, so neither does the outline; all that lies near is in the area, or the
    # outline would be nearer still, or the area would miss a line.
    meters = far(along(rings(area)), lines)
    assert meters.max() <= MOST_M
    assert meters.min() >= LEAST_M
    shapely.prepare(area)
    assert shapely.covers(area, lines).all()


@st.composite
def chains(draw: st.DrawFn) -> list[np.ndarray]:
    """One to four crooked lines, some on the grid of the field, some of no length."""
    place = st.one_of(
        st.integers(-60, 60).map(lambda k: 2.0 * k),
        st.integers(-120_000, 120_000).map(lambda k: k / 1000),
    )
    spot = st.tuples(place, place)
    return [
        np.array(draw(st.lists(spot, min_size=2, max_size=5)))
        for _ in range(draw(st.integers(1, 4)))
    ]


def segments_of(chain: np.ndarray) -> np.ndarray:
    return np.hstack([chain[:-1], chain[1:]])


@settings(max_examples=150, deadline=None)
@given(chains())
def test_areas_around_any_lines_keep_their_promises(lines: list[np.ndarray]) -> None:
    limit = np.repeat(np.arange(len(lines)), [len(chain) - 1 for chain in lines])
    drawn = buffer_areas(
        np.vstack(list(map(segments_of, lines))), limit, len(lines), buffer_m=BUFFER_M
    )
    drawn_lines = np.array([shapely.LineString(chain) for chain in lines])
    for number, area in enumerate(drawn):
        check(area, drawn_lines[: number + 1], exact=False)
    for smaller, larger in pairwise(drawn):
        assert smaller.difference(larger).area < 1e-6


def test_a_house_in_a_ring_of_streets_is_a_part_of_its_own() -> None:
    """A hole belongs to the ground around it, also where other ground lies in the hole, with a hole of its own."""

    def square(half_m: float) -> np.ndarray:
        corners = half_m * np.array([[-1, -1], [1, -1], [1, 1], [-1, 1], [-1, -1]])
        return corners + np.array([7.3, -11.1])

    lines = [
        square(300.0),
        square(150.0),
        np.array([[0.0, 0.0], [30.0, 0.0]]),
        np.array([[500.0, 0], [600.0, 0.0]]),
    ]
    segments = np.vstack(list(map(segments_of, lines)))
    area = buffer_areas(segments, np.zeros(len(segments), dtype=np.int64), 1, buffer_m=BUFFER_M)[0]
    check(area, np.array([shapely.LineString(line) for line in lines]))
    assert sorted(len(part.interiors) for part in area.geoms) == [0, 0, 1, 1]


def test_the_same_ground_wherever_it_stands_and_whatever_stands_around() -> None:
    """Tiles are counted from the plane's origin: what is far away moves no vertex."""
    chain = np.array([[3.1, 4.2], [80.0, 55.5], [120.3, -40.0]])
    alone = buffer_areas(segments_of(chain), np.zeros(2, dtype=np.int64), 1, buffer_m=BUFFER_M)[0]
    away = np.array([[-900.0, -700.0, -890.0, -650.0]])
    both = buffer_areas(
        np.vstack([away, segments_of(chain)]), np.zeros(3, dtype=np.int64), 1, buffer_m=BUFFER_M
    )[0]
    near = [part for part in both.geoms if part.intersects(shapely.LineString(chain))]
    assert len(both.geoms) == 2
    assert shapely.equals_exact(near[0], alone.geoms[0], tolerance=0.0, normalize=True)


def test_ground_larger_than_memory_is_drawn_with_wider_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(areas, "MOST_TILES", 400)
    chain = np.array([[0.0, 0.0], [500.0, 120.0]])
    area = buffer_areas(segments_of(chain), np.zeros(1, dtype=np.int64), 1, buffer_m=BUFFER_M)[0]
    true = shapely.LineString(chain).buffer(BUFFER_M, quad_segs=64)
    assert shapely.is_valid(area)
    assert area.symmetric_difference(true).area < 0.01 * true.area
    assert shapely.get_num_coordinates(area) < 500


def test_no_streets_are_no_ground() -> None:
    nothing = buffer_areas(np.empty((0, 4)), np.empty(0, dtype=np.int64), 2, buffer_m=BUFFER_M)
    assert [area.is_empty for area in nothing] == [True, True]
    late = buffer_areas(np.array([[0.0, 0.0, 9.0, 0.0]]), np.array([1]), 2, buffer_m=BUFFER_M)
    assert [area.is_empty for area in late] == [True, False]


def hold_real_streets(path: Path, stations: int) -> None:
    net = build_network(read_extract(path))
    usable = usable_components(net, np.empty((0, 2)))
    rng = np.random.default_rng(5)
    where = rng.choice(np.flatnonzero(usable[net.component] & net.enterable), stations)
    anchors = snap(
        net,
        net.vertex_xy[net.vertex_from[where]] + rng.uniform(-20, 20, (stations, 2)),
        usable=usable,
    )
    limits_m = [300.0, 500.0, 1000.0]
    found = catchments(net, anchors, limits_m=limits_m, threads=1)
    pieces = found.pieces
    for row, area in enumerate(found.geometry):
        own = (pieces.station == found.station[row]) & (pieces.limit_m == found.limit_m[row])
        check(area, pieces.geometry[own])
        if row % len(limits_m):
            assert found.geometry[row - 1].difference(area).area < 1e-6
    for threads in (2, 3):
        again = catchments(net, anchors, limits_m=limits_m, threads=threads)
        assert shapely.to_wkb(again.geometry).tolist() == shapely.to_wkb(found.geometry).tolist()


def test_areas_in_helsinki_keep_their_promises(helsinki_extract_path: Path) -> None:
    hold_real_streets(helsinki_extract_path, 3)


@pytest.mark.data
@pytest.mark.parametrize(
    "name", ["porto_portugal_r5", "shanghai_baoshan_dachang", "monaco_2016_osrm", "jiangxi_guixi"]
)
def test_areas_in_real_towns_keep_their_promises(test_data: Path, name: str) -> None:
    hold_real_streets(test_data / "osm" / f"{name}.osm.pbf", 6)
