"""The streets alone are the streets of the whole extract, and the network built of them is the same."""

from __future__ import annotations

import itertools
from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

import walkshed
from extracts import EXTRACTS
from osm.test_pbf import HEADER, blob, number, text
from walkshed.errors import UnreadableFileError
from walkshed.osm import read_extract, read_streets
from walkshed.osm import streets as streets_module
from walkshed.streets.build import build_network


def assert_same_streets(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = read_extract(path)
    with monkeypatch.context() as patch:
        patch.setattr(
            streets_module, "read_extract", lambda path: pytest.fail(f"{path} was read as a whole")
        )
        alone = read_streets(path)
    for name in ("source", "digest", "data_date", "bounds", "street_notes"):
        assert getattr(alone, name) == getattr(whole, name), name
    for name in ("way_id", "start", "node_id", "lonlat"):
        np.testing.assert_array_equal(
            getattr(alone.ways, name), getattr(whole.ways, name), err_msg=name
        )
    assert alone.ways.tags == whole.ways.tags
    barriers = {node: tags for node, tags in whole.way_node_tags.items() if "barrier" in tags}
    assert alone.way_node_tags == barriers
    for private in ("ends", "open"):
        one, other = (build_network(extract, private=private) for extract in (alone, whole))
        assert one.digest == other.digest
        for part in fields(one):
            if part.name != "graph":
                np.testing.assert_array_equal(
                    getattr(one, part.name), getattr(other, part.name), err_msg=part.name
                )
        for mine, theirs in ((one.graph, other.graph), (one.graph.arcs, other.graph.arcs)):
            for part in fields(mine):
                if part.name != "arcs":
                    np.testing.assert_array_equal(
                        getattr(mine, part.name), getattr(theirs, part.name)
                    )


def test_helsinki(helsinki_extract_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same_streets(helsinki_extract_path, monkeypatch)


@pytest.mark.data
@pytest.mark.parametrize("name", EXTRACTS)
def test_seven_extracts(test_data: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_same_streets(test_data / "osm" / f"{name}.osm.pbf", monkeypatch)


def test_other_formats_are_read_as_a_whole(tmp_path: Path) -> None:
    file = tmp_path / "town.osm"
    nodes = "".join(f'<node id="{at}" lon="{at / 1000}" lat="0"/>' for at in (1, 2, 3))
    file.write_text(
        f'<osm version="0.6">{nodes}<way id="7"><nd ref="1"/><nd ref="2"/><nd ref="3"/>'
        '<tag k="highway" v="footway"/></way></osm>',
        encoding="utf-8",
    )
    assert read_streets(file).ways.node_id.tolist() == [1, 2, 3]
    assert walkshed.read_streets(file, cache=False).edge_count == 1


WORDS = (
    "",
    "highway",
    "footway",
    "barrier",
    "gate",
    "type",
    "multipolygon",
    "outer",
    "railway",
    "rail",
    "place",
)


def signed(*values: int) -> bytes:
    return b"".join(number(value << 1 if value >= 0 else -2 * value - 1) for value in values)


def town(*, ways: bytes, relations: bytes = b"") -> bytes:
    """Return a block of three nodes, 1 to 3, a gate on the second, with ways and relations."""
    gate = bytes([0, 3, 4, 0, 0])
    nodes = (
        text(1, signed(1, 1, 1))
        + text(8, signed(0, 0, 0))
        + text(9, signed(0, 9000, 9000))
        + text(10, gate)
    )
    table = b"".join(text(1, word.encode()) for word in WORDS)
    return blob(
        b"OSMData",
        text(1, table) + b"".join(text(2, group) for group in (text(2, nodes), ways, relations)),
    )


def deltas(refs: list[int]) -> bytes:
    return signed(refs[0], *(b - a for a, b in itertools.pairwise(refs)))


def words(*tags: int) -> bytes:
    return b"".join(text(key, bytes(tags[key - 2 :: 2])) for key in (2, 3))


def way(at: int, refs: list[int], *tags: int, more: bytes = b"") -> bytes:
    return text(3, number(8) + number(at) + words(*tags) + more + text(8, deltas(refs)))


def relation(at: int, ways: list[int], *tags: int) -> bytes:
    members = (
        text(8, bytes([7]) * len(ways)) + text(9, deltas(ways)) + text(10, bytes([1]) * len(ways))
    )
    return text(4, number(8) + number(at) + words(*tags) + members)


def file_of(tmp_path: Path, content: bytes) -> Path:
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(HEADER + content)
    return path


def test_gates_squares_and_missing_nodes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ways = way(300, [1, 2, 3], 1, 2) + way(70000, [3, 99, 2, 1], 1, 2) + way(70001, [1, 3, 2, 1])
    ways += way(80000, [1, 2], 8, 9)
    square = relation(5, [70001], 5, 6, 1, 2)
    path = file_of(tmp_path, town(ways=ways, relations=square))
    assert_same_streets(path, monkeypatch)
    alone = read_streets(path)
    assert alone.ways.way_id.tolist() == [300, 70000, 70001]  # no rails; the outline of a square
    assert alone.ways.node_id.tolist() == [1, 2, 3, 2, 1, 1, 3, 2, 1]
    assert alone.ways.tags[2]["area"] == "yes"
    assert alone.way_node_tags == {2: {"barrier": "gate"}}
    assert alone.street_notes == ("1 way is cut where the extract does not hold its nodes",)


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(way(9, [1, 2], 1, 2) + way(8, [2, 3], 1, 2), id="ways out of order"),
        pytest.param(
            way(70000, [1, 2], 1, 2) + way(9, [2, 3], 1, 2), id="a shorter id after a longer one"
        ),
        pytest.param(way(9, [1, 2], 1, 2, more=text(9, b"x")), id="locations on ways"),
        pytest.param(way(9, [1, 2], 1, 2, 1, 4), id="a key twice"),
        pytest.param(
            way(9, [1, 2], 1, 2, more=text(4, number(6 << 3) + number(1))), id="a history"
        ),
    ],
)
def test_what_is_rare_is_read_as_a_whole(tmp_path: Path, content: bytes) -> None:
    path = file_of(tmp_path, town(ways=content))
    whole, alone = read_extract(path), read_streets(path)
    assert type(alone) is type(whole)
    assert alone.ways.tags == whole.ways.tags
    np.testing.assert_array_equal(alone.ways.node_id, whole.ways.node_id)


@pytest.mark.parametrize("cut", [30, 120, 1000, 5000, -3])
def test_a_file_that_was_cut_short_is_told(
    helsinki_extract_path: Path, tmp_path: Path, cut: int
) -> None:
    path = tmp_path / "短.osm.pbf"
    path.write_bytes(helsinki_extract_path.read_bytes()[:cut])
    with pytest.raises(UnreadableFileError, match="damaged or cut short"):
        walkshed.read_streets(path, cache=False)
