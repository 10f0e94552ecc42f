"""A run's output folder: everything is built first, then put in place, or nothing is.

The same results give the same bytes. Wall seconds never repeat, so they do not stand in
``run.json`` with the rest of the provenance but in a file of their own, ``timing.json``; nor does
the way from the run's folder to its study, which stands there, too.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd

from walkshed.errors import InvalidValueError
from walkshed.model.messages import Message
from walkshed.model.paths import digest_of
from walkshed.model.results import Results
from walkshed.reports.declared import headed
from walkshed.reports.layers.geopackage import refuse_path, write_layers
from walkshed.reports.layers.styles import layer_styles
from walkshed.reports.provenance import provenance
from walkshed.reports.registry import (
    EXTRA_LAYERS,
    GEOPACKAGE,
    LAYERS,
    MAP,
    PRINTS,
    PROVENANCE,
    REPORTS,
    SECONDS,
    SITE_TABLES,
    TABLES,
)
from walkshed.reports.writing import put_in_place
from walkshed.reports.writing.csv_text import csv_parts
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

    ``extra_files`` are further files of the run by name (the map: ``index.html``, report.xlsx), ``extra_layers``
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
        study = "" if public else _way_to_study(results, folder)
        _build(results, part, extra_files, extra_facts or {}, study=study, public=public)
        # prints made by hand are in no run's list, and stay
        remarks.extend(keep_prints(folder, part))

    def older() -> list[str]:
        return older_files(folder, public=public)

    put_in_place(folder, build, older=older)
    for remark in remarks:
        if say is not None:
            say(remark)


def _build(
    results: Results,
    part: Path,
    extra_files: Mapping[str, bytes],
    extra_facts: Mapping[str, Any],
    *,
    study: str,
    public: bool,
) -> None:
    for name, content in extra_files.items():
        (part / name).write_bytes(content)
    digests = {path.name: digest_of(path) for path in sorted(part.iterdir())}
    seconds = {stage: round(value, 3) for stage, value in results.seconds.items()}
    circumstances: dict[str, Any] = {"seconds": seconds}
    if study:
        circumstances["study"] = study
    (part / SECONDS.file).write_bytes(_json_bytes(circumstances))
    traced = provenance(results, digests) | dict(extra_facts)
    if public:
        traced.pop("notes", None)
    (part / PROVENANCE.file).write_bytes(_json_bytes(traced))


def _build_tables(
    results: Results, part: Path, extra_layers: Mapping[str, gpd.GeoDataFrame]
) -> None:
    """Write every table and every layer of this run; a frame that is both is made once."""
    both = {each.frame for each in LAYERS}
    kept: dict[str, pd.DataFrame] = {}

    # a frame of all blocks and services is large: each is written before the next is made
    for each in TABLES:
        if each.when.holds(results):
            frame = each.made_of(results)
            with (part / each.file).open("wb") as file:
                file.writelines(csv_parts(headed(frame, each.declared(), results)))
            if each.frame in both:
                kept[each.frame] = frame
            del frame

    layers = {
        each.layer: kept[each.frame] if each.frame in kept else each.made_of(results)
        for each in LAYERS
    }
    every = {**layers, **extra_layers}
    styles = layer_styles(results, every, (*LAYERS, *EXTRA_LAYERS))
    write_layers(every, part / GEOPACKAGE.file, styles)


def _way_to_study(results: Results, folder: Path) -> str:
    """Return the way from a run's folder to its study, "" unless both lie below the working folder.

    Farther ways would name folders of this machine.
    """
    work, study, run = Path.cwd().resolve(), results.inputs.folder.resolve(), folder.resolve()
    if not (study.is_relative_to(work) and run.is_relative_to(work)):
        return ""
    return Path(os.path.relpath(study, run)).as_posix()


def _json_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _check_names(extra_files: Mapping[str, bytes]) -> None:
    known = sorted(each.file for each in (MAP, *SITE_TABLES, *PRINTS, *REPORTS.values()))
    for name in extra_files:
        if name not in known:
            raise InvalidValueError(
                Message(
                    "extra file {name!r}: is not a plain file name of {known}",
                    name=name,
                    known=known,
                )
            )
