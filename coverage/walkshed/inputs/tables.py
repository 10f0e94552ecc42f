"""Tables of a study: CSV, workbooks, GeoJSON, GeoPackage and Shapefile as plain rows of text with the line of each."""

from __future__ import annotations

import csv
import functools
import glob
import io
import json
import re
import unicodedata
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import shorten
from walkshed.inputs.book import FaultBook, column_names, nearest_word
from walkshed.inputs.cell_text import cell_text
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.grid import MOST_TITLE_ROWS, Grid, columns_of, head


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row: its number as an editor shows it, its cells by the contract's column names, its drawing if any.

    ``broken`` rows have a fault already: only their id is used, so that what refers to them is no fault as well.
    ``placed`` is where geocoding put a row without coordinates, in WGS84 degrees.
    """

    number: int
    cells: Mapping[str, str]
    geometry: BaseGeometry | None = None
    broken: bool = False
    placed: BaseGeometry | None = None


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

    def fault(
        self, book: FaultBook, row: Row, column: str | None, fact: str, cure: str, *, value: object = None
    ) -> None:
        """Write down a fault of one row, with the planner's own name of the column."""
        header = None if column is None else self.headers.get(column, column)
        book.fault(self.label, fact, cure, row=row.number, column=header, value=value, counted=self.counted)


def read_table(
    path: Path,
    kind: str,
    folder: StudyFolder,
    extra_columns: tuple[str, ...] = (),
    *,
    may_be_empty: bool = False,
    sheet: str | None = None,
) -> Table | None:
    """Return the table at ``path``; None, and faults, when it cannot be read.

    ``kind`` is ``"stations"``, ``"blocks"`` or ``"gates"``: whose column names apply. ``extra_columns`` are columns
    that study.toml names itself (groups of people). ``sheet``: of a workbook.
    """
    suffix = path.suffix.lower()
    label = folder.label(path)

    def known(header: str) -> str | None:
        return match_column(header, kind, extra_columns)

    if suffix in {".csv", ".txt", ".tsv"}:
        raw = _csv(path, label, folder, known)
    elif suffix in {".xlsx", ".xlsm"}:
        raw = _workbook(path, label, folder, known, kind, sheet)
    elif suffix in {".geojson", ".json"}:
        raw = _geojson(path, label, folder)
    elif suffix in {".gpkg", ".shp"}:
        raw = _drawing(path, label, folder)
    else:
        cure = "save it as Excel workbook (.xlsx), CSV, GeoJSON, GeoPackage or Shapefile"
        fact = f"ends in {suffix!r}, which this version does not read as a table"
        folder.book.fault(label, fact, cure)
        return None
    if raw is None:
        return None
    if not raw.rows and not may_be_empty:
        folder.book.fault(label, "holds no rows", "fill it in, or take it out of study.toml")
        return None
    return _with_contract_names(raw, kind, folder.book, extra_columns)


def match_column(header: str, kind: str, extra_columns: tuple[str, ...] = ()) -> str | None:
    """Return the contract's name for a column header; None for a column that the contract does not know."""
    wanted = _folded(header)
    for extra in extra_columns:
        if _folded(extra) == wanted:
            return extra
    return _columns(kind).get(wanted) or _columns(kind).get(
        _folded(_ASIDE.sub("", unicodedata.normalize("NFKC", header)))
    )


@functools.cache
def _columns(kind: str) -> Mapping[str, str]:
    names: dict[str, str] = {}
    for name, others in column_names()[kind].items():
        for word in (name, *others):
            names.setdefault(_folded(word), name)
    return names


#: What people add to a column's name: its unit, a star for "required".
_ASIDE = re.compile(r"[(\[【].*?[)\]】]|[*:：]")


def _folded(header: str) -> str:
    plain = unicodedata.normalize("NFKC", header).strip().lower()
    plain = re.sub(r"\s+", "" if _CHINESE.search(plain) else "_", plain)
    return plain.replace("-", "_").strip("_")


_CHINESE = re.compile("[\u3400-\u9fff]")


