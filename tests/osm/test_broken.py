"""Files that cannot be read: each with its message, none with a traceback of the reader."""

from __future__ import annotations

import bz2
import gzip
import zipfile
from pathlib import Path

import osmium
import pytest

from drawn_osm import Drawing
from walkshed.errors import InvalidValueError, NotFoundError, UnreadableFileError, WalkshedError
from walkshed.osm import read_extract

GOOD = Drawing(
    nodes={node: (node, node % 7) for node in range(1, 400)},
    ways={1: (list(range(1, 400)), {"highway": "path"})},
)
ENTITIES = (
    b'<?xml version="1.0"?><!DOCTYPE osm [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    b'<osm version="0.6"><node id="1" lat="1" lon="1"><tag k="a" v="&c;"/></node></osm>'
)


def pbf(folder: Path) -> bytes:
    (folder / "good.osm").write_bytes(GOOD.xml())
    with osmium.SimpleWriter(str(folder / "good.osm.pbf")) as writer:
        for element in osmium.FileProcessor(str(folder / "good.osm")):
            writer.add(element)
    return (folder / "good.osm.pbf").read_bytes()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"   \n", "is not OpenStreetMap data"),
        (b"id,name\n1,hall\n", r"is not OpenStreetMap data \(it begins with b'id,name"),
        (
            b"<!DOCTYPE html><html><body>429 Too Many Requests</body></html>",
            "Unknown top-level element: html",
        ),
        (b'{"elements": []}', "is not OpenStreetMap data"),
        (GOOD.xml()[:-40], "XML parsing error"),
        (GOOD.xml().replace(b'version="0.6"', b'version="0.5"'), "version 0.5"),
        (GOOD.xml().replace(b'lat="0.001"', b'lat="north"', 1), "wrong format for coordinate"),
        (GOOD.xml().replace(b"path", b"p\xff\xfeth"), "not well-formed"),
        (ENTITIES, "entities are not supported"),
        (gzip.compress(GOOD.xml(), mtime=0)[:-30], "gzip error"),
        (gzip.compress(b"\0" * 50_000_000, mtime=0), "unpack to more than"),
        (gzip.compress(gzip.compress(GOOD.xml(), mtime=0), mtime=0), "XML parsing error"),
        (bz2.compress(GOOD.xml())[:-30], "cannot be read"),
        (b"\x1f\x8b" + b"garbage" * 9, "gzip error"),
    ],
    ids=lambda value: repr(value)[:24] if isinstance(value, bytes) else None,
)
def test_not_readable(tmp_path, content, says):
    path = tmp_path / "town.osm.pbf"
    path.write_bytes(content)
    with pytest.raises(UnreadableFileError, match=says) as caught:
        read_extract(path)
    assert str(caught.value).startswith(str(path))
    assert "; " in str(caught.value)
    assert caught.value.__cause__ is None
    assert isinstance(caught.value, OSError)


@pytest.mark.parametrize("share", [0.02, 0.3, 0.5, 0.9, 0.999])
def test_a_truncated_pbf(tmp_path, share):
    content = pbf(tmp_path)
    path = tmp_path / "cut.osm.pbf"
    path.write_bytes(content[: int(len(content) * share)])
    with pytest.raises(UnreadableFileError, match=r"cut\.osm\.pbf"):
        read_extract(path)


def test_flipped_bytes_never_escape_as_another_error(tmp_path):
    content = pbf(tmp_path)
    path = tmp_path / "flipped.osm.pbf"
    for at in range(0, len(content), 7):
        path.write_bytes(content[:at] + bytes([content[at] ^ 0x5A]) + content[at + 1 :])
        try:
            extract = read_extract(path)
        except WalkshedError as error:
            assert str(path) in str(error)  # noqa: PT017 (some flips leave a readable file)
        else:
            assert extract.digest


def test_a_missing_file(tmp_path):
    with pytest.raises(
        NotFoundError, match=r"nowhere\.osm\.pbf: no such file; check the path"
    ) as caught:
        read_extract(tmp_path / "nowhere.osm.pbf")
    assert isinstance(caught.value, LookupError)


def test_a_folder(tmp_path):
    with pytest.raises(UnreadableFileError, match="is a folder"):
        read_extract(tmp_path)


def test_a_zip(tmp_path):
    with zipfile.ZipFile(tmp_path / "town.zip", "w") as archive:
        archive.writestr("town.osm", GOOD.xml())
    with pytest.raises(UnreadableFileError, match=r"give an extract as \.osm\.pbf"):
        read_extract(tmp_path / "town.zip")


def test_a_file_without_nodes(tmp_path):
    path = tmp_path / "empty.osm"
    path.write_bytes(b'<osm version="0.6"><way id="1"><nd ref="1"/><nd ref="2"/></way></osm>')
    with pytest.raises(
        InvalidValueError, match="holds no node with a location; export the area again"
    ):
        read_extract(path)


def test_a_node_without_a_location_is_counted(tmp_path):
    drawing = Drawing(nodes={1: (0, 0), 2: (1, 0)}, ways={5: ([1, 3, 2], {"highway": "path"})})
    path = tmp_path / "odd.osm"
    path.write_bytes(
        drawing.xml([*drawing.elements(), '<node id="3"/>', '<node id="4" lat="95" lon="10"/>'])
    )
    assert "2 nodes without a location left out" in read_extract(path).notes
