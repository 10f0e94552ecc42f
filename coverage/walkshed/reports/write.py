"""A run's output folder: everything is built first, then put in place, or nothing is.

The same results give the same bytes. Wall seconds never repeat, so they do not stand in
``run.json`` with the rest of the provenance but in a file of their own, ``timing.json``.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import stat
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from walkshed.errors import InvalidValueError, OutputError
from walkshed.model.results import Results
from walkshed.reports import tables
from walkshed.reports.alone import alone_in
from walkshed.reports.by_walker import coverage_by_walker_frame
from walkshed.reports.changes import changes_by_walker
from walkshed.reports.changes_by_service import changes_by_service_and_walker
from walkshed.reports.geopackage import write_layers
from walkshed.reports.harmless import FORMULA_STARTS, LITTER, harmless
from walkshed.reports.hours import hours_frame
from walkshed.reports.left_out import inequality_frame, left_out_frame, overlaps_frame
from walkshed.reports.priorities import priorities_frame
from walkshed.reports.provenance import provenance
from walkshed.reports.rooms import capacity_frame, rooms_frame
from walkshed.reports.unverified import unverified_frame
from walkshed.reports.visitors import visitors_frame

#: What a run may write; other files that it wrote are listed in its run.json.
OWN_FILES: frozenset[str] = frozenset(
    {
        *(
            "index.html",
            "coverage.csv",
            "areas.csv",
            "stations.csv",
            "matrix.csv",
            "layers.gpkg",
            "run.json",
        ),
        *(
            "timing.json",
            "coverage_by_walker.csv",
            "capacity.csv",
            "rooms.csv",
            "unverified.csv",
            "hours.csv",
        ),
        *(
            "overlap.csv",
            "left_out.csv",
            "inequality.csv",
            "changes.csv",
            "visitors.csv",
            "priorities.csv",
        ),
        "changes_by_service.csv",
    }
)
PART = ".walkshed-part-"


def write_run(
    results: Results,
    folder: Path,
    *,
    extra_files: Mapping[str, bytes],
    public: bool = False,
    extra_layers: Mapping[str, gpd.GeoDataFrame] | None = None,
    extra_facts: Mapping[str, Any] | None = None,
) -> None:
    """Write all output files of a run into ``folder``, which is made if need be; all of them or none.

    ``extra_files`` are further files of the run by plain name (the map: ``index.html``),
    ``extra_layers`` further layers of the GeoPackage, ``extra_facts`` further entries of run.json.
    An older run in the folder is replaced; when anything fails or interrupts, it stays as it was;
    runs that end together write one after the other. With ``public`` no table or layer is written,
    since all of them tell people by block or notes meant for the office; ``run.json`` leaves its
    notes out.

    Raises OutputError when the folder holds files that are not a run's own, when it cannot be
    written to, and when a file of the older run is held by another program.
    """
    folder = Path(folder)
    _check_names(extra_files)
    with alone_in(folder):
        _write_alone(
            results,
            folder,
            extra_files,
            public=public,
            extra_layers=extra_layers or {},
            extra_facts=extra_facts or {},
        )


def _write_alone(
    results: Results,
    folder: Path,
    extra_files: Mapping[str, bytes],
    *,
    public: bool,
    extra_layers: Mapping[str, gpd.GeoDataFrame],
    extra_facts: Mapping[str, Any],
) -> None:
    older = check_folder(folder)
    made = _make(folder)
    part = folder / f"{PART}{os.getpid()}"
    try:
        _drop_leftovers(folder)
        part.mkdir()
        if not public:
            _build_tables(results, part, extra_layers)
        _build(results, part, extra_files, extra_facts, public=public)
        _put_in_place(part, folder, older)
    except OutputError:
        raise
    except OSError as error:
        raise OutputError(_cure(error, folder)) from error
    finally:
        shutil.rmtree(part, ignore_errors=True)
        for path in made:  # still empty only when the run failed
            if path.is_dir() and not any(path.iterdir()):
                path.rmdir()


def check_folder(folder: Path) -> list[str]:
    """Return the names of an older run's files in ``folder``, sorted; nothing is written.

    Asked before a long run, it tells early what ``write_run`` would refuse. Raises OutputError as
    ``write_run`` does.
    """
    folder = Path(folder)
    older = _own_files(folder)
    for name in older:
        path = folder / name
        try:
            # os.replace would ignore it on some systems, not on others
            if not path.stat().st_mode & stat.S_IWUSR:
                raise PermissionError(errno.EACCES, "the file is write-protected", str(path))
            with path.open("r+b"):  # Windows refuses this while Excel holds the file
                pass
        except OSError as error:
            raise OutputError(_cure(error, path)) from error
    return older


def csv_bytes(frame: pd.DataFrame) -> bytes:
    r"""Return a frame as CSV: UTF-8 with the byte order mark that Excel needs, lines ended by \r\n, no index.

    A text that a spreadsheet would take for a formula gets an apostrophe in front.
    """
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
    (part / "timing.json").write_bytes(_json_bytes({"seconds": seconds}))
    traced = provenance(results, digests) | dict(extra_facts)
    if public:
        traced.pop("notes", None)
    (part / "run.json").write_bytes(_json_bytes(traced))


def _build_tables(
    results: Results, part: Path, extra_layers: Mapping[str, gpd.GeoDataFrame]
) -> None:
    stations = tables.stations_frame(results)
    texts = {
        "coverage.csv": tables.coverage_frame(results),
        "areas.csv": tables.areas_frame(results),
        "stations.csv": pd.DataFrame(stations.drop(columns="geometry")),
        "matrix.csv": tables.matrix_frame(results),
        "coverage_by_walker.csv": coverage_by_walker_frame(results),
        "unverified.csv": unverified_frame(results),
    }
    if results.main.overlaps:
        texts["overlap.csv"] = overlaps_frame(results)
    if results.main.inequality:
        texts["left_out.csv"] = left_out_frame(results)
        texts["priorities.csv"] = priorities_frame(results)
        texts["inequality.csv"] = inequality_frame(results)
    if len(results.answers) > 1:
        texts["changes.csv"] = changes_by_walker(results)
        texts["changes_by_service.csv"] = changes_by_service_and_walker(results)
    if results.main.capacity:
        texts["capacity.csv"] = capacity_frame(results)
    if results.main.capacity or results.inputs.community_rule is not None:
        texts["rooms.csv"] = rooms_frame(results)
    if results.visitors:
        texts["visitors.csv"] = visitors_frame(results)
    if results.main.week is not None:
        texts["hours.csv"] = hours_frame(results)
    layers: dict[str, gpd.GeoDataFrame] = {
        "blocks": tables.blocks_frame(results),
        "stations": stations,
        "catchments": tables.catchments_frame(results),
        "pieces": tables.reached_frame(results),
        "exits": tables.exits_frame(results),
        **extra_layers,
    }
    for name, frame in texts.items():
        (part / name).write_bytes(csv_bytes(frame))
    write_layers(layers, part / "layers.gpkg")


def _json_bytes(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n").encode()


def _check_names(extra_files: Mapping[str, bytes]) -> None:
    taken = OWN_FILES - {"index.html"}
    for name in extra_files:
        if not name or name in taken or name != Path(name).name or name.startswith((".", "~")):
            raise InvalidValueError(
                f"extra file {name!r}: choose a plain file name that is none of {sorted(taken)}"
            )


def _own_files(folder: Path) -> list[str]:
    """Return the names of an older run's files in the folder; refuse a folder that holds anything else."""
    try:
        entries = sorted(folder.iterdir()) if folder.exists() else []
    except OSError as error:
        raise OutputError(_cure(error, folder)) from error
    found = [path for path in entries if not path.name.startswith((*LITTER, PART))]
    if not found:
        return []
    written = _files_of_run(folder / "run.json")
    # a run that was killed while it put its files in place
    for killed in folder.glob(f"{PART}*/**/run.json"):
        written = [*(written or ()), *(_files_of_run(killed) or ())]
    held = [
        path.name
        for path in found
        if path.name in {"layers.gpkg-wal", "layers.gpkg-shm", "layers.gpkg-journal"}
    ]
    if held and written is not None:
        raise OutputError(
            f"{folder / 'layers.gpkg'} is open in another program ({held[0]} lies beside it); close it there (in QGIS: "
            f"remove its layers), or delete {held[0]} if no program is running"
        )
    known = OWN_FILES | set(written or ())
    strangers = [
        path.name
        for path in found
        if written is None or path.name not in known or not path.is_file()
    ]
    if strangers:
        raise OutputError(
            f"{folder} holds files that are not from a run of walkshed: {named(strangers)}; "
            "choose another folder with --out, or move them away"
        )
    return [path.name for path in found]


