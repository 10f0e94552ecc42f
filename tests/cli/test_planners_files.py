"""Files as offices save them, through the command line: read, or one clear message per fault, exit 1, no traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from walkshed.cli import app
from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.opening import skills
from walkshed.words.messages.folding import fault_lines

INPUTS = Path(__file__).parents[1] / "inputs"
#: All but what only a reading without the coordinate detective lacks.
BAD = sorted(
    path.parent
    for path in INPUTS.glob("bad/*/expected.txt")
    if path.parent.name != "study_crs_needs_more"
)
HEADER = ("编号", "名称", "层级", "经度", "纬度", "服务", "楼层", "面积（平方米）")
ROWS = (
    ("S1", "北厅", "枢纽", "１１６．６４０", "23.660", "meals；clinic", "３层", "1,230平方米"),
    ("S2", "东厅", "中心", "116.642", "２３．６６１", "meals", "二楼", "230"),
)


def check(study: Path) -> tuple[int, str]:
    told = CliRunner().invoke(app, ["check", str(study)], env={"COLUMNS": "400"})
    assert told.exception is None or isinstance(told.exception, SystemExit), told.exception
    assert "Traceback" not in told.output
    return told.exit_code, told.output


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return Path(shutil.copytree(INPUTS / "good", tmp_path / "我的 study"))


@pytest.mark.parametrize(
    ("mark", "encoding"), [("\t", "gb18030"), (";", "gb18030"), (",", "utf-8-sig"), ("\t", "utf-8")]
)
def test_a_csv_as_excel_or_wps_saves_it(study: Path, mark: str, encoding: str) -> None:
    lines = [
        mark.join(f'"{cell}"' if mark in cell else cell for cell in row) for row in (HEADER, *ROWS)
    ]
    (study / "stations.csv").write_bytes("\r\n".join(lines).encode(encoding))
    code, told = check(study)
    assert (code, "no fault" in told) == (0, True), told


def test_a_workbook_with_a_title_a_hidden_sheet_and_the_header_in_row_three(study: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    for row in (
        ["党群服务站点台账（2026年）"],
        ["填表：王工", *[""] * 7],
        HEADER,
        *ROWS,
        ["合计", *[""] * 7],
    ):
        page.append(row)
    page.merge_cells("A1:H1")
    old = book.create_sheet("旧表")
    for row in (HEADER, *ROWS):
        old.append(row)
    old.sheet_state = "hidden"
    book.create_sheet("空表")
    book.save(study / "stations.xlsx")
    toml = (
        (study / "study.toml")
        .read_text(encoding="utf-8")
        .replace('"stations.csv"', '"stations.xlsx"')
    )
    (study / "study.toml").write_text(toml, encoding="utf-8")
    code, told = check(study)
    assert (code, "no fault" in told) == (0, True), told
    assert "1 center, 1 hub" in told


@pytest.mark.parametrize("case", BAD, ids=lambda path: path.name)
def test_every_bad_file_is_told_and_ends_with_one(case: Path, study: Path) -> None:
    shutil.copytree(case, study, dirs_exist_ok=True)
    code, told = check(study)
    assert code == 1, told
    plain = " ".join(told.split())
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(study, skills=skills())
    for line in fault_lines(caught.value.faults, "en"):
        assert " ".join(line.split()) in plain
