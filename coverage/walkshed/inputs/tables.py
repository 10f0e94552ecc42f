"""Tables of a study: CSV, GeoJSON and GeoPackage read into plain rows of text with the line each stands on."""

from __future__ import annotations

import csv
import io
import json
import math
import unicodedata
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from walkshed.errors import shorten
from walkshed.inputs.book import FaultBook, column_names, nearest_word
from walkshed.inputs.files import StudyFolder


@dataclass(frozen=True, slots=True, eq=False)
class Row:
    """One row: its number as an editor shows it, its cells by the contract's column names, its drawing if any.

    ``broken`` rows have a fault already: only their id is used, so that what refers to them is no fault as well.
    """

    number: int
    cells: Mapping[str, str]
    geometry: BaseGeometry | None = None
    broken: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Table:
    """A table: ``headers`` give the planner's own word for each column; ``crs`` is what the file itself says."""

    label: str
    counted: str  # "row" of a CSV, "feature" of a drawing
    headers: Mapping[str, str]
    rows: tuple[Row, ...]
    drawn: bool  # geometry comes with the rows, not from columns
    crs: str | None = None

    def fault(
        self, book: FaultBook, row: Row, column: str | None, fact: str, cure: str, *, value: object = None
    ) -> None:
        """Write down a fault of one row, with the planner's own name of the column."""
        header = None if column is None else self.headers.get(column, column)
        book.fault(self.label, fact, cure, row=row.number, column=header, value=value, counted=self.counted)


def read_table(
    path: Path, kind: str, folder: StudyFolder, extra_columns: tuple[str, ...] = (), *, may_be_empty: bool = False
) -> Table | None:
    """Return the table at ``path``; None, and faults, when it cannot be read.

    ``kind`` is ``"stations"``, ``"blocks"`` or ``"gates"``: whose column names apply. ``extra_columns`` are columns
    that study.toml names itself (groups of people).
    """
    suffix = path.suffix.lower()
    label = folder.label(path)
    if suffix == ".csv":
        raw = _csv(path, label, folder)
    elif suffix in {".geojson", ".json"}:
        raw = _geojson(path, label, folder)
    elif suffix == ".gpkg":
        raw = _geopackage(path, label, folder)
    else:
        cure = "save it as CSV UTF-8, GeoJSON or GeoPackage"
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
    for name, others in column_names()[kind].items():
        if wanted == name or wanted in map(_folded, others):
            return name
    return None


def _folded(header: str) -> str:
    return unicodedata.normalize("NFKC", header).strip().lower().replace(" ", "_").replace("-", "_")


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
            book.fault(raw.label, fact, "keep one of the two columns", row=_header_row(raw), value=header)
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
    return Table(raw.label, raw.counted, headers, rows, raw.drawn, raw.crs)


def _header_row(table: Table) -> int | None:
    return 1 if table.counted == "row" else None


def _csv(path: Path, label: str, folder: StudyFolder) -> Table | None:
    text = folder.read_text(path, label)
    if text is None:
        return None
    book = folder.book
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    header: list[str] | None = None
    rows: list[Row] = []
    before, sound = 0, True
    try:
        for cells in lines:
            number, before = before + 1, lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if header is None:
                header = [cell.strip() for cell in cells]
                sound = _header_is_sound(header, label, number, book)
                continue
            if len(cells) != len(header):
                fact = f"has {len(cells)} cells where the header has {len(header)}"
                cure = 'put text that holds a comma into double quotes: "a, b"'
                if len(cells) < len(header):
                    cure = "add the missing cells (a comma for an empty one), or put text with line breaks into quotes"
                book.fault(label, fact, cure, row=number)
                rows.append(Row(number, dict(zip(header, cells, strict=False)), broken=True))
                continue
            rows.append(Row(number, dict(zip(header, cells, strict=False))))
    except csv.Error as error:
        cure = 'close each double quote, and write a quote inside a cell twice: ""'
        book.fault(label, f"cannot be read as CSV ({error})", cure, row=before + 1)
        return None
    if header is None:
        book.fault(label, "is empty", "write a row of column names and a row per entry")
        return None
    if not sound:
        return None
    return Table(label, "row", {name: name for name in header if name}, tuple(rows), drawn=False)


def _delimiter(text: str) -> str:
    """Return the mark between cells: the one of ``, ; tab`` in the header (Excel writes ; in much of Europe)."""
    header = text.lstrip("\r\n").split("\n", 1)[0]
    if "," in header:
        return ","
    return "\t" if "\t" in header else ";" if ";" in header else ","


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


def _geopackage(path: Path, label: str, folder: StudyFolder) -> Table | None:
    import pyogrio

    book = folder.book
    if folder.read_bytes(path, label) is None:
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
        book.fault(label, "cannot be read as a GeoPackage", cure)
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


def cell_text(value: Any) -> str:  # noqa: ANN401 (whatever a file holds)
    """Return a cell as text: nothing for null and NaN, 3 for 3.0, true and false for booleans, lists with ``;``."""
    if value is None:
        return ""
    if isinstance(value, bool | np.bool_):
        return "true" if value else "false"
    if isinstance(value, float | np.floating):
        number = float(value)
        if math.isnan(number):
            return ""
        return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
    if isinstance(value, list):
        return ";".join(cell_text(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    text = str(value)
    return "" if text in {"NaT", "<NA>"} else text
