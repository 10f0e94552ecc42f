"""Parquet, with or without geometry, as rows. GeoParquet 1.1: https://geoparquet.org/releases/v1.1.0/."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from walkshed.inputs.faults import FaultBook
from walkshed.inputs.tables.cells import cell_text
from walkshed.inputs.tables.drawings.layers import layer_crs
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.messages import Message

if TYPE_CHECKING:
    import geopandas as gpd
    import pyarrow as pa
    from pyarrow import parquet

_MOST_UNPACKED = 2_000_000_000  # bytes, before what repeats is written out
_MOST_ROWS = 20_000_000
#: What the file's footer calls the description of its geometry.
_GEO = b"geo"


def read_parquet(data: bytes, label: str, book: FaultBook) -> Table | None:
    """Return the rows of a Parquet file; None, and a fault, when it cannot be read, or without the package for it.

    Cells are read as the file types them, and only then made text: a code of 15 digits keeps them
    all, beside rows without one too.
    """
    try:
        from pyarrow import parquet
    except ImportError:
        cure = "run  pip install 'walkshed[parquet]'  , or save it as GeoPackage or CSV"
        book.fault(label, "is Parquet, which needs the package pyarrow", cure)
        return None

    # what it holds, unpacked no further than a town's table goes
    try:
        file = parquet.ParquetFile(io.BytesIO(data))
        if fact := _too_large(file.metadata):
            book.fault(label, fact, "name a file with the rows of the study alone")
            return None
        table = file.read()
        described = _described(table)
        shapes = None if described is None else _shapes(data, str(described["primary_column"]))
        hidden = set() if described is None else _of_geometry(described)
    except Exception:  # noqa: BLE001 (errors of Arrow and of damage have no family)
        cure = "write the file again, or save it as GeoPackage or CSV"
        book.fault(label, Message("cannot be read as Parquet"), cure)
        return None

    # the cells of all columns but those of geometry and of its boxes
    names = [name for name in table.column_names if name not in hidden]
    columns = {name: table.column(name).to_pylist() for name in names}
    cells = [{name: cell_text(columns[name][at]) for name in names} for at in range(table.num_rows)]
    headers = {name: name for name in names}
    if shapes is None:
        rows = tuple(Row(number, of) for number, of in enumerate(cells, start=1))
        return Table(label, "row", headers, rows, drawn=False)
    drawn = zip(cells, shapes.geometry, strict=True)
    rows = tuple(Row(number, of, shape) for number, (of, shape) in enumerate(drawn, start=1))
    return Table(label, "feature", headers, rows, drawn=True, crs=layer_crs(shapes))


def _too_large(held: parquet.FileMetaData) -> str:
    """Return what to say of a file that unpacks to more than any study's table holds; "" for others."""
    size = sum(held.row_group(at).total_byte_size for at in range(held.num_row_groups))
    if size > _MOST_UNPACKED:
        return Message("unpacks to {size_mb:.0f} MB", size_mb=size / 1e6)
    if held.num_rows > _MOST_ROWS:
        return Message("holds {count} {count:row|rows}", count=held.num_rows)
    return ""


def _described(table: pa.Table) -> dict[str, Any] | None:
    """Return what the file says of its geometry; None where it holds none."""
    said = (table.schema.metadata or {}).get(_GEO)
    return None if said is None else dict(json.loads(said))


def _shapes(data: bytes, column: str) -> gpd.GeoDataFrame:
    """Return the geometry of a GeoParquet file, whichever way it is encoded."""
    import geopandas as gpd

    return gpd.read_parquet(io.BytesIO(data), columns=[column])


def _of_geometry(described: dict[str, Any]) -> set[str]:
    """Return the columns that hold geometry, or its boxes."""
    boxes = [of.get("covering", {}).get("bbox", {}) for of in described["columns"].values()]
    corners = [corner for box in boxes for corner in box.values()]
    return {*described["columns"], *(str(corner[0]) for corner in corners)}
