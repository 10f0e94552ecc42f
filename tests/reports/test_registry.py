"""One registry of output tables: what is written, what is declared, and what the pages say are one."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import walkshed
from walkshed.errors import NotFoundError
from walkshed.findings import Findings
from walkshed.reports.declared import (
    COUNT,
    METERS,
    SHARE,
    TEXT,
    WHOLE,
    Column,
    column_of,
    empty_frame,
    frame_of,
    frame_of_rows,
)
from walkshed.reports.dictionary import DICTIONARY, MAPS, dictionary_text, with_files
from walkshed.reports.plans.before_after import before_after_frame
from walkshed.reports.registry import COMPARISON_TABLES, FILES, LAYERS, SITE_TABLES, TABLES, Table

ROOT = Path(__file__).parents[2]
EVERY = (*TABLES, *LAYERS, *SITE_TABLES, *COMPARISON_TABLES)


@pytest.fixture(scope="module")
def findings() -> Findings:
    return walkshed.read_study(ROOT / "data" / "gucheng" / "window.toml").run()


@pytest.fixture(scope="module")
def visited() -> Findings:
    return walkshed.read_study(ROOT / "data" / "gucheng" / "visitors.toml").run()


def check(frame: pd.DataFrame, table: Table) -> None:
    """Every column of a frame is declared, stands in its place, and has its type and digits."""
    declared = table.declared()
    names = [str(name) for name in frame if name != "geometry"]
    found = [column_of(name, declared) for name in names]
    for name, column in zip(names, found, strict=True):
        values = frame[name]
        if column.kind.dtype and column.kind.dtype != "str":
            assert str(values.dtype) == column.kind.dtype, name
        if column.kind.digits is not None:
            finite = values[np.isfinite(values)]
            assert (finite == finite.round(column.kind.digits)).all(), name
        if column.kind is TEXT:
            assert values.map(type).eq(str).all(), name

    # columns that are always there, in their order; neighboring families may mix
    plain = [column.name for column in declared if not column.is_family]
    always = [column.name for column in declared if column.name in plain and not column.sometimes]
    assert [name for name in names if name in always] == always
    assert [name for name in plain if name in names] == [name for name in names if name in plain]


@pytest.mark.parametrize("table", [*TABLES, *LAYERS], ids=lambda table: table.layer or table.file)
def test_tables_of_a_run_are_as_declared(
    table: Table, findings: Findings, visited: Findings
) -> None:
    with_rows = visited if table.file == "visitors.csv" else findings
    frame = table.made_of(with_rows.results)
    check(frame, table)
    if table.when.holds(with_rows.results):
        assert len(frame) > 0


def test_tables_of_proposals_are_as_declared(findings: Findings) -> None:
    study = walkshed.read_study(ROOT / "data" / "gucheng" / "window.toml")
    sites = study.site(findings, new=1, services=("meals",))
    down = study.upgrade(findings, budget=60.0, services=("meals",))
    frames = {
        "proposals.csv": sites.proposals,
        "curve.csv": sites.curve,
        "unreachable.csv": sites.unreachable,
        "effects.csv": sites.effects,
        "before_after.csv": before_after_frame(sites.before.results, sites.after.results),
        "upgrades.csv": down.upgrades,
        "frontier.csv": down.frontier([0.0, 60.0]),
    }
    assert set(frames) == {table.file for table in SITE_TABLES}
    for table in SITE_TABLES:
        check(frames[table.file], table)


def test_a_run_writes_what_the_registry_says_and_nothing_else(
    findings: Findings, tmp_path: Path
) -> None:
    findings.write(tmp_path / "run")
    told = {each.file for each in FILES if each.when.holds(findings.results)}
    assert {path.name for path in (tmp_path / "run").iterdir()} == told


def test_findings_give_every_table_under_its_name(findings: Findings) -> None:
    assert findings.table("areas.csv").equals(findings.areas)
    with pytest.raises(NotFoundError, match=r"table 'area\.csv': is none of coverage\.csv, areas"):
        findings.table("area.csv")


def test_every_file_and_column_is_told_in_both_languages() -> None:
    chinese = re.compile("[一-鿿]")
    for table in EVERY:
        for told in (table, table.when, *table.declared()):
            assert told.zh
            assert told.en
            assert not chinese.search(told.en), told
        names = [column.name for column in table.declared()]
        assert len(names) == len(set(names)), table.file
        told_in_chinese = [column for column in table.declared() if chinese.search(column.zh)]
        assert len(told_in_chinese) == len(names), table.file


@pytest.mark.parametrize(
    ("name", "page"),
    [(DICTIONARY, dictionary_text), (MAPS, lambda: with_files((ROOT / MAPS).read_text("utf-8")))],
)
def test_pages_are_up_to_date(name: str, page: object) -> None:
    """Otherwise: python -m walkshed.reports.dictionary . in the checkout."""
    assert (ROOT / name).read_text(encoding="utf-8") == page()


def test_the_list_of_files_in_maps_names_every_file_once() -> None:
    page = (ROOT / MAPS).read_text(encoding="utf-8")
    assert re.findall(r"^\| `([^`]+)`", page, flags=re.MULTILINE) == [each.file for each in FILES]


DECLARED = (
    Column("name", TEXT, "名称", "name"),
    Column("<weight>", COUNT, "数", "a count"),
    Column("<weight>_failing", COUNT, "数", "a count"),
    Column("people", WHOLE, "人数", "people"),
    Column("far_m", METERS, "距离", "distance"),
    Column("share", SHARE, "比例", "share"),
)


def test_frames_follow_what_is_declared() -> None:
    row = {"share": 0.123456, "name": "a", "orders": 1, "orders_failing": 2, "people": 2.5}
    frame = frame_of_rows([row | {"far_m": float("inf")}, row | {"far_m": -0.01}], DECLARED)
    assert list(frame) == ["name", "orders", "orders_failing", "people", "far_m", "share"]
    assert frame["people"].tolist() == [3, 3]
    assert str(frame["far_m"].tolist()) == "[nan, 0.0]"
    assert frame["share"].tolist() == [0.1235, 0.1235]


def test_families_side_by_side_keep_the_order_in_which_they_are_given() -> None:
    declared = (*DECLARED[:3],)
    frame = frame_of(
        {"b": [1], "b_failing": [0], "a": [2], "a_failing": [1], "name": ["x"]}, declared
    )
    assert list(frame) == ["name", "b", "b_failing", "a", "a_failing"]


def test_a_table_may_not_lack_what_it_declares() -> None:
    with pytest.raises(NotFoundError, match="column 'far_m': is declared, and the table lacks it"):
        frame_of({"name": ["a"], "people": [1], "share": [1.0]}, DECLARED)


def test_a_drawing_may_not_hold_what_nobody_declared() -> None:
    with pytest.raises(NotFoundError, match="column 'lenght': is not declared"):
        column_of("lenght", [column for column in DECLARED if not column.is_family])


def test_a_table_without_rows_has_the_declared_types() -> None:
    frame = empty_frame(DECLARED)
    assert list(frame) == ["name", "people", "far_m", "share"]
    assert [str(dtype) for dtype in frame.dtypes][1:] == ["Int64", "float64", "float64"]
