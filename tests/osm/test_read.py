"""Reading an extract: what goes where, and what a clipped or odd file leaves out."""

from __future__ import annotations

import bz2
import gzip
import hashlib
from pathlib import Path

import numpy as np
import osmium
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drawn_osm import EAST, GRID, Drawing, square
from walkshed.osm import read_extract


def village() -> Drawing:
    """A street past a compound with a gate, a building with an entrance, a pond, a kiosk."""
    return Drawing(
        nodes={
            1: (0, 0),
            2: (5, 0),
            3: (10, 0),
            4: (5, 1),
            **square(4, 1, 2, 11),
            **square(4.5, 1.5, 0.5, 21),
        }
        | {**square(8, 1, 1, 31), 40: (1, 0.1)},
        node_tags={
            4: {"barrier": "gate"},
            21: {"entrance": "main"},
            40: {"shop": "kiosk"},
            2: {"highway": "crossing"},
        },
        ways={
            103: ([1, 2, 3], {"highway": "residential", "name": "Long & 'odd' <street>"}),
            102: ([2, 4], {"highway": "service"}),
            104: ([11, 4, 12, 13, 14, 11], {"landuse": "residential", "name": "幸福小区"}),
            105: ([21, 22, 23, 24, 21], {"building": "yes", "building:levels": "6"}),
            106: ([31, 32, 33, 34, 31], {"natural": "water"}),
            107: ([11, 12], {"power": "line"}),
        },
    )


def test_everything_goes_to_its_place_sorted_by_type_and_id(tmp_path):
    extract = village().read(tmp_path)
    assert extract.ways.way_id.tolist() == [102, 103]
    assert extract.ways.start.tolist() == [0, 2, 5]
    assert extract.ways.node_id.tolist() == [2, 4, 1, 2, 3]
    assert extract.ways.tags[1]["name"] == "Long & 'odd' <street>"
    np.testing.assert_allclose(
        extract.ways.lonlat[2:], [[EAST, 0], [EAST + 5 * GRID, 0], [EAST + 10 * GRID, 0]], atol=1e-9
    )
    assert dict(extract.way_node_tags) == {2: {"highway": "crossing"}, 4: {"barrier": "gate"}}
    assert list(zip(extract.areas.osm_type, extract.areas.osm_id.tolist(), strict=True)) == [
        ("w", 104),
        ("w", 106),
    ]
    assert extract.buildings.osm_id.tolist() == [105]
    assert extract.buildings.tags[0]["building:levels"] == "6"
    assert list(zip(extract.places.osm_type, extract.places.osm_id.tolist(), strict=True)) == [
        ("n", 40),
        ("w", 104),
    ]
    assert extract.gates.osm_id.tolist() == [4]
    assert extract.entrances.osm_id.tolist() == [21]
    assert extract.notes == ()


def test_gates_and_entrances_are_found_on_an_outline_by_identity(tmp_path):
    extract = village().read(tmp_path)
    assert extract.areas.outline[0].tolist() == [11, 4, 12, 13, 14, 11]
    assert 21 in extract.buildings.outline[0]
    assert extract.gates.outline[0].tolist() == []


def test_streets_are_ways_and_not_places_even_if_they_have_a_name(tmp_path):
    assert 103 not in village().read(tmp_path).places.osm_id.tolist()


def test_values_are_frozen(tmp_path):
    extract = village().read(tmp_path)
    with pytest.raises(TypeError):
        extract.ways.tags[0]["highway"] = "motorway"
    with pytest.raises(TypeError):
        extract.way_node_tags[4] = {}
    with pytest.raises(ValueError, match="read-only"):
        extract.ways.lonlat[0, 0] = 0
    with pytest.raises(ValueError, match="read-only"):
        extract.areas.geometry[0] = None


def test_every_format_holds_the_same(tmp_path):
    content = village().xml()
    (tmp_path / "a.osm").write_bytes(content)
    (tmp_path / "a.osm.gz").write_bytes(gzip.compress(content))
    (tmp_path / "a.osm.bz2").write_bytes(bz2.compress(content))
    with osmium.SimpleWriter(str(tmp_path / "a.osm.pbf")) as writer:
        for element in osmium.FileProcessor(str(tmp_path / "a.osm")):
            writer.add(element)
    extracts = [read_extract(tmp_path / f"a.osm{ending}") for ending in ("", ".gz", ".bz2", ".pbf")]
    for other in extracts[1:]:
        assert same(extracts[0], other)
    assert extracts[1].digest == hashlib.sha256((tmp_path / "a.osm.gz").read_bytes()).hexdigest()
    assert len({extract.digest for extract in extracts}) == 4


