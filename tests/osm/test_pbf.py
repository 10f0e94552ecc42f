"""Everyday PBF files, decoded by columns, hold what osmium reads from them; the others are left to osmium."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pytest

from drawn_pbf import HEADER, NODES, blob, block, number, text
from extracts import EXTRACTS
from walkshed.errors import UnreadableFileError
from walkshed.osm import raw
from walkshed.osm.files.pbf import RarePbf, read_elements


def assert_read_alike(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert raw._everyday(path.read_bytes()) is not None
    ours = raw.read_raw(path)
    monkeypatch.setattr(raw, "_everyday", lambda _: None)
    theirs = raw.read_raw(path)
    for part in fields(ours):
        one, other = getattr(ours, part.name), getattr(theirs, part.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == other.dtype
            np.testing.assert_array_equal(one, other, err_msg=part.name)
        else:
            assert one == other, part.name
    assert list(ours.node_tags) == list(theirs.node_tags)


def test_helsinki(helsinki_extract_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_read_alike(helsinki_extract_path, monkeypatch)


@pytest.mark.data
@pytest.mark.parametrize("name", EXTRACTS)
def test_seven_extracts(test_data: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert_read_alike(test_data / "osm" / f"{name}.osm.pbf", monkeypatch)


def test_a_file_written_by_hand() -> None:
    way = text(
        3,
        number(1 << 3)
        + number((1 << 64) - 5)
        + text(2, b"\x01")
        + text(3, b"\x02")
        + text(8, b"\x02\x02"),
    )
    found = read_elements(HEADER + block(NODES) + block(way))
    assert found.node_id[0].tolist() == [1, 2]
    assert found.node_y[0].tolist() == [500, 498]
    assert found.node_x[0].tolist() == [0, 2]
    assert [(node, dict(tags)) for node, tags in found.node_tags] == [(2, {"name": "老街"})]
    assert found.way_id[0].tolist() == [-5]
    assert found.way_size[0].tolist() == [2]
    assert found.way_refs[0].tolist() == [1, 2]
    assert [dict(tags) for tags in found.way_tags] == [{"name": "老街"}]


@pytest.mark.parametrize(
    "content",
    [
        blob(b"OSMHeader", text(4, b"HistoricalInformation")),
        HEADER + block(NODES, number(17 << 3) + number(1000)),  # another granularity
        HEADER + block(NODES, number(19 << 3) + number(7)),  # another origin
        HEADER + block(text(1, number(1 << 3) + number(2))),  # plain nodes
        HEADER + block(text(3, number(1 << 3) + number(1) + text(9, b"\x02"))),  # locations on ways
        HEADER
        + block(
            text(
                2,
                text(1, b"\x02") + text(5, text(6, b"\x01")) + text(8, b"\x02") + text(9, b"\x02"),
            )
        ),
        HEADER + block(text(2, text(1, b"\x02") + text(8, b"\x82"))),  # a number that does not end
        HEADER + block(NODES)[:-3],
        HEADER + block(NODES).replace(b"OSMData", b"OSMDat"),
    ],
)
def test_what_is_rare_or_broken_is_left_to_osmium(content: bytes) -> None:
    with pytest.raises(RarePbf):
        read_elements(content)


def test_a_broken_file_is_told_in_osmiums_words(
    tmp_path: Path, helsinki_extract_path: Path
) -> None:
    content = bytearray(helsinki_extract_path.read_bytes())
    content[200_000:200_100] = bytes(100)
    path = tmp_path / "broken.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match="damaged or cut short"):
        raw.read_raw(path)
