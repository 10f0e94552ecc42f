"""What an editor deleted, what a history holds, and half answers of a server: the last word counts."""

from __future__ import annotations

import bz2
import gzip
import json
from itertools import permutations
from pathlib import Path

import osmium
import pytest

from drawn_osm import Drawing
from walkshed.errors import OutsideServiceError, UnreadableFileError
from walkshed.osm import read_extract, read_streets
from walkshed.osm.cut import cut_extract
from walkshed.osm.ground import Ground
from walkshed.osm.overpass import _read_kept

ROAD = '<tag k="highway" v="residential"/>'
CANAL = '<tag k="waterway" v="canal"/>'
WAY = '<nd ref="2"/><nd ref="3"/>'
OLD = f'<way id="110" version="1" visible="true">{WAY}{ROAD}</way>'
DUG = f'<way id="110" version="2" visible="true">{WAY}{CANAL}</way>'
GONE = '<way id="110" version="3" visible="false"/>'
BACK = f'<way id="110" version="4" visible="true">{WAY}{ROAD}</way>'


def town() -> Drawing:
    """A street 1-2 and a street 3-4; way 110 would join them."""
    nodes = {node: (node, 0) for node in (1, 2, 3, 4)}
    road = {"highway": "residential"}
    return Drawing(nodes=nodes, ways={101: ([1, 2], road), 102: ([3, 4], road)})


def written(folder: Path, *more: str, name: str = "town.osm") -> Path:
    path = folder / name
    content = town().xml([*town().elements(), *more])
    packed = {".gz": gzip.compress, ".bz2": bz2.compress}.get(path.suffix, bytes)(content)
    path.write_bytes(packed)
    return path


@pytest.mark.parametrize("name", ["town.osm", "town.osm.gz", "town.osm.bz2"])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_what_josm_marked_as_deleted_is_gone(tmp_path, name, quote):
    marked = f"<way id='110' action={quote}delete{quote} version='3'>{WAY}{ROAD}</way>"
    extract = read_extract(written(tmp_path, marked, name=name))
    assert extract.ways.way_id.tolist() == [101, 102]
    assert extract.notes == ("1 deleted element left out",)


def test_a_node_and_a_relation_marked_as_deleted_are_gone_too(tmp_path):
    more = (
        '<node id="9" action="delete" lat="0" lon="100"><tag k="amenity" v="clinic"/></node>',
        '<relation id="7" action="delete"><tag k="name" v="x"/></relation>',
    )
    extract = read_extract(written(tmp_path, *more))
    assert len(extract.places) == 0
    assert extract.notes == ("2 deleted elements left out",)


def test_other_words_of_an_editor_change_nothing(tmp_path):
    kept = f'<way id="110" action="modify" version="3">{WAY}{ROAD}<tag k="note" v="delete"/></way>'
    assert read_extract(written(tmp_path, kept)).ways.way_id.tolist() == [101, 102, 110]


@pytest.mark.parametrize("order", permutations([OLD, DUG, GONE]))
def test_a_deleted_way_stays_deleted_in_any_order(tmp_path, order):
    extract = read_extract(written(tmp_path, *order))
    assert extract.ways.way_id.tolist() == [101, 102]
    assert extract.notes == (
        "1 deleted element left out",
        "2 elements appear more than once; the last of each is used",
    )


@pytest.mark.parametrize(
    ("versions", "streets"),
    [
        ([DUG, OLD], [101, 102]),
        ([OLD, DUG], [101, 102]),
        ([BACK, GONE, OLD], [101, 102, 110]),
        ([GONE, OLD, BACK, DUG], [101, 102, 110]),
    ],
)
def test_the_highest_version_counts(tmp_path, versions, streets):
    path = written(tmp_path, *versions)
    assert read_extract(path).ways.way_id.tolist() == streets
    cut = tmp_path / "cut.osm.pbf"
    cut_extract(path, cut, Ground((99.9, -0.1, 100.1, 0.1)))
    assert read_streets(cut).ways.way_id.tolist() == streets


def test_a_cut_leaves_out_what_josm_marked_as_deleted(tmp_path):
    marked = f'<way id="110" action="delete" version="3">{WAY}{ROAD}</way>'
    cut = tmp_path / "cut.osm.pbf"
    cut_extract(written(tmp_path, marked), cut, Ground((99.9, -0.1, 100.1, 0.1)))
    assert read_extract(cut).ways.way_id.tolist() == [101, 102]


