"""The Python API on a town drawn by hand: frames in, frames out, on the caller's index and CRS."""

from __future__ import annotations

from dataclasses import replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from pandas.testing import assert_frame_equal
from shapely import LineString, Point

import walkshed as ws

WALKERS = ("adult", "older", "pram", "wheelchair")

# A cross of 800 m by 800 m, its center at (0, 0).
LINES = gpd.GeoDataFrame(
    {"name": ["West Street", "East Street", "North Street", "South Street"]},
    geometry=[
        LineString([(-400, 0), (0, 0)]),
        LineString([(0, 0), (400, 0)]),
        LineString([(0, 0), (0, 400)]),
        LineString([(0, -400), (0, 0)]),
    ],
)
NET = ws.streets_from_lines(LINES)
POINTS = gpd.GeoDataFrame(
    {"note": ["a", "b", "c"]},
    geometry=[Point(-300, 10), Point(0, -250), Point(900, 900)],
    index=["p", "q", "r"],
)
STATIONS = gpd.GeoDataFrame(geometry=[Point(100, 0), Point(0, 300)], index=["east", "north"])

# The same town on the Earth: UTM zone 50N, near 117° E on the equator's side of 30° N, scale
# 0.9996.
ORIGIN = np.array([500_000.0, 3_300_000.0])


