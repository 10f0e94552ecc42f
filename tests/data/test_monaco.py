"""Monaco: the extract is the one that SOURCES names, the tables are what make.py draws up, the walks are real."""

from __future__ import annotations

import csv
import hashlib
import json
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import geopandas as gpd
import networkx as nx
import numpy as np
import pytest
import shapely
from pyproj import Geod

import walkshed as ws
from judged_rows import rows_of
from walkshed.model.arrays import read_only
from walkshed.model.ground.extract import Extract, Ways
from walkshed.model.judged.verdicts import Doubt, Verdict
from walkshed.model.results import Results
from walkshed.osm import read_extract
from walkshed.osm.raw import read_raw
from walkshed.streets.build import build_network

MONACO = Path(__file__).parents[2] / "data" / "monaco"
GOLDEN = Path(__file__).parent / "monaco.csv"
DISTRICTS = [
    "Fontvieille",
    "Jardin Exotique",
    "La Condamine",
    "La Rousse",
    "Larvotto",
    "Les Moneghetti",
    "Monaco-Ville",
    "Monte-Carlo",
    "Ravin de Sainte-Dévote",
]
#: "Les Carmes - Bd d'Italie / Princesse Grâce": the node of a public elevator, and the ends of the
#: footways at its foot and at its head.
ELEVATOR, FOOT, HEAD = 4226573525, 4226573508, 1871527990
#: Among the ways that touch it, those on which nobody walks, or not in a wheelchair.
NOT_ROLLED = {"steps", "construction", "proposed", "raceway", "motorway"}


@pytest.fixture(scope="module")
def extract() -> Extract:
    return read_extract(MONACO / "monaco.osm.pbf")


@pytest.fixture(scope="module")
def monaco() -> Results:
    return ws.read_study(MONACO).run().results


def table(results: Results) -> list[list[str]]:
    """Return, per walker and service, the blocks by verdict and doubt: no meters, no people."""
    rows = [["walker", "service", "verdict", "doubt", "blocks"]]
    for walker, answer in results.answers.items():
        counts = Counter((row.service, row.verdict, row.doubt) for row in rows_of(answer))
        rows += [
            [walker, results.inputs.services[service].id, verdict.value, doubt.value, str(blocks)]
            for (service, verdict, doubt), blocks in sorted(counts.items())
        ]
    return rows