def test_tags_and_place_of_a_node_are_those_of_its_highest_version(tmp_path):
    new = '<node id="9" version="2" lat="0.001" lon="100.001"><tag k="amenity" v="clinic"/></node>'
    old = '<node id="9" version="1" lat="0" lon="100"><tag k="amenity" v="library"/></node>'
    (place,) = read_extract(written(tmp_path, new, old)).places.geometry
    assert (place.x, place.y) == (100.001, 0.001)


def history(path: Path, *, ascending: bool) -> Path:
    """A PBF with all versions of way 110: built, dug up, gone."""
    from osmium.osm import mutable

    versions = [
        mutable.Way(id=110, version=1, visible=True, nodes=[2, 3], tags={"highway": "service"}),
        mutable.Way(id=110, version=2, visible=True, nodes=[2, 3], tags={"waterway": "canal"}),
        mutable.Way(id=110, version=3, visible=False, nodes=[], tags={}),
    ]
    with osmium.SimpleWriter(str(path), overwrite=True) as writer:
        for node, (x, y) in town().nodes.items():
            writer.add_node(
                mutable.Node(id=node, version=1, visible=True, location=(100 + x / 1000, y / 1000))
            )
        for way, (refs, tags) in town().ways.items():
            writer.add_way(mutable.Way(id=way, version=1, visible=True, nodes=refs, tags=tags))
        for way in versions if ascending else reversed(versions):
            writer.add_way(way)
    return path


@pytest.mark.parametrize("name", ["town.osh.pbf", "town.osm.pbf", "town.osh"])
@pytest.mark.parametrize("ascending", [True, False])
def test_a_history_as_pbf_or_xml(tmp_path, name, ascending):
    path = history(tmp_path / name, ascending=ascending)
    assert read_extract(path).ways.way_id.tolist() == [101, 102]
    assert read_streets(path).ways.way_id.tolist() == [101, 102]


def test_half_an_answer_of_overpass_is_a_fault(tmp_path):
    remark = (
        '<remark>runtime error: Query timed out in "query" at line 3 after 25 seconds.</remark>'
    )
    with pytest.raises(
        UnreadableFileError, match=r"town\.osm: is half an answer.*after 25 seconds"
    ):
        read_extract(written(tmp_path, remark))
    with pytest.raises(UnreadableFileError, match="is half an answer"):
        read_streets(written(tmp_path, remark, name="town.osm.gz"))
    with pytest.raises(UnreadableFileError, match="is half an answer"):
        cut_extract(tmp_path / "town.osm", tmp_path / "cut.osm.pbf", Ground((99, -1, 101, 1)))


def test_another_remark_is_a_note(tmp_path):
    extract = read_extract(written(tmp_path, "<remark>runtime remark: old data</remark>"))
    assert extract.notes == ("the server remarked: runtime remark: old data",)


def test_out_center_is_named(tmp_path):
    center = f'<way id="110"><center lat="0" lon="100"/>{WAY}{ROAD}</way>'
    with pytest.raises(UnreadableFileError, match=r"'out center'.*'out body; >; out skel qt;'"):
        read_extract(written(tmp_path, center))


def test_asides_in_utf_16(tmp_path):
    marked = f'<way id="110" action="delete" version="3">{WAY}{ROAD}</way>'
    text = town().xml([*town().elements(), marked]).decode().replace("UTF-8", "UTF-16")
    (tmp_path / "town.osm").write_bytes(text.encode("utf-16"))
    assert read_extract(tmp_path / "town.osm").ways.way_id.tolist() == [101, 102]


def test_a_word_across_two_pieces_of_a_packed_file_is_found(tmp_path):
    marked = f'<way id="110" action="delete" version="3">{WAY}{ROAD}</way>'
    before = town().xml([*town().elements(), "<!---->", marked]).index(b"delete")
    for inside in range(1, 6):
        comment = f"<!--{'x' * ((1 << 20) - before - inside)}-->"
        extract = read_extract(written(tmp_path, comment, marked, name="town.osm.gz"))
        assert extract.ways.way_id.tolist() == [101, 102]


def test_a_packed_file_that_breaks_off_is_a_fault(tmp_path):
    path = written(tmp_path, "<remark>x</remark>", name="town.osm.gz")
    path.write_bytes(path.read_bytes()[:-30])
    with pytest.raises(UnreadableFileError, match="damaged or cut short"):
        read_extract(path)


def test_half_an_answer_that_was_kept_is_removed(tmp_path):
    kept = tmp_path / "answer.json"
    kept.write_text(json.dumps({"elements": [], "remark": "runtime error: out of memory"}))
    with pytest.raises(OutsideServiceError, match=r"half of one .*out of memory.* run again"):
        _read_kept(tmp_path)
    assert not kept.exists()