def on_earth(frame: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    moved = frame.copy()
    moved.geometry = shapely.transform(frame.geometry.array, lambda xy: xy + ORIGIN)
    return moved.set_crs("EPSG:32650")


def test_nearest_is_solved_by_hand() -> None:
    found = ws.nearest(NET, POINTS, STATIONS, limit_m=420)
    expected = pd.DataFrame(
        {
            "station": ["east", "east", None],
            "distance_m": [10 + 300 + 100, 250 + 100, np.nan],
            "second_station": ["north", "north", None],
            "second_distance_m": [10 + 300 + 300, 250 + 300, np.nan],
            "leg_m": [10.0, 0.0, np.nan],
            "status": ["served", "served", "off_network"],
        },
        index=["p", "q", "r"],
    )
    assert_frame_equal(found, expected, check_dtype=False)


def test_beyond_the_limit_the_nearest_is_still_named() -> None:
    found = ws.nearest(NET, POINTS, STATIONS, limit_m=300)
    assert found["status"].tolist() == ["too_far", "too_far", "off_network"]
    assert found["station"].tolist()[:2] == ["east", "east"]


def test_distances_are_the_pairs_within_the_limit() -> None:
    found = ws.distances(NET, POINTS, STATIONS, limit_m=550)
    assert found.to_dict("list") == {
        "origin": ["p", "q", "q"],
        "destination": ["east", "east", "north"],
        "distance_m": [410.0, 350.0, 550.0],
    }


def test_catchments_measure_the_streets_reached() -> None:
    found = ws.catchments(NET, STATIONS, limits_m=[300, 100])
    assert found[["station", "limit_m"]].to_numpy().tolist() == [
        ["east", 100],
        ["east", 300],
        ["north", 100],
        ["north", 300],
    ]
    # East at 300 m: 100 m back to the crossing, 200 m along three arms, 300 m eastwards.
    assert found["street_m"].tolist() == [200, 100 + 600 + 300, 200, 300 + 100]
    assert found.geometry.is_valid.all()
    assert found["area_m2"].to_numpy() == pytest.approx(found.geometry.area.to_numpy())


def test_catchment_pieces_are_exact_lines_with_their_names() -> None:
    found = ws.catchments(NET, STATIONS.iloc[[0]], limits_m=[300], pieces=True)
    by_name = found.groupby("name").geometry.apply(lambda lines: sum(line.length for line in lines))
    assert by_name.to_dict() == {
        "East Street": 400,
        "North Street": 200,
        "South Street": 200,
        "West Street": 200,
    }


def test_route_names_the_streets_and_sums_to_the_distance() -> None:
    found = ws.route(NET, POINTS.iloc[[0]], STATIONS.iloc[[1]])
    assert found[found["meters"] > 0][["name", "kind", "meters"]].to_numpy().tolist() == [
        ["", "leg", 10],
        ["West Street", "street", 300],
        ["North Street", "street", 300],
    ]
    lengths = found.geometry.length[found["meters"] > 0]
    assert lengths.tolist() == [10, 300, 300]


def test_without_a_path_the_route_is_empty() -> None:
    lines = pd.concat(
        [LINES, gpd.GeoDataFrame({"name": ["Far"]}, geometry=[LineString([(5000, 0), (5600, 0)])])]
    )
    net = ws.streets_from_lines(lines)
    assert len(ws.route(net, POINTS.iloc[[0]], gpd.GeoSeries([Point(5100, 0)]))) == 0


def test_results_come_in_the_callers_crs_and_meters_are_geodesic() -> None:
    net = ws.streets_from_lines(on_earth(LINES))
    points, stations = on_earth(POINTS), on_earth(STATIONS)
    found = ws.nearest(net, points, stations)
    # Meters on the ground are longer than on the map by 1/0.9996.
    assert found["distance_m"].to_numpy()[:2] == pytest.approx(
        np.array([410, 350]) / 0.9996, rel=1e-5
    )
    area = ws.catchments(net, stations, limits_m=[300])
    assert area.crs == stations.crs
    assert area.geometry.iloc[0].bounds == pytest.approx(
        (ORIGIN[0] - 225, ORIGIN[1] - 225, ORIGIN[0] + 425, ORIGIN[1] + 225), abs=2
    )
    in_degrees = ws.nearest(net, points.to_crs("EPSG:4326"), stations.to_crs("EPSG:4326"))
    assert in_degrees["distance_m"].to_numpy()[:2] == pytest.approx(
        found["distance_m"].to_numpy()[:2], abs=0.01
    )


def test_ties_go_to_the_label_that_sorts_first_and_rows_may_be_permuted() -> None:
    twins = gpd.GeoDataFrame(geometry=[Point(100, 0), Point(-100, 0)], index=["b", "a"])
    middle = gpd.GeoSeries([Point(0, 200)])
    for stations in (twins, twins.iloc[::-1]):
        assert ws.nearest(NET, middle, stations).loc[0, ["station", "second_station"]].tolist() == [
            "a",
            "b",
        ]
    straight = ws.nearest(NET, POINTS, STATIONS)
    turned = ws.nearest(NET, POINTS.iloc[::-1], STATIONS.iloc[::-1])
    assert_frame_equal(straight, turned.loc[POINTS.index])


@pytest.mark.parametrize("door", ["nearest", "distances", "catchments", "route"])
def test_frames_come_back_unchanged(door: str) -> None:
    points, stations = POINTS.copy(), STATIONS.copy()
    match door:
        case "nearest":
            ws.nearest(NET, points, stations)
        case "distances":
            ws.distances(NET, points, stations, limit_m=500)
        case "catchments":
            ws.catchments(NET, stations, limits_m=[200])
        case "route":
            ws.route(NET, points.iloc[[0]], stations.iloc[[0]])
    assert_frame_equal(points, POINTS)
    assert_frame_equal(stations, STATIONS)


def test_an_area_stands_at_a_point_inside_it() -> None:
    hall = gpd.GeoDataFrame(geometry=[shapely.box(90, -10, 110, 10)], index=["hall"])
    assert ws.nearest(NET, POINTS.iloc[[1]], hall)["distance_m"].tolist() == [350]


def test_no_station_is_an_answer() -> None:
    found = ws.nearest(NET, POINTS, STATIONS.iloc[:0])
    assert found["status"].tolist() == ["no_provider", "no_provider", "off_network"]
    assert len(ws.distances(NET, POINTS, STATIONS.iloc[:0], limit_m=100)) == 0
    assert len(ws.nearest(NET, POINTS.iloc[:0], STATIONS)) == 0


EARTH = ws.streets_from_lines(on_earth(LINES))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (
            lambda: ws.nearest(EARTH, POINTS, on_earth(STATIONS)),
            r"points have no CRS; say what their coordinates are",
        ),
        (
            lambda: ws.nearest(NET, on_earth(POINTS), STATIONS),
            r"points have the CRS EPSG:32650, but the streets are",
        ),
        (
            lambda: ws.nearest(NET, pd.DataFrame({"x": [1]}), STATIONS),
            r"points: DataFrame is not a GeoDataFrame",
        ),
        (
            lambda: ws.nearest(NET, gpd.GeoSeries([None, Point(0, 0)]), STATIONS),
            r"points: 1 row has no geometry \(0\)",
        ),
        (
            lambda: ws.nearest(
                EARTH, gpd.GeoSeries([Point(30, 117)], crs="EPSG:4326"), on_earth(STATIONS)
            ),
            r"rows 0 lie nowhere on Earth; check the CRS",
        ),
        (
            lambda: ws.nearest(NET, POINTS, STATIONS.set_axis(["x", "x"])),
            r"index label 'x' stands twice",
        ),
        (
            lambda: ws.nearest(NET, POINTS, STATIONS, limit_m=-1),
            r"limit -1 is not a valid distance",
        ),
        (lambda: ws.nearest(NET, POINTS, STATIONS, walker="cat"), r"walker 'cat' is not known"),
        (lambda: ws.catchments(NET, STATIONS, limits_m=[]), r"limits_m is empty"),
        (lambda: ws.catchments(NET, STATIONS, limits_m=[0]), r"limit 0 is not a valid distance"),
        (
            lambda: ws.distances(NET, POINTS, STATIONS, limit_m=float("nan")),
            r"nan is not a valid distance",
        ),
        (lambda: ws.route(NET, POINTS, STATIONS.iloc[[0]]), r"point has 3 rows; give one"),
        (
            lambda: ws.streets_from_lines(POINTS),
            r"lines: geometry Point found; give LineString or MultiLineString",
        ),
        (
            lambda: ws.streets_from_lines(
                gpd.GeoSeries([LineString([(116.1, 23.5), (116.2, 23.6)])])
            ),
            r"these look like degrees, and meters are meant; say so with set_crs",
        ),
        (lambda: ws.streets_from_lines(LINES.iloc[:0]), r"lines: the frame is empty"),
        (
            lambda: ws.nearest(NET, POINTS, STATIONS, limit_m="500"),
            r"limit '500' is not a valid distance",
        ),
        (
            lambda: ws.catchments(NET, STATIONS, limits_m=500),
            r"limits_m = 500 is not a list; give one, such as \[500\]",
        ),
        (
            lambda: ws.streets_from_lines(
                gpd.GeoSeries([LineString([(113.5, 22.1), (121.0, 31.0)])])
            ),
            r"these look like degrees",
        ),
        (lambda: ws.read_streets("nowhere.osm.pbf"), r"nowhere.osm.pbf"),
    ],
)
def test_what_cannot_be_done_is_said_with_its_cure(call, message: str) -> None:
    with pytest.raises(ws.WalkshedError, match=message):
        call()


