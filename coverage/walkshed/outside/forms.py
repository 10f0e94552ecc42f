"""Forms of files, known by how their names end; who reads tables, lines and outlines takes them from this one list."""

from __future__ import annotations

import glob
import warnings
from dataclasses import dataclass
from pathlib import Path

from walkshed.errors import shorten
from walkshed.model.messages import Listing, Message


@dataclass(frozen=True, slots=True)
class FileForm:
    """A form of file: what it is called, and how names of such files end.

    What ``has_parts`` consists of all files of its name.
    """

    name: str
    suffixes: tuple[str, ...]
    has_parts: bool = False

    def ends(self, path: Path) -> bool:
        """Return whether a file is of this form, by its name."""
        return path.name.lower().endswith(self.suffixes)


CSV = FileForm("CSV", (".csv", ".txt", ".tsv"))
WORKBOOK = FileForm(Message("Excel workbook (.xlsx)"), (".xlsx", ".xlsm"))
GEOJSON = FileForm("GeoJSON", (".geojson", ".json"))
#: A feature on each line.
GEOJSON_LINES = FileForm("GeoJSON lines", (".geojsonl", ".geojsons", ".ndjson", ".jsonl"))
GEOPACKAGE = FileForm("GeoPackage", (".gpkg",))
SHAPEFILE = FileForm("Shapefile", (".shp",), has_parts=True)
#: Columns of any kind, and with geometry GeoParquet.
PARQUET = FileForm("Parquet", (".parquet", ".geoparquet"))
#: The files of a Shapefile in one.
ZIP = FileForm("ZIP", (".zip",))
RASTER = FileForm("GeoTIFF", (".tif", ".tiff"))
EXTRACT = FileForm("OpenStreetMap", (".osm.pbf", ".pbf", ".osm", ".osm.gz", ".osm.bz2"))
#: An outline as Osmosis and Geofabrik write it.
POLY = FileForm(".poly", (".poly",))

#: What tables may be, in the order in which they are told.
TABLES = (WORKBOOK, CSV, GEOJSON, GEOPACKAGE, SHAPEFILE, PARQUET)
#: What lines of streets may be.
LINES = (GEOPACKAGE, GEOJSON, SHAPEFILE)
#: What the outline of a town may be.
OUTLINES = (POLY, GEOJSON, GEOPACKAGE, SHAPEFILE)


def form_of(path: Path, forms: tuple[FileForm, ...]) -> FileForm | None:
    """Return the form of a file among some, by its name; None for another one."""
    return next((form for form in forms if form.ends(path)), None)


def in_words(forms: tuple[FileForm, ...]) -> str:
    """Return forms as a sentence names them: ``CSV, GeoJSON or Shapefile``."""
    names = [form.name for form in forms]
    return Message("{several} or {last}", several=Listing(names[:-1]), last=names[-1])


def parts_of(path: Path) -> list[Path]:
    """Return the files that make up a file: a Shapefile has several."""
    form = form_of(path, (*TABLES, *LINES, *OUTLINES))
    if form is None or not form.has_parts:
        return [path]
    return sorted(path.parent.glob(f"{glob.escape(path.stem)}.*"))


def layers_of(path: Path) -> list[str]:
    """Return the names of the layers with geometry of a drawing; raises whatever GDAL raises."""
    import pyogrio

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return [str(name) for name, kind in pyogrio.list_layers(path) if kind is not None]


def not_one(layers: list[str]) -> str:
    """Return what to say of a drawing whose layer one cannot tell, "" where there is just one."""
    if len(layers) == 1:
        return ""
    shown = Listing(shorten(name, 40) for name in layers) if layers else Message("none")
    return Message(
        "holds {count} {count:layer|layers} with geometry ({shown})", count=len(layers), shown=shown
    )