def named(strangers: Sequence[str]) -> str:
    """Return the first five names, and how many more there are."""
    return ", ".join(strangers[:5]) + (
        f" and {len(strangers) - 5} more" if len(strangers) > 5 else ""
    )


def _files_of_run(path: Path) -> list[str] | None:
    """Return the files that a run.json lists, None when it is missing or not walkshed's."""
    try:
        content = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    if not isinstance(content, dict) or "walkshed" not in content:
        return None
    files = content.get("files")
    return [str(name) for name in files] if isinstance(files, dict) else []


def _make(folder: Path) -> list[Path]:
    """Make the folder and the missing ones above it; return those that were made, innermost first."""
    missing = [path for path in (folder, *folder.parents) if not path.exists()]
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise OutputError(_cure(error, folder)) from error
    return missing


def _drop_leftovers(folder: Path) -> None:
    """Remove what a run that was killed left behind."""
    for path in folder.glob(f"{PART}*"):
        shutil.rmtree(path, ignore_errors=True)


def _put_in_place(part: Path, folder: Path, older: list[str]) -> None:
    """Move the files of ``part`` into ``folder`` over the older ones; put the older ones back when one fails.

    Files are replaced one by one because a folder that any program looks into cannot be renamed on
    Windows.
    """
    kept = part / "older"
    # run.json first: it lists the others, so that a folder in which a killed run left off is known
    # for a run's own.
    new = sorted(
        (path.name for path in part.iterdir()), key=lambda name: (name != "run.json", name)
    )
    kept.mkdir()
    for name in older:
        try:
            os.link(folder / name, kept / name)
        except OSError:  # a file system without such names
            shutil.copy2(folder / name, kept / name)
    touched: list[str] = []
    try:
        for name in new:
            touched.append(name)
            os.replace(part / name, folder / name)  # noqa: PTH105 (one word for what it does on every system)
        for name in sorted(set(older) - set(new)):
            touched.append(name)
            (folder / name).unlink()
    except BaseException as error:
        for name in reversed(touched):
            _put_back(kept / name, folder / name, keep=error)
        if isinstance(error, OSError):
            raise OutputError(_cure(error, folder / touched[-1])) from error
        raise


def _put_back(kept: Path, place: Path, *, keep: BaseException) -> None:
    """Restore one file (or remove what was not there before); a failure becomes a note on the first error."""
    try:
        if kept.exists():
            os.replace(kept, place)  # noqa: PTH105
        else:
            place.unlink(missing_ok=True)
    except OSError as error:
        keep.add_note(f"{place} could not be put back: {error.strerror}")


def _cure(error: OSError, place: Path) -> str:
    """Return the message for a failed write: the fact, the place, and what to do about it."""
    path = (
        Path(error.filename)
        if isinstance(error.filename, str) and PART not in error.filename
        else place
    )
    if isinstance(error, PermissionError):
        return (
            f"{path} cannot be written: {error.strerror}; close it in other programs (Excel, QGIS), "
            "take off its write protection, or choose another folder with --out"
        )
    if isinstance(error, NotADirectoryError | FileExistsError):
        return f"{path} is a file, not a folder; choose another folder with --out"
    return f"{path} cannot be written: {error.strerror or error}; free the disk or choose another folder with --out"