def test_make_writes_the_same_bytes_again(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-B", str(MONACO / "make.py"), str(tmp_path)], check=True)
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == ["blocks.geojson", "districts.geojson", "stations.csv"]
    for name in made:
        assert (tmp_path / name).read_bytes() == (MONACO / name).read_bytes(), name


def test_sources_name_the_extract(extract: Extract) -> None:
    sources = (MONACO / "SOURCES.md").read_text(encoding="utf-8")
    digest = hashlib.sha256((MONACO / "monaco.osm.pbf").read_bytes()).hexdigest()
    assert extract.digest == digest
    assert extract.data_date is not None
    for owed in (digest, extract.data_date[:10], "ODbL", "quackosm", "IMSEE", "llustrative"):
        assert owed in sources


def test_the_extract_holds_what_sources_count(extract: Extract) -> None:
    raw = read_raw(MONACO / "monaco.osm.pbf")
    highways = Counter(tags["highway"] for tags in raw.way_tags if "highway" in tags)
    assert highways.total() == 2852
    assert highways["steps"] == 346
    assert sum(tags.get("highway") == "elevator" for tags in raw.node_tags.values()) == 47
    gates = Counter(tags.get("barrier") for tags in extract.gates.tags)
    assert gates["gate"] + gates["lift_gate"] == 54
    (monaco,) = [relation for relation in raw.relations if relation.id == 36990]
    assert monaco.tags["population"] == "39050"
    assert monaco.tags["source:population"] == "IMSEE 2023"


def test_nine_districts_lie_side_by_side_and_hold_every_block(monaco: Results) -> None:
    drawn = json.loads((MONACO / "districts.geojson").read_text(encoding="utf-8"))["features"]
    assert [feature["properties"]["community"] for feature in drawn] == DISTRICTS
    outlines = monaco.network.plane.geometry_to_xy(
        np.array([shapely.geometry.shape(feature["geometry"]) for feature in drawn], dtype=object)
    )
    # They share no ground, and together they are as large as Monaco, with the harbors.
    whole = shapely.union_all(outlines)
    assert whole.area == pytest.approx(shapely.area(outlines).sum(), rel=1e-6)
    assert 2_000_000 < whole.area < 2_500_000
    assert len(monaco.blocks) >= 30
    assert {block.community for block in monaco.blocks} == set(DISTRICTS)


def test_no_block_lies_abroad_and_none_in_the_harbor(monaco: Results) -> None:
    blocks = shapely.union_all([block.geometry for block in monaco.blocks])
    abroad, harbor = shapely.Point(7.4240, 43.7443), shapely.Point(7.4255, 43.7345)
    assert not shapely.intersects(blocks, abroad)  # Beausoleil
    assert not shapely.intersects(blocks, harbor)


def test_residents_sum_to_the_stated_total(monaco: Results) -> None:
    assert sum(block.people or 0 for block in monaco.blocks) == pytest.approx(39050)


def test_stations_are_features_of_the_extract(monaco: Results, extract: Extract) -> None:
    places = extract.places
    known = {
        f"{kind}{number}"
        for kind, number in zip(places.osm_type, places.osm_id.tolist(), strict=True)
    }
    assert {station.id for station in monaco.stations} <= known
    assert all(station.illustrative for station in monaco.stations)
    names = [station.name for station in monaco.stations]
    assert len(set(names)) == len(names)
    assert "École des Carmes" in names  # in French, as it is mapped
    services = {station.name: station.services for station in monaco.stations}
    assert services["Farmacy des Anglais"] == ("pharmacy",)  # mapped as a hospital


def test_who_is_served_and_who_is_in_doubt(monaco: Results) -> None:
    """Reviewed figures: ``python tests/data/test_monaco.py`` writes them anew, and git shows what moved."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        assert table(monaco) == list(csv.reader(stream))


def test_steps_and_pace_leave_more_people_out(monaco: Results) -> None:
    """Nobody in a wheelchair or at an older person's pace reaches what an adult does not."""
    served = {
        walker: sum(row.printed_served for row in rows_of(answer))
        for walker, answer in monaco.answers.items()
    }
    assert served["wheelchair"] < served["older"] < served["adult"]


def test_less_than_half_of_what_fails_is_in_doubt(monaco: Results) -> None:
    """Of Helsinki's failures nearly all lie at the edge of its data; here the walk decides."""
    failing = [row for row in rows_of(monaco.main) if row.verdict is not Verdict.SERVED]
    in_doubt = [row for row in failing if row.doubt is Doubt.EDGE]
    assert 0 < len(in_doubt) < len(failing) / 2


def rolled(extract: Extract, *, without: int | None = None) -> nx.Graph:
    """Return what can be walked without steps as a graph of OSM nodes, from the tags alone."""
    ways, geod = extract.ways, Geod(ellps="WGS84")
    graph = nx.Graph()
    for row, tags in enumerate(ways.tags):
        if "highway" not in tags or tags["highway"] in NOT_ROLLED or tags.get("area") == "yes":
            continue
        if {tags.get("access"), tags.get("foot")} & {"no", "private"}:
            continue
        part = slice(ways.start[row], ways.start[row + 1])
        nodes, lonlat = ways.node_id[part].tolist(), ways.lonlat[part]
        _, _, meters = geod.inv(*lonlat[:-1].T, *lonlat[1:].T)
        for (one, other), length in zip(pairwise(nodes), meters, strict=True):
            if without not in (one, other):
                graph.add_edge(one, other, meters=length)
    return graph


def without_elevator(extract: Extract) -> Extract:
    """Return the extract with the ways that meet at the elevator cut there."""
    ways = extract.ways
    stretches = []
    for row, (begin, end) in enumerate(pairwise(ways.start.tolist())):
        cuts = [at for at in range(begin, end) if ways.node_id[at] == ELEVATOR]
        bounds = [begin - 1, *cuts, end]
        stretches += [(row, slice(one + 1, two)) for one, two in pairwise(bounds) if two - one > 2]
    sizes = [part.stop - part.start for _, part in stretches]
    cut = Ways(
        way_id=read_only(ways.way_id[[row for row, _ in stretches]], np.int64),
        tags=tuple(ways.tags[row] for row, _ in stretches),
        start=read_only(np.concatenate([[0], np.cumsum(sizes)]), np.int64),
        node_id=read_only(np.concatenate([ways.node_id[part] for _, part in stretches]), np.int64),
        lonlat=read_only(np.concatenate([ways.lonlat[part] for _, part in stretches]), np.float64),
    )
    return replace(extract, ways=cut)


def test_a_public_elevator_spares_a_wheelchair_the_way_around(extract: Extract) -> None:
    """From the shore to Boulevard d'Italie, where a school stands: by elevator, or around the hill."""
    ids = extract.ways.node_id.tolist()
    foot, head = (
        gpd.GeoSeries([shapely.Point(extract.ways.lonlat[ids.index(node)])], crs="EPSG:4326")
        for node in (FOOT, HEAD)
    )

    def meters(town: Extract) -> float:
        met = ws.distances(build_network(town), foot, head, limit_m=3000, walker="wheelchair")
        return float(met["distance_m"].iloc[0])

    # By elevator, as networkx has it on the nodes of the map.
    by_elevator = nx.shortest_path(rolled(extract), FOOT, HEAD, weight="meters")
    assert ELEVATOR in by_elevator
    assert meters(extract) == pytest.approx(
        nx.path_weight(rolled(extract), by_elevator, "meters"), abs=0.01
    )
    assert meters(extract) < 60

    # Without it, the way around the hill is more than ten times as long.
    assert meters(without_elevator(extract)) > 10 * meters(extract)


def test_a_walk_is_as_long_as_networkx_has_it(extract: Extract) -> None:
    """Across the steep side of Monte-Carlo, from node to node of the map, without steps."""
    graph, ids = rolled(extract), extract.ways.node_id.tolist()
    start, end = 1074584855, 3422661445
    points = [
        gpd.GeoSeries([shapely.Point(extract.ways.lonlat[ids.index(node)])], crs="EPSG:4326")
        for node in (start, end)
    ]
    met = ws.distances(build_network(extract), *points, limit_m=10_000, walker="wheelchair")
    expected = nx.shortest_path_length(graph, start, end, weight="meters")
    assert met["distance_m"].iloc[0] == pytest.approx(expected, abs=0.1)


if __name__ == "__main__":
    with GOLDEN.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(
            table(ws.read_study(MONACO).run().results)
        )
