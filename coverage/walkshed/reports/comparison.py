"""Before and after: what scenarios change, as a table and as a few columns for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from walkshed.errors import OutputError
from walkshed.model.messages import Message
from walkshed.model.results import Results
from walkshed.needs.rules.scenarios import changes
from walkshed.reports.columns import shared
from walkshed.reports.compared.by_service import (
    FAILING_COLUMNS,
    UNSURE_COLUMNS,
    changes_by_service,
)
from walkshed.reports.compared.changes import changes_between
from walkshed.reports.declared import COUNT, TEXT, Column, frame_of_rows, headed
from walkshed.reports.registry import COMPARISON_TABLES
from walkshed.reports.writing import heal, put_in_place
from walkshed.reports.writing.csv_text import csv_bytes
from walkshed.reports.writing.cures import cure
from walkshed.reports.writing.names import is_litter, is_ours, named
from walkshed.words.answers.changes import failing_blocks

COLUMNS: tuple[Column, ...] = (
    Column("scenario", TEXT, "比选方案", "the scenario"),
    *shared("service"),
    Column("kind", TEXT, "小区类型；* 为全部", "kind of block; * for all of them"),
    Column("people", COUNT, "人数", "people"),
    Column("people_served_before", COUNT, "之前达标人数", "people served before"),
    Column("people_served_after", COUNT, "之后达标人数", "people served after"),
    Column("people_gained", COUNT, "新达标人数", "people served in the scenario only"),
    Column("people_lost", COUNT, "不再达标人数", "people served without the scenario only"),
    Column("blocks", COUNT, "小区数", "blocks"),
    *FAILING_COLUMNS,
    Column("blocks_gained", COUNT, "新达标的小区", "blocks served in the scenario only"),
    Column("blocks_lost", COUNT, "不再达标的小区", "blocks served without the scenario only"),
    *UNSURE_COLUMNS,
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
    names = [column.name for column in COLUMNS]
    return frame_of_rows([dict(zip(names, row, strict=True)) for row in rows], COLUMNS)


def comparison_rows(before: Results, after: Sequence[Results]) -> list[list[str]]:
    """Return the cells of a terminal's table: a line per scenario and service, named in the study's language."""
    language = before.inputs.settings.language
    names = {each.id: each.called(language) for each in before.inputs.services}
    frame = comparison_frame(before, after)
    return [
        [
            str(row["scenario"]),
            names[str(row["service"])],
            f"+{row['people_gained']:,}" if row["people_gained"] else "0",
            f"-{row['people_lost']:,}" if row["people_lost"] else "0",
            f"{row['people_served_before']:,} → {row['people_served_after']:,}",
            failing_blocks(row, language),
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
            failing_blocks(row, before.inputs.settings.language),
            str(row["blocks_better"]),
            str(row["blocks_worse"]),
            str(row["why"]),
        ]
        for results in after
        for row in changes_by_service(before.view(), results.view()).to_dict("records")
    ]


def check_comparison_folder(folder: Path) -> None:
    """Raise OutputError where the folder holds anything but the tables of an older comparison; nothing is written.

    A table is known by its name and by its first columns, which stay what they are. A comparison
    that died there is put in order first.
    """
    heal(folder)
    _older_tables(Path(folder))


def _older_tables(folder: Path) -> list[str]:
    """Return the names of an older comparison's tables, sorted; refuse a folder that holds anything else."""
    try:
        entries = sorted(folder.iterdir()) if folder.exists() else []
        found = [path for path in entries if not is_litter(path.name) and not is_ours(path.name)]
        strangers = [path.name for path in found if not _is_own(path)]
    except OSError as error:
        raise OutputError(cure(error, folder)) from error
    if strangers:
        raise OutputError(
            Message(
                "{folder} holds files that are not from a comparison of walkshed: {strangers}; "
                "choose another folder with --out, or move them away",
                folder=folder,
                strangers=named(strangers),
            )
        )
    return [path.name for path in found]


def _is_own(path: Path) -> bool:
    known = {each.file: each for each in COMPARISON_TABLES}
    if path.name not in known or not path.is_file():
        return False
    with path.open("rb") as file:
        header = file.readline(10_000).removeprefix(b"\xef\xbb\xbf")
    first = [column.name for column in known[path.name].declared()[:4]]
    return header.startswith(",".join(first).encode())


def write_comparison(
    before: Results,
    folder: Path,
    *,
    scenarios: Sequence[Results] = (),
    others: Sequence[Results] = (),
) -> list[Path]:
    """Write what differs from ``before`` into the folder, in place of an older comparison; return the paths.

    ``compare.csv`` tells of its ``scenarios``; ``changes.csv`` and ``changes_by_service.csv`` of
    ``others``, each of which is named in ``study``. All of them or none. The folder is made if need
    be. Raises OutputError when it cannot be written to, or holds files of others.
    """
    tables: dict[str, pd.DataFrame] = {}
    if scenarios:
        tables["compare.csv"] = comparison_frame(before, scenarios)
    if others:
        tables |= _changes(before, others)

    declared = {each.file: each.declared() for each in COMPARISON_TABLES}

    def build(new: Path) -> None:
        for name, frame in tables.items():
            (new / name).write_bytes(csv_bytes(headed(frame, declared[name], before)))

    put_in_place(folder, build, older=lambda: _older_tables(Path(folder)))
    return [Path(folder) / name for name in tables]


def _changes(before: Results, others: Sequence[Results]) -> Mapping[str, pd.DataFrame]:
    """Return the tables of what other studies change, by name."""
    tables = {"changes.csv": changes_between, "changes_by_service.csv": changes_by_service}
    return {
        name: pd.concat(
            [
                table(before.view(), other.view()).assign(study=other.inputs.settings.name)
                for other in others
            ],
            ignore_index=True,
        )
        for name, table in tables.items()
    }
