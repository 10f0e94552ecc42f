"""Chinese heads of the CSV files: as the dictionary has them, each once, over the same cells; and read back."""

from __future__ import annotations

import csv
from pathlib import Path

from reports.example import example
from small import table, write_study
from walkshed.findings import Findings
from walkshed.reports.declared import heads_zh
from walkshed.reports.registry import SITE_TABLES, TABLES
from walkshed.reports.workbook.cover import dictionary
from walkshed.reports.workbook.reported import reported
from walkshed.study import read_study

TOML = '[[services]]\nid = "meals"\nzh = "长者助餐"\n[run]\ntable_language = "{language}"\n'


def _study(folder: Path, language: str, stations: str | None = None) -> Path:
    listed = [("S1", 100, "甲站", "center", "meals", 1, "yes", "", "Mo-Fr 08:00-18:00")]
    columns = "id,name,tier,services,floor,elevator,parent,hours"
    return write_study(
        folder,
        stations=stations or table(columns, listed),
        blocks=table(
            "id,name,people,kind",
            [("B1", 300, "一区", 100, "old"), ("B2", 1900, "二区", 50, "old")],
        ),
        toml=TOML.format(language=language),
        language="zh",
    )


def _rows(path: Path) -> list[list[str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_no_two_columns_of_a_table_are_called_alike() -> None:
    for each in (*TABLES, *SITE_TABLES):
        heads = heads_zh(each.declared())
        assert len(set(heads.values())) == len(heads) == len(each.declared()), each.file
        assert all(heads.values()), each.file


def test_heads_are_chinese_and_cells_the_same(tmp_path: Path) -> None:
    for language in ("en", "zh"):
        Findings(read_study(_study(tmp_path / language, language)).run().results).write(
            tmp_path / f"{language}-out"
        )
    files = sorted(path.name for path in (tmp_path / "en-out").glob("*.csv"))
    assert files == sorted(path.name for path in (tmp_path / "zh-out").glob("*.csv"))
    for name in files:
        english, chinese = (_rows(tmp_path / f"{each}-out" / name) for each in ("en", "zh"))
        assert english[1:] == chinese[1:]
        assert len(set(chinese[0])) == len(chinese[0])
        assert not set(english[0]) & set(chinese[0]), name
    coverage = _rows(tmp_path / "zh-out" / "coverage.csv")[0]
    assert {"小区编号", "小区名称", "服务编号", "人数"} <= set(coverage)


def test_stations_are_read_back_from_their_own_table(tmp_path: Path) -> None:
    """The table of stations that a run wrote under Chinese heads is the stations' table of another study."""
    first = read_study(_study(tmp_path / "first", "zh"))
    Findings(first.run().results).write(tmp_path / "out")
    written = (tmp_path / "out" / "stations.csv").read_text("utf-8-sig")
    again = read_study(_study(tmp_path / "again", "zh", written))
    (one,), (other,) = first.inputs.stations, again.inputs.stations
    for field in ("id", "name", "tier", "services", "floor", "elevator", "hours"):
        assert getattr(one, field) == getattr(other, field), field
    assert one.geometry.distance(other.geometry) < 1e-6


def test_the_dictionary_of_the_workbook_tells_every_column() -> None:
    results = example()
    (grid,) = dictionary(reported(results))
    expected = [
        (each.file, column.name)
        for each in TABLES
        if each.when.holds(results)
        for column in each.declared()
    ]
    assert [row[:2] for row in grid.rows] == expected