def test_the_content_tells_the_format_not_the_name(tmp_path):
    path = tmp_path / "潮州 古城 (2).PBF"
    path.write_bytes(gzip.compress(village().xml()))
    assert read_extract(path).source == "潮州 古城 (2).PBF"


def same(one, two) -> bool:
    """Whether two extracts hold the same, apart from the file they came in."""
    arrays = all(
        np.array_equal(getattr(one.ways, name), getattr(two.ways, name))
        for name in ("way_id", "start", "node_id", "lonlat")
    )
    features = all(
        getattr(one, name).osm_type == getattr(two, name).osm_type
        and np.array_equal(getattr(one, name).osm_id, getattr(two, name).osm_id)
        and getattr(one, name).tags == getattr(two, name).tags
        and [shape.wkb for shape in getattr(one, name).geometry]
        == [shape.wkb for shape in getattr(two, name).geometry]
        for name in ("areas", "buildings", "places", "gates", "entrances")
    )
    return (
        arrays
        and features
        and one.ways.tags == two.ways.tags
        and list(one.way_node_tags) == list(two.way_node_tags)
        and one.bounds == two.bounds
        and one.notes == two.notes
        and one.data_date == two.data_date
    )


@settings(
    max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_order_of_the_file_does_not_matter(tmp_path, data):
    drawing = village()
    drawing.relations = {
        7: (
            [("w", 105, "outer"), ("w", 106, "inner")],
            {"type": "multipolygon", "amenity": "school"},
        )
    }
    path = tmp_path / "permuted.osm"
    path.write_bytes(drawing.xml())
    expected = read_extract(path)
    path.write_bytes(drawing.xml(data.draw(st.permutations(drawing.elements()))))
    assert same(expected, read_extract(path))


def test_a_way_is_cut_where_nodes_are_missing(tmp_path):
    drawing = Drawing(
        nodes={node: (node, 0) for node in (1, 2, 4, 6, 7, 8)},
        ways={
            9: ([1, 2, 3, 4, 5, 6, 7, 8], {"highway": "path"}),
            10: ([3, 4], {"highway": "path"}),
        },
    )
    extract = drawing.read(tmp_path)
    assert extract.ways.way_id.tolist() == [9, 9]
    assert extract.ways.start.tolist() == [0, 2, 5]
    assert extract.ways.node_id.tolist() == [1, 2, 6, 7, 8]
    assert extract.notes == (
        "2 ways are cut where the extract does not hold their nodes",
        "1 way left out: fewer than two of its nodes are in the extract",
    )


def test_an_area_with_missing_nodes_is_left_out_and_counted(tmp_path):
    drawing = village()
    del drawing.nodes[33]
    extract = drawing.read(tmp_path)
    assert extract.areas.osm_id.tolist() == [104]
    assert extract.notes == (
        "1 area or named line left out: the extract does not hold all its nodes",
    )


def test_elements_without_version_or_timestamp(tmp_path):
    drawing = village()
    drawing.attributes = ""
    extract = drawing.read(tmp_path)
    assert extract.ways.way_id.tolist() == [102, 103]
    assert extract.data_date is None


def test_the_data_date_is_that_of_the_newest_element(tmp_path):
    path = tmp_path / "dated.osm"
    path.write_bytes(village().xml().replace(b"2024-05-06", b"2025-12-31", 1))
    assert read_extract(path).data_date == "2025-12-31"


def test_the_header_knows_the_date_better(tmp_path):
    header = osmium.io.Header()
    header.set("osmosis_replication_timestamp", "2026-01-02T03:04:05Z")
    with osmium.SimpleWriter(str(tmp_path / "a.osm.pbf"), header=header) as writer:
        writer.add_node(
            osmium.osm.mutable.Node(id=1, location=(1, 2), timestamp="2020-01-01T00:00:00Z")
        )
    assert read_extract(tmp_path / "a.osm.pbf").data_date == "2026-01-02"


def test_bounds_come_from_the_header(tmp_path):
    drawing = village()
    drawing.bounds = (-1, -2, 11, 12)
    assert drawing.read(tmp_path).bounds == pytest.approx(
        (EAST - GRID, -2 * GRID, EAST + 11 * GRID, 12 * GRID)
    )


def test_a_header_that_speaks_of_another_place_is_not_believed(tmp_path):
    drawing = village()
    drawing.bounds = (500, 500, 501, 501)
    assert drawing.read(tmp_path).bounds[0] == pytest.approx(EAST, abs=2 * GRID)


def test_without_a_header_ways_that_stick_out_do_not_stretch_the_bounds(tmp_path):
    """A cut from (0, 0) to (10, 10) that kept crossing ways whole: one runs on 90 east, one 50 north."""
    drawing = Drawing(
        nodes={1: (0, 0), 2: (10, 0), 3: (100, 0), 4: (0, 10), 5: (0, 60), 6: (10, 10), 7: (9, 9)},
        ways={
            1: ([1, 2], {"highway": "path"}),
            2: ([2, 3], {"highway": "path"}),
            3: ([1, 4], {"highway": "path"}),
            4: ([4, 5], {"highway": "path"}),
            5: ([4, 6], {"highway": "path"}),
            6: ([2, 6], {"highway": "path"}),
        },
        node_tags={7: {"shop": "kiosk"}},
    )
    assert drawing.read(tmp_path).bounds == pytest.approx((EAST, 0, EAST + 10 * GRID, 10 * GRID))


def test_deleted_and_repeated_elements_are_counted(tmp_path):
    drawing = village()
    again = (
        '<node id="3" lat="0" lon="100.5" version="2"/><node id="77" version="3" visible="false"/>'
    )
    path = tmp_path / "odd.osm"
    path.write_bytes(drawing.xml([*drawing.elements(), again]))
    extract = read_extract(path)
    assert extract.ways.lonlat[-1].tolist() == [100.5, 0]
    assert "1 deleted element left out" in extract.notes
    assert "1 element appears more than once; the last of each is used" in extract.notes


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"leisure": "park"}, "areas"),
        ({"boundary": "administrative", "admin_level": "10"}, "areas"),
        ({"highway": "pedestrian", "area": "yes"}, "areas"),
        ({"building": "apartments"}, "buildings"),
        ({"amenity": "library"}, "places"),
        ({"leisure": "park"}, "places"),
        ({"highway": "pedestrian", "area": "yes"}, "ways"),
        ({"railway": "platform"}, "ways"),
        ({"man_made": "pier"}, "ways"),
    ],
)
def test_a_ring_goes_to(tmp_path, tags, kind):
    drawing = Drawing(nodes=square(0, 0, 1, 1), ways={5: ([1, 2, 3, 4, 1], tags)})
    found = getattr(drawing.read(tmp_path), kind)
    assert (found.way_id if kind == "ways" else found.osm_id).tolist() == [5]


