"""Before and after: what scenarios change, as a table and as a few columns for a terminal."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from walkshed.errors import OutputError
from walkshed.model.results import Results
from walkshed.needs.scenarios import changes
from walkshed.reports.changes import CHANGES_COLUMNS, changes_between
from walkshed.reports.changes_by_service import BY_SERVICE_COLUMNS, changes_by_service
from walkshed.reports.harmless import LITTER
from walkshed.reports.write import PART, csv_bytes, named

COLUMNS: tuple[str, ...] = (
    *("scenario", "service", "kind", "people", "people_served_before", "people_served_after"),
    *("people_gained", "people_lost", "blocks", "blocks_failing_before", "blocks_failing_after"),
    *("blocks_gained", "blocks_lost"),
)


def comparison_frame(before: Results, after: Sequence[Results]) -> pd.DataFrame:
    """Return one row per scenario, service and kind of block, kind ``*`` for all of them; whole people and blocks.

    ``blocks_gained`` are served in the scenario and not without it. The columns are those of
    ``compare.csv``.
    """
    rows = []
    for results in after:
        name = results.inputs.scenario.name if results.inputs.scenario else ""
        rows += [[name, *asdict(change).values()] for change in changes(before, results)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def comparison_rows(before: Results, after: Sequence[Results]) -> list[list[str]]:
    """Return the cells of a terminal's table: a line per scenario and service, named in the study's language."""
    language = before.inputs.settings.language
    names = {
        each.id: (each.zh if language == "zh" else each.en) or each.id
        for each in before.inputs.services
    }
    frame = comparison_frame(before, after)
    return [
        [
            str(row["scenario"]),
            names[str(row["service"])],
            f"+{row['people_gained']:,}" if row["people_gained"] else "0",
            f"-{row['people_lost']:,}" if row["people_lost"] else "0",
            f"{row['people_served_before']:,} → {row['people_served_after']:,}",
            f"{row['blocks_failing_before']:,} → {row['blocks_failing_after']:,}",
        ]
        for row in frame[frame["kind"] == "*"].to_dict("records")
    ]


def changed_rows(before: Results, after: Sequence[Results]) -> list[list[str]]:
    """Return the cells of a terminal's table: a line per other study and service."""
    return [
        [
            results.inputs.settings.name,
            str(row["name"]),
            f"{row['people_served_before']:,} → {row['people_served_after']:,}",
            f"{row['blocks_failing_before']:,} → {row['blocks_failing_after']:,}",
            str(row["blocks_better"]),
            str(row["blocks_worse"]),
            str(row["why"]),
        ]
        for results in after
        for row in changes_by_service(before.view(), results.view()).to_dict("records")
    ]


def check_comparison_folder(folder: Path) -> None:
    """Raise OutputError where the folder holds anything but the tables of an older comparison; nothing is written.

    A table is known by its name and by its first columns, which stay what they are.
    """
    folder = Path(folder)
    try:
        found = sorted(folder.iterdir()) if folder.exists() else []
        strangers = [
            path.name
            for path in found
            if not path.name.startswith((*LITTER, PART)) and not _is_own(path)
        ]
    except OSError as error:
        cure = "choose another folder with --out"
        raise OutputError(
            f"{folder} cannot be written to: {error.strerror or error}; {cure}"
        ) from error
    if strangers:
        raise OutputError(
            f"{folder} holds files that are not from a comparison of walkshed: {named(strangers)}; "
            "choose another folder with --out, or move them away"
        )


def _is_own(path: Path) -> bool:
    begins = {
        "compare.csv": COLUMNS,
        "changes.csv": CHANGES_COLUMNS,
        "changes_by_service.csv": BY_SERVICE_COLUMNS,
    }
    if path.name not in begins or not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.readline(10_000).removeprefix(b"\xef\xbb\xbf")
    return header.startswith(",".join(begins[path.name][:4]).encode())


def write_changes(before: Results, after: Sequence[Results], folder: Path) -> list[Path]:
    """Write ``changes.csv`` and ``changes_by_service.csv`` of other studies into the folder; return their paths.

    ``study`` names the other one. Raises OutputError when they cannot be written.
    """
    tables = {"changes.csv": changes_between, "changes_by_service.csv": changes_by_service}
    paths = []
    for name, made in tables.items():
        frames = [
            made(before.view(), each.view()).assign(study=each.inputs.settings.name)
            for each in after
        ]
        paths.append(_written(folder, name, pd.concat(frames, ignore_index=True)))
    return paths


def write_comparison(before: Results, after: Sequence[Results], folder: Path) -> Path:
    """Write ``compare.csv`` into the folder, which is made if need be, and return its path.

    Raises OutputError when it cannot be written.
    """
    return _written(folder, "compare.csv", comparison_frame(before, after))


def _written(folder: Path, name: str, frame: pd.DataFrame) -> Path:
    check_comparison_folder(folder)
    path = Path(folder) / name
    part = path.with_name(f"{PART}{os.getpid()}.csv")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(csv_bytes(frame))
        part.replace(path)
    except OSError as error:
        part.unlink(missing_ok=True)
        cure = "close it in other programs (Excel), or choose another folder with --out"
        raise OutputError(f"{path} cannot be written: {error.strerror or error}; {cure}") from error
    return path