def _with_contract_names(raw: Table, kind: str, book: FaultBook, extra_columns: tuple[str, ...]) -> Table | None:
    headers: dict[str, str] = {}
    unknown = []
    for header in raw.headers:
        name = match_column(header, kind, extra_columns)
        if name is None:
            unknown.append(header)
        elif name not in headers:
            headers[name] = header
        else:
            fact = f"and '{shorten(headers[name])}' both mean '{name}'"
            book.fault(raw.label, fact, "keep one of the two columns", row=raw.header_row, value=header)
    if any(row.cells.get("") for row in raw.rows):
        book.note(f"{raw.label}: a column without a name is not used")
    for header in unknown:
        near = nearest_word(header, column_names()[kind])
        hint = f" (did you mean '{near}'?)" if near is not None and near not in headers else ""
        if header.strip():
            book.note(f"{raw.label}: column {shorten(header)!r} is not known and not used{hint}")
    rows = tuple(
        replace(row, cells={name: row.cells.get(header, "").strip() for name, header in headers.items()})
        for row in raw.rows
    )
    return Table(raw.label, raw.counted, headers, rows, raw.drawn, raw.crs, raw.header_row)


def _csv(path: Path, label: str, folder: StudyFolder, known: Callable[[str], str | None]) -> Table | None:
    text = folder.read_text(path, label, chinese=True)
    if text is None:
        return None
    book = folder.book
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    numbers: list[int] = []
    found: list[list[str]] = []
    before = 0
    try:
        for cells in lines:
            number, before = before + 1, lines.line_num
            if any(cell.strip() for cell in cells):
                numbers.append(number)
                found.append([cell.strip() for cell in cells])
    except csv.Error as error:
        cure = 'close each double quote, and write a quote inside a cell twice: ""'
        book.fault(label, f"cannot be read as CSV ({error})", cure, row=before + 1)
        return None
    headed = head(Grid(numbers, found), known)
    if headed is None:
        book.fault(label, "is empty", "write a row of column names and a row per entry")
        return None
    header = found[headed.header]
    number = numbers[headed.header]
    if not _header_is_sound(header, label, number, book):
        return None
    rows: list[Row] = []
    for place in headed.rows:
        cells = found[place]
        if len(cells) == len(header):
            rows.append(Row(numbers[place], columns_of(header, cells)))
            continue
        fact = f"has {len(cells)} cells where the header has {len(header)}"
        cure = 'put text that holds a comma into double quotes: "a, b"'
        if len(cells) < len(header):
            cure = "add the missing cells (a comma for an empty one), or put text with line breaks into quotes"
        book.fault(label, fact, cure, row=numbers[place])
        rows.append(Row(numbers[place], columns_of(header, cells), broken=True))
    _note_left_out(label, headed.left_out, book)
    return Table(label, "row", {name: name for name in header if name}, tuple(rows), drawn=False, header_row=number)


def _workbook(
    path: Path, label: str, folder: StudyFolder, known: Callable[[str], str | None], kind: str, sheet: str | None
) -> Table | None:
    from walkshed.inputs.workbook import read_sheet

    read = read_sheet(path, label, kind, sheet, known, folder)
    if read is None:
        return None
    label, grid, headed = read
    names = list(headed.names)
    for place, name in enumerate(names):  # two columns of one name: only those that are known are a fault
        if name and names.index(name) < place and known(name) is None:
            names[place] = ""
    number = grid.numbers[headed.header]
    if not _header_is_sound(names, label, number, folder.book):
        return None
    rows = tuple(Row(grid.numbers[place], columns_of(names, grid.cells[place])) for place in headed.rows)
    _note_left_out(label, headed.left_out, folder.book)
    headers = {name: name for name in names if name}
    return Table(label, "row", headers, rows, drawn=False, header_row=number)


def _note_left_out(label: str, left_out: Sequence[tuple[int, str]], book: FaultBook) -> None:
    for number, what in left_out:
        book.note(f"{label}, row {number}: is {what}, no entry, and is not read")


def _delimiter(text: str) -> str:
    """Return the mark between cells: the one of ``, ; tab`` in the header (Excel writes ; in much of Europe)."""
    for header in text.lstrip("\r\n").split("\n")[:MOST_TITLE_ROWS]:  # a title may hold none of them
        for mark in ",\t;":
            if mark in header:
                return mark
    return ","


def _header_is_sound(header: list[str], label: str, number: int, book: FaultBook) -> bool:
    repeated = sorted({name for name in header if name and header.count(name) > 1})
    for name in repeated:
        book.fault(label, "is the name of two columns", "rename or remove one", row=number, value=name)
    return not repeated


