"""``check --json`` for programs, ``template`` for planners."""

from __future__ import annotations

import errno
import json
import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from walkshed import cli
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.files import StudyFolder
from walkshed.inputs.tables.reading import read_table
from walkshed.inputs.tables.table import match_column
from walkshed.model.labels import LANGUAGES
from walkshed.study import read_study
from walkshed.words.studies.workbooks import WORKBOOK

GOOD = Path(__file__).parents[1] / "inputs" / "good"


def test_check_as_json_tells_every_fault(tmp_path: Path) -> None:
    shutil.copytree(GOOD, tmp_path, dirs_exist_ok=True)
    sound = CliRunner().invoke(cli.app, ["check", str(tmp_path), "--json"])
    assert sound.exit_code == 0
    assert json.loads(sound.output)["faults"] == []
    book = openpyxl.Workbook()
    book.active.title = "站点"
    for row in (["名称", "经度", "纬度", "楼层"], ["甲", 116.64, 23.66, "楼上"], ["乙", "", "", 1]):
        book.active.append([*row, "服务" if row[0] == "名称" else "meals"])
    book.save(tmp_path / "台账.xlsx")
    toml = (
        (tmp_path / "study.toml").read_text(encoding="utf-8").replace("stations.csv", "台账.xlsx")
    )
    (tmp_path / "study.toml").write_text(toml, encoding="utf-8")
    told = CliRunner().invoke(cli.app, ["check", str(tmp_path), "--json"])
    assert told.exit_code == 1
    first, second = json.loads(told.output)["faults"]
    assert (first["file"], first["sheet"], first["row"], first["column"]) == (
        "台账.xlsx",
        "站点",
        2,
        "楼层",
    )
    assert (first["value"], first["fact"]) == ("楼上", "is not a valid floor")
    assert (second["row"], second["fact"]) == (3, "is empty")


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_template_is_read_as_it_is(tmp_path: Path, language: str) -> None:
    name = WORKBOOK.in_(language)
    told = CliRunner().invoke(cli.app, ["--lang", language, "template", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    path = tmp_path / "out" / name
    book = FaultBook()
    folder = StudyFolder(tmp_path, book)
    kinds = ("stations", "blocks", "services", "offers", "gates", "rooms", "visitors")
    for kind in kinds:
        table = read_table(path, kind, folder, may_be_empty=True)
        assert table is not None
        assert table.rows == ()  # the example is no entry
        assert all(match_column(header, kind) for header in table.headers.values())
    assert book.faults == []
    assert len([note for note in book.notes if "is the template's example" in note]) == 2
    page = openpyxl.load_workbook(path).worksheets[0]
    assert len(page.data_validations.dataValidation) == 4  # tier, elevator, step_free, scope


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_filled_row_is_a_station(tmp_path: Path, language: str) -> None:
    name = WORKBOOK.in_(language)
    shutil.copytree(GOOD, tmp_path / "study")
    CliRunner().invoke(cli.app, ["--lang", language, "template", str(tmp_path / "out")])
    book = openpyxl.load_workbook(tmp_path / "out" / name)
    page = book.worksheets[0]
    page["B2"], page["F2"], page["G2"] = "甲站", 116.64, 23.66
    page["E2"] = page["P2"] = page["Q2"] = None
    heads = [str(cell.value).rstrip("*") for cell in page[1]]
    at = next(
        n for n, head in enumerate(heads, start=1) if match_column(head, "stations") == "services"
    )
    page.cell(2, at).value = "meals"
    book.save(tmp_path / "study" / name)
    toml = (
        (tmp_path / "study" / "study.toml")
        .read_text(encoding="utf-8")
        .replace("stations.csv", name)
    )
    (tmp_path / "study" / "study.toml").write_text(toml, encoding="utf-8")
    (station,) = read_study(tmp_path / "study").inputs.stations
    assert (station.tier, station.floor, station.elevator, station.area_m2) == (
        "center",
        2,
        True,
        230.0,
    )


def test_templates_overwrite_nothing(tmp_path: Path) -> None:
    (tmp_path / "模板.xlsx").write_bytes(b"mine")
    told = CliRunner().invoke(cli.app, ["template", str(tmp_path)])
    assert told.exit_code == 1
    assert (tmp_path / "模板.xlsx").read_bytes() == b"mine"


def test_the_study_of_a_template_runs_once_its_streets_and_rows_are_there(tmp_path: Path) -> None:
    folder = tmp_path / "大场 1"
    assert CliRunner().invoke(cli.app, ["template", str(folder)]).exit_code == 0
    told = CliRunner().invoke(cli.app, ["check", str(folder)])
    assert told.exit_code == 1
    assert "'town.osm.pbf'" in told.stderr
    shutil.copy(GOOD / "town.osm", folder / "town.osm")
    toml = (folder / "study.toml").read_text(encoding="utf-8").replace("town.osm.pbf", "town.osm")
    outlines = toml.replace('[blocks]\nfile = "模板.xlsx"', '[blocks]\nfile = "blocks.geojson"')
    assert outlines != toml
    (folder / "study.toml").write_text(outlines, encoding="utf-8")
    shutil.copy(GOOD / "blocks.geojson", folder)
    book = openpyxl.load_workbook(folder / "模板.xlsx")
    book["站点"]["B2"], book["站点"]["H2"] = "甲站", "长者助餐"
    book["站点"]["F2"], book["站点"]["G2"] = 116.64, 23.66
    book.save(folder / "模板.xlsx")
    told = CliRunner().invoke(cli.app, ["check", str(folder)])
    assert told.exit_code == 1
    assert "one point cannot tell" in told.stderr  # nobody has said whose coordinates they are
    stated = outlines.replace('crs = "auto"', 'crs = "wgs84"')
    (folder / "study.toml").write_text(stated, encoding="utf-8")
    told = CliRunner().invoke(cli.app, ["check", str(folder)])
    assert told.exit_code == 0, told.output
    said = told.output.replace("\n", " ")
    assert "the sheet of services is empty; what the stations name is taken" in said
    assert "row 2: 示例路12号, 示例街道, 示例社区 are the template's example" in said
    (service,) = read_study(folder).inputs.services
    assert (service.zh, service.complete, service.includes) == ("长者助餐", False, "")


def test_a_disk_that_is_full_leaves_no_half_of_a_template(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write, left = Path.write_bytes, [1]

    def fill(path: Path, content: bytes) -> int:
        if left[0]:
            left[0] -= 1
            return write(path, content)
        write(path, content[:10])
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fill)
    told = CliRunner().invoke(cli.app, ["template", str(tmp_path / "out")])
    assert (told.exit_code, told.stdout) == (1, "")
    assert "No space left on device; free the disk or choose another folder" in told.stderr
    assert not (tmp_path / "out").exists()
