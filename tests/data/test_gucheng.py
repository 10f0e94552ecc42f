"""The invented town as data: written again to the same bytes, as large and as varied as it says."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import shapely

from walkshed.model.judged.verdicts import ExitKind, Verdict
from walkshed.model.results import Results

GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"
WRITTEN = [
    *(
        "SOURCES.md",
        "blocks.geojson",
        "communities.geojson",
        "gates.csv",
        "needs.toml",
        "offers.csv",
        "rooms.csv",
        "stations.csv",
        "study.toml",
        "town.osm",
    ),
    "visitors.csv",
    "visitors.toml",
    "window.toml",
]
WRITTEN_WITH_GEOS = (3, 14, 1)


def test_make_writes_the_same_bytes_again(tmp_path: Path) -> None:
    """Twice the same anywhere; the same as the files here with the GEOS that wrote them (others round differently)."""
    for folder in (tmp_path / "one", tmp_path / "two"):
        folder.mkdir()
        subprocess.run([sys.executable, "-B", str(GUCHENG / "make.py"), str(folder)], check=True)
        assert sorted(file.name for file in folder.iterdir()) == WRITTEN
    for name in WRITTEN:
        written = (tmp_path / "one" / name).read_bytes()
        assert written == (tmp_path / "two" / name).read_bytes(), name
        if shapely.geos_version == WRITTEN_WITH_GEOS:
            assert written == (GUCHENG / name).read_bytes(), name


def test_it_is_labeled_invented(gucheng: Results) -> None:
    assert gucheng.inputs.settings.illustrative
    assert "虚构" in gucheng.inputs.settings.name
    assert "虚构" in gucheng.inputs.sources
    assert "invented" in gucheng.inputs.sources


def test_blocks(gucheng: Results) -> None:
    people = [block.people for block in gucheng.blocks]
    assert 60 <= len(people) <= 100
    assert all(people)
    assert 40_000 <= sum(filter(None, people)) <= 60_000
    kinds = Counter(block.kind for block in gucheng.blocks)
    assert set(kinds) == {"old", "commodity", "resettlement"}
    assert min(kinds.values()) >= 15
    for block in gucheng.blocks:
        assert block.people is not None
        assert block.households is not None
        assert 0 < block.groups["older_people"] + block.groups["children"] < block.people
        assert 2 < block.people / block.households < 3.5
    areas = shapely.area(
        gucheng.network.plane.geometry_to_xy(np.array([b.geometry for b in gucheng.blocks]))
    )
    union = shapely.union_all(
        gucheng.network.plane.geometry_to_xy(np.array([b.geometry for b in gucheng.blocks]))
    )
    assert union.area == pytest.approx(areas.sum(), abs=1)  # no two overlap
    assert ExitKind.NONE not in gucheng.demand.exit_kind


def test_stations(gucheng: Results) -> None:
    stations = {station.id: station for station in gucheng.stations}
    assert Counter(str(station.tier) for station in stations.values()) == {
        "hub": 1,
        "center": 6,
        "micro": 16,
    }
    assert sorted(s.id for s in stations.values() if s.tier == "center" and s.parent == "H1") == [
        "C1",
        "C2",
        "C3",
        "C4",
    ]
    assert sorted(s.id for s in stations.values() if s.tier == "center" and not s.parent) == [
        "C5",
        "C6",
    ]
    for station in stations.values():
        assert 1 <= len(station.services) <= 5
        assert station.details["scope"] == "all"
        if station.tier == "micro":
            assert station.parent is not None
            assert station.parent == "H1" or stations[station.parent].parent == "H1"
    centers = [s.details for s in stations.values() if s.tier == "center"]
    assert all(int(details["floor"]) >= 2 for details in centers)
    assert [s.id for s in stations.values() if s.elevator] == ["C6"]
    assert gucheng.station_anchors.on_network.all()


def test_nine_services_each_worth_a_look(gucheng: Results) -> None:
    """Between a sea of red and all green: each service reaches 45 to 85 in 100 people."""
    services = gucheng.inputs.services
    assert [service.zh for service in services] == [
        "文化体验",
        "健康养老",
        "纠纷调解",
        "政务代办",
        "法律咨询",
        "长者助餐",
        "课后托管",
        "就业帮扶",
        "维修响应",
    ]
    failing = np.zeros((len(gucheng.blocks), len(services)), dtype=bool)
    for number in range(len(services)):
        rows = [gucheng.main.judgment(block, number) for block in range(len(gucheng.blocks))]
        assert 0.45 <= sum(row.served for row in rows) / sum(row.people for row in rows) <= 0.85
        failing[:, number] = [row.verdict is not Verdict.SERVED for row in rows]
    lacking = failing.sum(axis=1)
    assert 5 <= (lacking == len(services)).sum() <= 15  # a handful of blocks has nothing
    assert (lacking == 0).sum() >= 25  # and many lack nothing


def test_one_bridge_crosses_the_river(gucheng: Results) -> None:
    assert gucheng.extract is not None
    areas = gucheng.extract.areas
    [river] = [
        areas.geometry[i] for i in range(len(areas)) if areas.tags[i].get("water") == "river"
    ]
    ways = gucheng.extract.ways
    crossing = [
        tags.get("name")
        for i, tags in enumerate(ways.tags)
        if shapely.LineString(ways.lonlat[ways.start[i] : ways.start[i + 1]]).intersects(river)
    ]
    assert crossing == ["望渡桥"]
    # its width, m
    assert 60 <= gucheng.network.plane.geometry_to_xy(np.array([river]))[0].area / 2900 <= 90


def test_all_streets_hang_together(gucheng: Results) -> None:
    assert gucheng.network.component_m[0] / gucheng.network.component_m.sum() > 0.995