def _geojson(path: Path, label: str, folder: StudyFolder) -> Table | None:
    text = folder.read_text(path, label)
    if text is None:
        return None
    book = folder.book
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        row = getattr(error, "lineno", None)
        cure = "export the layer again as GeoJSON"
        book.fault(label, f"is not JSON ({getattr(error, 'msg', None) or type(error).__name__})", cure, row=row)
        return None
    features = data.get("features") if isinstance(data, dict) else None
    if not isinstance(features, list):
        book.fault(label, "is JSON, but no GeoJSON FeatureCollection", "export the layer again as GeoJSON")
        return None
    rows, headers = [], dict[str, str]()
    for number, feature in enumerate(features, start=1):
        if not isinstance(feature, dict) or not isinstance(feature.get("properties") or {}, dict):
            book.fault(label, "is no feature", "export the layer again as GeoJSON", row=number, counted="feature")
            continue
        cells = {name: cell_text(value) for name, value in (feature.get("properties") or {}).items()}
        if "id" not in cells and feature.get("id") is not None:
            cells["id"] = cell_text(feature["id"])
        headers.update({name: name for name in cells})
        geometry, sound = _geometry(feature.get("geometry"), number, label, book)
        rows.append(Row(number, cells, geometry, broken=not sound))
    return Table(label, "feature", headers, tuple(rows), drawn=True, crs=_geojson_crs(data))


def _geometry(
    raw: Any,  # noqa: ANN401 (JSON)
    number: int,
    label: str,
    book: FaultBook,
) -> tuple[BaseGeometry | None, bool]:
    """Return a feature's geometry and whether it could be read."""
    if raw is None:
        return None, True
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return shapely.from_geojson(json.dumps(raw)), True
    except (shapely.errors.ShapelyError, ValueError, TypeError, RecursionError):
        book.fault(label, "has a geometry that is not GeoJSON", "draw it again", row=number, counted="feature")
        return None, False


def _geojson_crs(data: Mapping[str, Any]) -> str | None:
    """Return what the old ``crs`` member says (GeoJSON 2008; RFC 7946 knows WGS84 only)."""
    crs = data.get("crs")
    properties = crs.get("properties") if isinstance(crs, dict) else None
    name = properties.get("name") if isinstance(properties, dict) else None
    if not isinstance(name, str) or name.upper().endswith("CRS84"):
        return None
    return name


def _drawing(path: Path, label: str, folder: StudyFolder) -> Table | None:
    """Return the only layer of a GeoPackage or a Shapefile."""
    import pyogrio

    book = folder.book
    form = "GeoPackage" if path.suffix.lower() == ".gpkg" else "Shapefile"
    for part in [path] if form == "GeoPackage" else sorted(path.parent.glob(f"{glob.escape(path.stem)}.*")):
        if folder.read_bytes(part, folder.label(part)) is None:
            return None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            layers = [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]
            if len(layers) != 1:
                shown = ", ".join(shorten(name, 40) for name in layers) or "none"
                cure = "save the layer that is meant into a GeoPackage of its own"
                book.fault(label, f"holds {len(layers)} layers with geometry ({shown})", cure)
                return None
            frame = pyogrio.read_dataframe(path, layer=layers[0])
    except (OSError, RuntimeError, ValueError, pyogrio.errors.DataSourceError):
        cure = "export the layer again, or close the program that holds it open"
        if form == "Shapefile":
            cure += "; a Shapefile is several files (.shp, .shx, .dbf, .prj): copy them all"
        book.fault(label, f"cannot be read as a {form}", cure)
        return None
    names = [str(name) for name in frame.columns if name != frame.geometry.name]
    columns = {name: list(frame[name]) for name in names}
    rows = tuple(
        Row(number + 1, {name: cell_text(columns[name][number]) for name in names}, geometry)
        for number, geometry in enumerate(frame.geometry)
    )
    code = None if frame.crs is None else frame.crs.to_epsg()
    crs = f"EPSG:{code}" if code else None if frame.crs is None else frame.crs.to_string()
    return Table(label, "feature", {name: name for name in names}, rows, drawn=True, crs=crs or "none")
