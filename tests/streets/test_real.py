"""Real extracts from end to end, next to what is known of them."""

from __future__ import annotations

import numpy as np
import pytest

from walkshed.osm import read_extract
from walkshed.streets.build import build_network


def check(net) -> None:
    """What must hold of any network."""
    assert (net.edge_m >= 0).all()
    assert net.component_m.sum() == pytest.approx(net.edge_m.sum(), rel=1e-12)
    assert (np.diff(net.component_m) <= 0).all()
    assert np.array_equal(net.edge_m * 1024, np.round(net.edge_m * 1024))
    first, last = net.vertex_from[:-1], net.vertex_from[1:] - 1
    assert np.array_equal(net.vertex_xy[first], net.node_xy[net.edge_start])
    assert np.array_equal(net.vertex_xy[last], net.node_xy[net.edge_end])
    drawn = np.hypot(*np.diff(net.vertex_xy, axis=0).T)
    drawn = np.add.reduceat(
        np.where(np.isin(np.arange(1, len(net.vertex_xy)), first), 0.0, drawn), first
    )
    # the plane's own scale, up to 40 km out
    assert net.edge_m.sum() == pytest.approx(drawn.sum(), rel=2e-5)


@pytest.mark.data
@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "kilometers", "main_share", "steps", "date"),
    [
        ("shanghai_baoshan_dachang", 173.8, 0.870, 4, "2024-10-17"),
        ("shenzhen_nanshan", 276.3, 0.964, 74, None),
        ("chengdu_xindu_dafeng", 206.5, 0.894, 4, "2026-04-07"),
        ("jiangxi_guixi", 115.6, 0.993, 0, "2024-11-18"),
        ("monaco_2016_osrm", 474.0, 0.982, 259, "2016-03-05"),
        ("porto_alegre_2020_r5r", 1905.5, 0.988, 412, "2020-08-12"),
    ],
)
def test_known_extracts(test_data, name, kilometers, main_share, steps, date):
    extract = read_extract(test_data / "osm" / f"{name}.osm.pbf")
    net = build_network(extract)
    check(net)
    assert net.edge_m.sum() / 1000 == pytest.approx(kilometers, abs=0.1)
    assert net.component_m[0] / net.edge_m.sum() == pytest.approx(main_share, abs=0.002)
    assert len(np.unique(net.way_id[net.steps])) == steps
    assert net.data_date == date
    assert build_network(extract).digest == net.digest


@pytest.mark.data
def test_dachang_holds_its_communities_and_compounds(test_data):
    extract = read_extract(test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf")
    communities = [tags["name"] for tags in extract.areas.tags if tags.get("admin_level") == "10"]
    assert sorted(communities) == sorted(
        ["联合社区", "祁连四村社区", "祁连二村一社区", "锦秋第一社区"]
    )
    # 64 ways and a multipolygon
    assert sum(tags.get("landuse") == "residential" for tags in extract.areas.tags) == 65
    assert len(extract.buildings) == 253
    assert sum(tags["barrier"] == "gate" for tags in extract.gates.tags) == 22


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "box"),
    [
        ("chengdu_xindu_dafeng", (104.0536, 30.7538, 104.0970, 30.7809)),
        ("porto_alegre_2020_r5r", (-51.26, -30.11, -51.14, -30.00)),
    ],
)
def test_the_cut_of_an_extract_without_a_header_box_is_found(test_data, name, box):
    """Ways stick out by up to 9 km. Dafeng's cut is on record; Porto Alegre's must be the round box that it hugs."""
    assert read_extract(test_data / "osm" / f"{name}.osm.pbf").bounds == pytest.approx(
        box, abs=5e-4
    )


def test_helsinki(helsinki_extract_path):
    extract = read_extract(helsinki_extract_path)
    assert (len(extract.buildings), len(extract.entrances), len(extract.gates)) == (445, 357, 66)
    net = build_network(extract)
    check(net)
    assert net.component_m[0] / net.edge_m.sum() > 0.99
    assert "Aleksanterinkatu" in net.names
    assert not net.steps.all()
    assert 0 < np.count_nonzero(net.steps) < 400
