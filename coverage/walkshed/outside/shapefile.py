"""The table of a Shapefile: its bytes read in the encoding that they are in, whatever is said of it beside them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from walkshed.model.messages import Listing, Message
from walkshed.outside.encodings import Decoding, cut_decoded, decoding_of

if TYPE_CHECKING:
    import geopandas as gpd

#: Encodings of one byte a letter keep every byte as it is.
_AS_BYTES: Final = "ISO-8859-1"
#: The language of a .dbf: its byte 29.
_LANGUAGES: Final = {
    0x01: "437",
    0x02: "850",
    0x03: "1252",
    0x13: "932",
    0x4D: "936",
    0x4E: "949",
    0x4F: "950",
    0x57: "1252",
    0x7A: "936",
    0x79: "949",
    0x78: "950",
    0x7B: "932",
    0xC8: "1250",
    0xC9: "1251",
}
_LANGUAGE_AT, _LONGEST_NAME = 29, 10  # bytes


class UnknownTextError(Exception):
    """Text in an encoding that cannot be told; its words say which were tried."""


@dataclass(frozen=True, slots=True, eq=False)
class ShapefileTable:
    """A frame with its text read, and what is to be said of that; ``cut``: columns whose names lack their ends."""

    frame: gpd.GeoDataFrame
    notes: tuple[str, ...]
    cut: frozenset[str]


def read_shapefile(path: Path, layer: str | None = None) -> ShapefileTable:
    """Return the table of a Shapefile, names and values decoded.

    The encoding is the one that the bytes are in (``decoding_of``), not what a .cpg file says that
    may be missing or wrong. Raises ``UnknownTextError``, and whatever GDAL raises.
    """
    import pandas as pd
    import pyogrio

    # every byte as it is, and which columns hold text
    frame = pyogrio.read_dataframe(path, layer=layer, encoding=_AS_BYTES)
    columns = [name for name in frame.columns if name != frame.geometry.name]
    texts = [
        name
        for name in columns
        if frame[name].dtype == object or pd.api.types.is_string_dtype(frame[name])
    ]
    names = [str(name) for name in columns]
    values = [value for name in texts for value in frame[name] if isinstance(value, str)]

    # one encoding for all of it
    declared = _declared(path)
    decoding = decoding_of([_bytes(text) for text in (*names, *values)], declared)
    if decoding is None:
        if not declared:
            raise UnknownTextError(Message("and it is neither UTF-8 nor GBK"))
        raise UnknownTextError(
            Message(
                "its .cpg says {declared!r}, and it is neither UTF-8 nor GBK", declared=declared
            )
        )

    # names and values in it; a .dbf cuts either inside a character
    read = {name: _decoded(name, decoding) for name in names}
    cut = frozenset(read[name] for name in names if _is_cut(name, decoding))
    for name in texts:
        frame[name] = [
            _decoded(value, decoding) if isinstance(value, str) else value for value in frame[name]
        ]

    short = sum(_is_cut(value, decoding) for value in values)
    notes = _notes(decoding, declared, cut, short, [*names, *values])
    return ShapefileTable(frame.rename(columns=read), notes, cut)


def encoding_for(path: Path) -> str | None:
    """Return the encoding in which GDAL reads any Shapefile without an error; None for other files."""
    return _AS_BYTES if path.suffix.lower() == ".shp" else None


def _declared(path: Path) -> str:
    """Return what the .cpg file says, else the .dbf's own byte; "" for neither."""
    for suffix in (".cpg", ".CPG"):
        code_page = path.with_suffix(suffix)
        if code_page.is_file():
            return code_page.read_bytes()[:100].decode("ascii", "replace").strip()

    table = path.with_suffix(".dbf")
    if not table.is_file():
        table = path.with_suffix(".DBF")
    if not table.is_file():
        return ""

    with table.open("rb") as file:
        head = file.read(_LANGUAGE_AT + 1)
    if len(head) <= _LANGUAGE_AT:
        return ""
    return _LANGUAGES.get(head[_LANGUAGE_AT], "")


def _notes(
    decoding: Decoding, declared: str, cut: frozenset[str], short: int, texts: list[str]
) -> tuple[str, ...]:
    """Return what is said of the text of a Shapefile that was not as one would expect."""
    notes = []
    if not decoding.as_declared and any(not text.isascii() for text in texts):
        encoding = decoding.encoding.upper()
        if declared:
            note = Message(
                "its text is read as {encoding}, not as {declared}",
                encoding=encoding,
                declared=declared,
            )
        else:
            note = Message(
                "its text is read as {encoding}; no .cpg file says so", encoding=encoding
            )
        notes.append(note)

    if cut:
        named = Listing(f"'{name}'" for name in sorted(cut))
        notes.append(
            Message(
                "the names of columns are cut to {longest_name} {longest_name:byte|bytes}: {named}",
                longest_name=_LONGEST_NAME,
                named=named,
            )
        )
    if short:
        notes.append(
            Message(
                "{short} {short:text is|texts are} cut inside {short:its|their} last character, "
                "which is left out",
                short=short,
            )
        )
    return tuple(notes)


def _bytes(text: str) -> bytes:
    return text.encode("latin-1", "replace")


def _decoded(text: str, decoding: Decoding) -> str:
    return cut_decoded(_bytes(text), decoding.encoding) or ""


def _is_cut(text: str, decoding: Decoding) -> bool:
    try:
        _bytes(text).decode(decoding.encoding)
    except UnicodeDecodeError:
        return True
    return False
