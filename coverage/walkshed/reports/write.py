"""A run's output folder: everything is built first, then put in place, or nothing is.

The same results give the same bytes. Wall seconds never repeat, so they do not stand in
``run.json`` with the rest of the provenance but in a file of their own, ``timing.json``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from walkshed.errors import InvalidValueError
from walkshed.model.results import Results
from walkshed.reports.geopackage import refuse_path, write_layers
from walkshed.reports.harmless import FORMULA_STARTS, harmless
from walkshed.reports.provenance import provenance
from walkshed.reports.registry import (
    GEOPACKAGE,
    LAYERS,
    MAP,
    PRINTS,
    PROVENANCE,
    SECONDS,
    SITE_TABLES,
    TABLES,
)
from walkshed.reports.writing import put_in_place
from walkshed.reports.writing.older import keep_prints, older_files


def write_run(
    results: Results,
    folder: Path,
    *,
    extra_files: Mapping[str, bytes],
    public: bool = False,
    extra_layers: Mapping[str, gpd.GeoDataFrame] | None = None,
    extra_facts: Mapping[str, Any] | None = None,
    say: Callable[[str], None] | None = None,
) -> None:
    """Write all output files of a run into ``folder``, which is made if need be; all of them or none.

    ``extra_files`` are further files of the run by name (the map: ``index.html``), ``extra_layers``
    further layers of the GeoPackage, ``extra_facts`` further entries of run.json. An older run in
    the folder is replaced; when anything fails, interrupts or kills, it stays as it was; runs that
    end together write one after the other. With ``public`` no table or layer is written, since all
    of them tell people by block or notes meant for the office; ``run.json`` leaves its notes out.
    ``say`` is told what becomes of prints of an older run.

    Raises OutputError when the folder holds files that are not a run's own, when it cannot be
    written to, and when a file of the older run is held by another program.
    """
    folder = Path(folder)
    _check_names(extra_files)
    remarks: list[str] = []

    def build(part: Path) -> None:
        if not public:
            refuse_path(folder / GEOPACKAGE.file)
            _build_tables(results, part, extra_layers or {})
        _build(results, part, extra_files, extra_facts or {}, public=public)
        # prints made by hand are in no run's list, and stay
        remarks.extend(keep_prints(folder, part))

    def older() -> list[str]:
        return older_files(folder, public=public)

    put_in_place(folder, build, older=older)
    for remark in remarks:
        if say is not None:
            say(remark)


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Return a frame as CSV: UTF-8 with the byte order mark that Excel needs, lines ended by \r\n, no index.

    A text that a spreadsheet would take for a formula gets an apostrophe in front. Of a drawing,
    only the columns beside its geometry are written.
    """
    if isinstance(frame, gpd.GeoDataFrame):
        frame = pd.DataFrame(frame.drop(columns="geometry"))
    safe = {
        name: harmless_column(frame[name]) for name in frame.columns if _holds_text(frame[name])
    }
    text: str = frame.assign(**safe).to_csv(index=False, lineterminator="\r\n")
    return text.encode("utf-8-sig")


def _holds_text(column: pd.Series[Any]) -> bool:
    return pd.api.types.is_string_dtype(column) or pd.api.types.is_object_dtype(column)


def harmless_column(column: pd.Series[Any]) -> pd.Series[Any]:
    """Return a column of texts so that no spreadsheet runs any of them; each text is looked at once."""
    codes, texts = pd.factorize(column, use_na_sentinel=True)
    if not any(isinstance(text, str) and text.startswith(FORMULA_STARTS) for text in texts):
        return column
    safe = np.array([*map(harmless, texts), None], dtype=object)
    return pd.Series(safe[codes], index=column.index, dtype=object)


def _build(
    results: Results,
    part: Path,
    extra_files: Mapping[str, bytes],
    extra_facts: Mapping[str, Any],
    *,
    public: bool,
) -> None:
    for name, content in extra_files.items():
        (part / name).write_bytes(content)
    digests = {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(part.iterdir())
    }
    seconds = {stage: round(value, 3) for stage, value in results.seconds.items()}
    (part / SECONDS.file).write_bytes(_json_bytes({"seconds": seconds}))
    traced = provenance(results, digests) | dict(extra_facts)
    if public:
        traced.pop("notes", None)
    (part / PROVENANCE.file).write_bytes(_json_bytes(traced))


def _build_tables(
    results: Results, part: Path, extra_layers: Mapping[str, gpd.GeoDataFrame]
) -> None:
    """Write every table of this run and its layers; a frame that is both is made once."""
    written = [each for each in (*LAYERS, *TABLES) if each.when.holds(results)]
    frames: dict[str, pd.DataFrame] = {}
    for each in written:
        if each.frame not in frames:
            frames[each.frame] = each.made_of(results)

    for each in TABLES:
        if each in written:
            (part / each.file).write_bytes(csv_bytes(frames[each.frame]))
    layers = {each.layer: frames[each.frame] for each in LAYERS}
    write_layers({**layers, **extra_layers}, part / GEOPACKAGE.file)


def _json_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _check_names(extra_files: Mapping[str, bytes]) -> None:
    known = sorted(each.file for each in (MAP, *SITE_TABLES, *PRINTS))
    for name in extra_files:
        if name not in known:
            raise InvalidValueError(f"extra file {name!r}: is no plain file name of {known}")
