"""Whatever a file holds, the answer is a study or a list of faults, never another error."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs

GOOD = Path(__file__).parent / "good"
FILES = ("study.toml", "stations.csv", "blocks.geojson", "gates.csv", "needs.toml", "town.osm")
#: Pieces that have meaning somewhere: they reach further than random bytes.
SIGNS = [*"\"',;[]{}=*/；、，\n\r\t\0\ufeff", "[[", "..", "\\ud800", "\\u0000"]
NUMBERS = [
    "0",
    "-1",
    "1e400",
    "nan",
    "inf",
    "null",
    "true",
    "2026-11-23",
    "9" * 400,
    "9" * 5000,
    "0x" + "f" * 5000,
]
WORDS = ["H1", "meals", "file", "lines", "hub", "EPSG:4547", "Polygon", "features", "[" * 3000]
PIECES = st.sampled_from([b"\xff\xfe", *(piece.encode() for piece in (*SIGNS, *NUMBERS, *WORDS))])


@st.composite
def damaged(draw: st.DrawFn) -> tuple[str, bytes]:
    """Return a file of the good study with up to four stretches replaced by other bytes."""
    name = draw(st.sampled_from(FILES))
    data = (GOOD / name).read_bytes()
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(len(data), start + 40)))
        data = data[:start] + draw(st.one_of(PIECES, st.binary(max_size=8))) + data[end:]
    return name, data


def read_damaged(name: str, data: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(GOOD, folder, dirs_exist_ok=True)
        (Path(folder) / name).write_bytes(data)
        try:
            read_inputs(Path(folder))
        except InputFaultsError as error:
            assert error.faults  # noqa: PT017 (either way out is right)


@settings(max_examples=150, deadline=None)
@given(damaged())
def test_a_damaged_file_is_read_or_told(damage: tuple[str, bytes]) -> None:
    read_damaged(*damage)


@pytest.mark.parametrize("name", FILES)
def test_a_file_cut_short_is_read_or_told(name: str) -> None:
    data = (GOOD / name).read_bytes()
    for end in range(0, len(data), max(1, len(data) // 25)):
        read_damaged(name, data[:end])