def test_crossings_are_bridges_unless_asked() -> None:
    cross = gpd.GeoSeries([LineString([(-300, 0), (300, 0)]), LineString([(0, -300), (0, 300)])])
    start, goal = gpd.GeoSeries([Point(-100, 0)]), gpd.GeoSeries([Point(0, 100)])
    assert ws.nearest(ws.streets_from_lines(cross), start, goal)["status"].tolist() == ["cut_off"]
    joined = ws.streets_from_lines(cross, split_crossings=True)
    assert ws.nearest(joined, start, goal)["distance_m"].tolist() == [200]


def test_public_names_are_all_there() -> None:
    for name in ws.__all__:
        assert getattr(ws, name) is not None
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        ws.nonsense  # noqa: B018


def test_a_network_in_a_notebook_is_one_line() -> None:
    assert repr(NET) == "StreetNetwork(lines: 4 edges, 1.6 km, undated)"


def test_osmnx_can_work_with_what_it_gets_back() -> None:
    import osmnx

    graph = ws.to_networkx(EARTH)
    assert osmnx.stats.basic_stats(graph)["n"] == 5
    merged = osmnx.consolidate_intersections(
        osmnx.project_graph(graph), tolerance=10, dead_ends=True
    )
    assert len(merged) == 5


def test_a_wheelchair_goes_round_the_steps() -> None:
    square = ws.streets_from_lines(
        gpd.GeoDataFrame(
            geometry=[
                LineString([(0, 0), (100, 0)]),
                LineString([(0, 0), (0, 200), (100, 200), (100, 0)]),
            ]
        )
    )
    stepped = replace(square, steps=np.array([True, False]))
    points, stations = gpd.GeoSeries([Point(0, 0)]), gpd.GeoSeries([Point(100, 0)])
    found = {
        walker: ws.nearest(stepped, points, stations, walker=walker).distance_m[0]
        for walker in WALKERS
    }
    assert found == {"adult": 100, "older": 100, "pram": 500, "wheelchair": 500}
    assert ws.distances(stepped, points, stations, limit_m=499, walker="pram").empty
    assert len(ws.distances(stepped, points, stations, limit_m=500, walker="pram")) == 1
    whole = {
        w: ws.catchments(stepped, stations, limits_m=[250], walker=w).street_m[0] for w in WALKERS
    }
    # 100 + 250, and 150 by A
    assert whole == {"adult": 500, "older": 500, "pram": 250, "wheelchair": 250}
    ways = {w: ws.route(stepped, points.iloc[[0]], stations.iloc[[0]], walker=w) for w in WALKERS}
    assert {w: way["meters"].sum() for w, way in ways.items()} == found
    assert [way["steps"].tolist() for way in ways.values()] == [[True], [True], [False], [False]]
    for ask in (
        lambda: ws.catchments(stepped, stations, limits_m=[250], walker="cat"),
        lambda: ws.route(stepped, points, stations, walker="cat"),
    ):
        with pytest.raises(ValueError, match="walker 'cat' is not known; write one of adult"):
            ask()