@pytest.mark.parametrize(
    ("tags", "kind"),
    [
        ({"natural": "coastline"}, "areas"),
        ({"leisure": "park", "area": "no"}, "areas"),
        ({"highway": "footway"}, "areas"),
        ({"barrier": "fence", "name": "The fence"}, "areas"),
        ({"building": "no"}, "buildings"),
        ({"building": "entrance"}, "buildings"),
        ({"power": "line"}, "places"),
    ],
)
def test_a_ring_does_not_go_to(tmp_path, tags, kind):
    drawing = Drawing(nodes=square(0, 0, 1, 1), ways={5: ([1, 2, 3, 4, 1], tags)})
    assert len(getattr(drawing.read(tmp_path), kind)) == 0


def test_real_extract_agrees_with_osmiums_own_areas(helsinki_extract_path: Path):
    """Every building that libosmium assembles is here too, with the same area."""
    extract = read_extract(helsinki_extract_path)
    mine = {
        (kind, osm_id): shape.area
        for kind, osm_id, shape in zip(
            extract.buildings.osm_type,
            extract.buildings.osm_id.tolist(),
            extract.buildings.geometry,
            strict=True,
        )
    }
    factory = osmium.geom.WKBFactory()
    import shapely

    theirs = {}
    for element in osmium.FileProcessor(str(helsinki_extract_path)).with_areas():
        if element.is_area() and element.tags.get("building", "no") not in ("no", "entrance"):
            area = shapely.from_wkb(factory.create_multipolygon(element)).area
            theirs["w" if element.from_way() else "r", element.orig_id()] = area
    assert len(theirs) > 400
    assert mine.keys() == theirs.keys()
    for key, area in theirs.items():
        assert mine[key] == pytest.approx(area, rel=1e-9)
