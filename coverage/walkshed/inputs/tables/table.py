"""Tables of a study as plain rows of text, each with its number, and the contract's names of their columns."""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from shapely.geometry.base import BaseGeometry

from walkshed.inputs.faults import FaultBook, column_names
from walkshed.inputs.local import Local
from walkshed.inputs.tables.datum_words import headers_without_datum
from walkshed.inputs.tables.meaning.units import COUNTED, unit_behind, without_unit
from walkshed.model.messages import Message

_COORDINATES = frozenset({"lon", "lat", "lon_lat", "coordinate_source"})


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row: its number as an editor shows it, its cells by the contract's column names, its drawing if any.

    ``broken`` rows have a fault already: only their id is used, so that what refers to them is no
    fault as well. ``placed`` is where geocoding put a row without coordinates, in WGS84 degrees.
    The place of ``lost`` rows has a fault already; their other cells are read.
    """

    number: int
    cells: Mapping[str, str]
    geometry: BaseGeometry | None = None
    broken: bool = False
    placed: BaseGeometry | None = None
    lost: bool = False


#: The numbers of rows of a table's second file begin here, those of the third at twice that.
PART = 10_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a table in several: what it is called, and the planner's own word for each column."""

    label: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table: ``headers`` give the planner's own word for each column; ``crs`` is what the file itself says.

    ``header_row`` is the row of the column names, None where there is no such row.
    """

    label: str
    counted: str  # "row" of a CSV or a sheet, "feature" of a drawing
    headers: Mapping[str, str]
    rows: tuple[Row, ...]
    drawn: bool  # geometry comes with the rows, not from columns
    crs: str | None = None
    header_row: int | None = None
    parts: tuple[Part, ...] = ()  # of a table in several files, in their order
    asides: tuple[str, ...] = ()  # lines above and below that are no entries: titles, remarks
    cut: frozenset[str] = frozenset()  # headers that lack their ends
    exporter: str = ""  # the datum of the map service whose export it is, by its columns
    near: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))  # as near_headers
    # headers that may count people, by what they say, and those of which only the cells tell that
    likely_people: tuple[str, ...] = ()
    unread_counts: tuple[str, ...] = ()
    local: Local = field(default_factory=Local)  # the habits of the place

    @property
    def place_column(self) -> str:
        """The column in which faults of places stand."""
        return "geometry" if self.drawn else "lon"

    def row_told(self, number: int) -> Message:
        """Return one of its rows in words: row 3, feature 3."""
        if self.parts:
            label = self.parts[number // PART].label
            return Message("{file}, row {number}", file=label, number=number % PART)
        if self.counted == "feature":
            return Message("feature {number}", number=number)
        return Message("row {number}", number=number)

    def number_told(self, number: int) -> str:
        """Return the number of a row as an editor shows it, behind its file where there are several."""
        if not self.parts:
            return str(number)
        return f"{self.parts[number // PART].label} {number % PART}"

    def fault(
        self,
        book: FaultBook,
        row: Row,
        column: str | None,
        fact: str,
        cure: str,
        *,
        value: object = None,
    ) -> None:
        """Write down a fault of one row, with the planner's own name of the column."""
        label, headers, number = self.label, self.headers, row.number
        if self.parts:
            part = self.parts[number // PART]
            label, headers, number = part.label, part.headers, number % PART
        header = None if column is None else headers.get(column, column)
        book.fault(label, fact, cure, row=number, column=header, value=value, counted=self.counted)


def match_column(
    header: str,
    kind: str,
    extra_columns: tuple[str, ...] = (),
    stated: Mapping[str, str] = MappingProxyType({}),
) -> str | None:
    """Return the contract's name for a column header; None for a column that the contract does not know.

    ``stated`` are the headers that study.toml names, by the contract's names; no other column means
    what they do. An empty one says that the table has no such column.
    """
    if stated:
        named = next((name for name, said in stated.items() if same_header(said, header)), None)
        found = named or match_column(header, kind, extra_columns)
        return found if named or found not in stated else None

    wanted = _folded(header)
    for extra in extra_columns:
        if _folded(extra) == wanted:
            return extra
    known = _columns(kind)
    aside = _ASIDE.sub("", unicodedata.normalize("NFKC", header))
    name = known.get(wanted) or known.get(_folded(aside))
    if name is None and unit_behind(header):
        # area_sqft, Sq ft: the unit is no part of the name
        name = known.get(_folded(without_unit(header)) or "area")
        name = name if COUNTED.get(name or "") == "area" else None
    if name is None and known.get(_YEAR.sub("", wanted)) == "people":
        name = "people"  # POP2020, Population 2020
    if name is not None:
        return name

    # 高德经度, lng_wgs84: the datum is no part of the name
    shorter = (known.get(_folded(_ASIDE.sub("", text))) for text in headers_without_datum(header))
    return next((name for name in shorter if name in _COORDINATES), None)


def same_header(one: str, other: str) -> bool:
    """Return whether two headers are written alike but for case, blanks and accents."""
    return bool(_folded(one)) and _folded(one) == _folded(other)


def match_cut(header: str, kind: str) -> str | None:
    """Return the contract's name for a header that lacks its end; None where it may mean several columns, or none."""
    start = _folded(header)
    found = {name for word, name in _columns(kind).items() if word.startswith(start)}
    return found.pop() if len(found) == 1 and start else None


@functools.cache
def _columns(kind: str) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for name, others in column_names()[kind].items():
        for word in (name, *others):
            names.setdefault(_folded(word), name)
    return names


_YEAR = re.compile(r"_?(?:19|20)\d\d$")
#: What people add to a column's name: its unit, a star for "required".
_ASIDE = re.compile(r"[(\[【].*?[)\]】]|[*:：]")


def _folded(header: str) -> str:
    plain = unicodedata.normalize("NFKC", header).strip().lower()
    if _CHINESE.search(plain):
        return re.sub(r"\s+", "", plain).replace("-", "_").strip("_")
    return re.sub(r"[\s.'’\-_]+", "_", _ACCENTED.sub(_bare, plain)).strip("_")


def _bare(letter: re.Match[str]) -> str:
    """Return a Latin letter without its accent."""
    return unicodedata.normalize("NFKD", letter[0])[0]


_CHINESE = re.compile("[\u3400-\u9fff]")
_ACCENTED = re.compile("[\u00c0-\u017f\u1e00-\u1eff]")
