"""A long street with ledgers beside it: stations and compounds at known places, and whatever ledger a test writes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl

from small import table, write_study
from walkshed.errors import Fault, InputFaultsError
from walkshed.study import read_study

SERVICES = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
complete = true
[[services]]
id = "law"
zh = "法律"
en = "Law"
complete = true
"""
#: id, x, name, tier, services, scope, hours
STATIONS = [
    ("S1", 100, "南门站", "micro", "meals;law", "all", "Mo-Fr 08:00-18:00"),
    ("S2", 2950, "花园站", "compound", "meals", "compound", ""),
]
#: id, x, name, people, community, shared_station
BLOCKS = [
    ("B1", 0, "南门里", 100, "南门", ""),
    ("B2", 2900, "花园", 100, "开元", ""),
    ("B3", 2600, "北苑", 50, "开元", "花园站"),
]
HEADS = "id,name,tier,services,scope,hours", "id,name,people,community,共用站点"


def write(
    folder: Path,
    ledgers: Mapping[str, str] | None = None,
    *,
    stations: list[tuple[object, ...]] | None = None,
    blocks: list[tuple[object, ...]] | None = None,
    toml: str = "",
    language: str = "zh",
) -> Path:
    """Write the study; ``ledgers`` are CSV by key of ``[ledgers]``."""
    kept = ledgers or {}
    named = "".join(f'{key} = "{key}.csv"\n' for key in kept)
    return write_study(
        folder,
        stations=table(HEADS[0], stations or STATIONS),
        blocks=table(HEADS[1], blocks or BLOCKS),
        toml=SERVICES + (f"[ledgers]\n{named}" if named else "") + toml,
        language=language,
        files={f"{key}.csv": text for key, text in kept.items()},
    )


def workbook(path: Path, sheets: Mapping[str, list[list[object]]]) -> None:
    """Save a workbook of some sheets."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        page = book.create_sheet(name)
        for row in rows:
            page.append(row)
    book.save(path)


def faults(folder: Path) -> list[Fault]:
    """Return the faults of a study."""
    try:
        read_study(folder)
    except InputFaultsError as error:
        return list(error.faults)
    return []


def lonlat_rows(columns: str, names: tuple[str, ...], cells: list[str]) -> str:
    """Return a CSV of the town's blocks with a column of the test's own."""
    rows = [
        (key, x, name, cell) for (key, x, *_), name, cell in zip(BLOCKS, names, cells, strict=True)
    ]
    return table(columns, rows)
