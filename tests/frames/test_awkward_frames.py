"""What notebooks hand in: other indexes, missing labels, places far away, what is no distance. One clear error."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from shapely import LineString, MultiPoint, Point

import walkshed as ws
from frames.test_doors import LINES, POINTS, STATIONS, on_earth

EARTH = ws.streets_from_lines(on_earth(LINES))
PLACES, HALLS = on_earth(POINTS).to_crs("EPSG:4326"), on_earth(STATIONS).to_crs("EPSG:4326")
#: A quarter of the Earth from the town, the other side of it, the poles, and a neighboring country.
FAR = [
    Point(27.0, 0.0),
    Point(-63.0, -29.8),
    Point(0.0, 90.0),
    Point(0.0, -90.0),
    Point(100.0, 14.0),
]

Door = Callable[[Any, Any], Any]
DOORS: dict[str, Door] = {
    "nearest": lambda points, stations: ws.nearest(EARTH, points, stations),
    "distances": lambda points, stations: ws.distances(EARTH, points, stations, limit_m=1e6),
    "catchments": lambda _points, stations: ws.catchments(EARTH, stations, limits_m=[300]),
    "pieces": lambda _points, stations: ws.catchments(EARTH, stations, limits_m=[300], pieces=True),
    "route": lambda points, stations: ws.route(EARTH, points.iloc[[0]], stations.iloc[[0]]),
}


@pytest.mark.parametrize("far", FAR, ids=str)
@pytest.mark.parametrize("door", DOORS)
def test_places_anywhere_on_earth_are_off_the_network(door: str, far: Point) -> None:
    points = PLACES.set_geometry([far, *PLACES.geometry[1:]])
    stations = HALLS.set_geometry([*HALLS.geometry[:1], far])
    found = DOORS[door](points, stations)
    if door == "nearest":
        assert found["status"].tolist() == ["off_network", "served", "off_network"]
        assert found["second_station"].isna().all()
    elif door == "distances":
        assert found[["origin", "destination"]].to_numpy().tolist() == [["q", "east"]]
    elif door == "route":
        assert len(found) == 0


@pytest.mark.parametrize(
    "index",
    [
        pd.MultiIndex.from_tuples([("a", 2), ("a", 1)]),
        pd.date_range("2026-01-01", periods=2),
        pd.CategoricalIndex(["b", "a"]),
        pd.Index([1, "x"], dtype=object),
        pd.Index([9, 3], name="station"),
    ],
    ids=lambda index: type(index).__name__,
)
def test_any_labels_come_back_as_they_are(index: pd.Index[Any]) -> None:
    stations = HALLS.set_index(index)
    assert ws.nearest(EARTH, PLACES, stations)["station"].tolist()[:2] == [index[0], index[0]]
    assert ws.distances(EARTH, PLACES, stations, limit_m=1e4)["destination"].tolist() == [
        *index,
        *index,
    ]
    assert ws.catchments(EARTH, stations, limits_m=[300])["station"].tolist() == list(index)


@pytest.mark.parametrize("label", [None, np.nan, pd.NaT, pd.NA])
def test_a_station_without_a_label_is_told(label: object) -> None:
    stations = HALLS.set_index(pd.Index([label, "north"], dtype=object))
    for door in DOORS.values():
        if door is not DOORS["route"]:
            with pytest.raises(
                ws.WalkshedError, match="an index label is missing; give every station a label"
            ):
                door(PLACES, stations)


@pytest.mark.parametrize("limit", [None, "500", [500], True])
def test_what_is_no_number_is_no_distance(limit: Any) -> None:
    with pytest.raises(ws.WalkshedError, match="is not a valid distance; give meters"):
        ws.distances(EARTH, PLACES, HALLS, limit_m=limit)
    with pytest.raises(ws.WalkshedError, match="is not a valid distance; give meters"):
        ws.nearest(EARTH, PLACES, HALLS, max_snap_m=limit)
    with pytest.raises(ws.WalkshedError, match="is not a valid distance; give meters"):
        ws.catchments(EARTH, HALLS, limits_m=[limit])


@pytest.mark.parametrize("limit", [500, 500.0, np.int32(500), np.float32(500)])
def test_every_kind_of_number_is_a_distance(limit: float) -> None:
    assert_frame_equal(
        ws.distances(EARTH, PLACES, HALLS, limit_m=limit),
        ws.distances(EARTH, PLACES, HALLS, limit_m=500),
    )


@pytest.mark.parametrize("net", [None, "town.osm.pbf", LINES], ids=type)
def test_what_is_no_network_is_told(net: Any) -> None:
    calls: list[Callable[[], object]] = [
        lambda: ws.nearest(net, PLACES, HALLS),
        lambda: ws.distances(net, PLACES, HALLS, limit_m=500),
        lambda: ws.catchments(net, HALLS, limits_m=[500]),
        lambda: ws.route(net, PLACES.iloc[[0]], HALLS.iloc[[0]]),
        lambda: ws.to_networkx(net),
    ]
    for call in calls:
        with pytest.raises(
            ws.WalkshedError, match=r"is not a street network; read one, such as ws\.read_streets"
        ):
            call()


def test_a_frame_without_active_geometry_is_told() -> None:
    with pytest.raises(
        ws.WalkshedError, match="points: the frame has no active geometry; choose the column"
    ):
        ws.nearest(EARTH, gpd.GeoDataFrame({"a": [1]}), HALLS)


def test_lines_in_another_crs_than_they_say_are_told() -> None:
    meters = gpd.GeoSeries(
        [LineString([(500_000, 3_300_000), (500_400, 3_300_000)])], crs="EPSG:4326"
    )
    with pytest.raises(
        ws.WalkshedError, match=r"lines lie nowhere on Earth; check the CRS \(EPSG:4326\)"
    ):
        ws.streets_from_lines(meters)


def test_other_shapes_stand_where_they_are() -> None:
    """A third dimension and a geometry column of another name change nothing; several points stand at one of them."""
    flat = ws.nearest(EARTH, PLACES, HALLS)
    high = PLACES.set_geometry(
        [Point(place.x, place.y, 9.0) for place in PLACES.geometry]
    ).rename_geometry("位置")
    assert_frame_equal(ws.nearest(EARTH, high, HALLS.geometry), flat)
    doubled = HALLS.set_geometry([MultiPoint([place, place]) for place in HALLS.geometry])
    assert_frame_equal(ws.nearest(EARTH, PLACES, doubled), flat)


def test_rows_in_another_order_give_the_same_walks() -> None:
    order = np.random.default_rng(7).permutation(len(PLACES))
    assert_frame_equal(
        ws.nearest(EARTH, PLACES.iloc[order], HALLS.iloc[::-1]).loc[PLACES.index],
        ws.nearest(EARTH, PLACES, HALLS),
    )
    pairs, again = (
        ws.distances(EARTH, points, stations, limit_m=1e4)
        for points, stations in ((PLACES, HALLS), (PLACES.iloc[order], HALLS.iloc[::-1]))
    )
    both = ["origin", "destination"]
    assert_frame_equal(
        pairs.sort_values(both, ignore_index=True), again.sort_values(both, ignore_index=True)
    )


@pytest.mark.parametrize("value", [None, 3, b"town.osm.pbf"])
@pytest.mark.parametrize(
    ("door", "cure"),
    [
        (ws.read_study, "is not a valid path; give a str or a Path, such as 'data/gucheng'"),
        (ws.read_streets, "is not a valid path; give a str or a Path, such as 'town.osm.pbf'"),
        (
            ws.streets_from_osmnx,
            r"is not a networkx graph; give one, such as ox.graph_from_place(...)",
        ),
        (
            ws.to_networkx,
            "is not a street network; read one, such as ws.read_streets('town.osm.pbf')",
        ),
    ],
)
def test_what_opens_nothing_is_told_with_its_cure(
    door: Callable[[Any], Any], cure: str, value: object
) -> None:
    with pytest.raises(ws.WalkshedError) as caught:
        door(value)
    assert isinstance(caught.value, ValueError)
    assert str(caught.value) == f"{value!r} {cure}"
