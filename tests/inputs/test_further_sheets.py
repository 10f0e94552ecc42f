"""Further sheets of the workbook of stations: offers, gates, rooms, visitors; left empty, they say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from ledgers.town import SERVICES, faults
from small import lonlat, table, write_study
from walkshed import cli
from walkshed.inputs.faults import words
from walkshed.inputs.study.specs import FURTHER
from walkshed.inputs.tables.workbook import SHEET_NAMES
from walkshed.model.labels import EXAMPLE
from walkshed.study import read_study
from walkshed.words.studies.workbooks import FURTHER_SHEETS, LEDGER_SHEETS, SHEETS

BOOK = "模板.xlsx"
STATION, BLOCK = "南门站", "南门里"
#: The sections of the study.toml of ``walkshed template`` that name the sheets.
NAMED = """
[offers]
file = "模板.xlsx"
[visitors]
file = "模板.xlsx"
[siting]
rooms = "模板.xlsx"
"""
_BLOCKS = table("id,name,people", [("B1", 0, BLOCK, 100)])


def template(folder: Path) -> openpyxl.Workbook:
    """Return the shipped workbook, its example overwritten by one station."""
    told = CliRunner().invoke(cli.app, ["template", str(folder / "template")])
    assert told.exit_code == 0, told.output
    book = openpyxl.load_workbook(folder / "template" / BOOK)
    page = book["站点"]
    for cell in page[2]:
        cell.value = None
    page["A2"], page["B2"], page["C2"], page["H2"] = "S1", STATION, "中心", "meals"
    page["F2"], page["G2"] = lonlat(100)
    return book


def study(
    folder: Path, sheets: Mapping[str, list[list[object]]], *, toml: str = NAMED, gates: bool = True
) -> Path:
    """Write a study on the template, rows added to some of its sheets."""
    book = template(folder)
    for name, rows in sheets.items():
        for row in rows:
            book[name].append(row)
    return saved(folder, book, toml=toml, gates=gates)


def saved(folder: Path, book: openpyxl.Workbook, *, toml: str = NAMED, gates: bool = True) -> Path:
    """Write a study on a workbook."""
    written = write_study(
        folder / "study", stations="id\n", blocks=_BLOCKS, toml=SERVICES + toml, files={}
    )
    text = (written / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "stations.csv"', f'file = "{BOOK}"')
    if gates:
        text = text.replace("[blocks]\n", f'[blocks]\ngates = "{BOOK}"\n')
    (written / "study.toml").write_text(text, encoding="utf-8")
    book.save(written / BOOK)
    return written


def test_sheets_left_empty_say_nothing(tmp_path: Path) -> None:
    with_them = read_study(study(tmp_path / "1", {})).inputs
    without = read_study(study(tmp_path / "2", {}, toml="", gates=False)).inputs
    assert with_them.notes == without.notes
    assert (with_them.offers, with_them.gates, with_them.visitors) == (without.offers, (), ())
    assert with_them.siting.rooms == ()


def test_every_sheet_is_one_of_a_table_and_its_examples_are_read(tmp_path: Path) -> None:
    called = {EXAMPLE["station"].zh: STATION, EXAMPLE["block"].zh: BLOCK, "长者助餐": "meals"}
    rows: dict[str, list[list[object]]] = {}
    assert [spec.kind for spec in FURTHER] == [name.en for name, _ in FURTHER_SHEETS]
    for spec, (name, columns) in zip(FURTHER, FURTHER_SHEETS, strict=True):
        assert name.zh in SHEET_NAMES[spec.kind]
        assert name.en in SHEET_NAMES[spec.kind]
        examples = {column.name.en: column.example_in("zh") for column in columns}
        if "lon" in examples:
            examples |= dict(zip(("lon", "lat"), lonlat(0), strict=True))
        if "readiness_min" in examples:
            examples["mode"] = "上门"
        rows[name.zh] = [[called.get(str(cell), cell) for cell in examples.values()]]
    rows.pop("服务类别")
    inputs = read_study(study(tmp_path, rows)).inputs
    (offer,) = inputs.offers
    assert (offer.station, offer.service, offer.readiness_min) == ("S1", "meals", 10)
    assert (len(inputs.gates), inputs.gates[0].block) == (1, "B1")
    assert [place.name for place in inputs.visitors] == ["示例商圈"]
    assert [(room.area_m2, room.obtained) for room in inputs.siting.rooms] == [(180, "房屋租赁")]


def test_a_sheet_that_is_renamed_hidden_or_gone_is_told(tmp_path: Path) -> None:
    book = template(tmp_path)
    book["服务明细"].append([STATION, "meals"])
    book["服务明细"].title = "服务细目"
    book["访客"].sheet_state = "hidden"
    book.remove(book["房源"])
    notes = read_study(saved(tmp_path, book)).inputs.notes
    assert {note for note in notes if "sheet" in note} == {
        "模板.xlsx: sheet '服务细目' is not read; if it is that of 服务明细, call it '服务明细'",
        "模板.xlsx: sheet '访客' is hidden and not read",
        "模板.xlsx: has no sheet '房源', and is read without one",
    }


def test_a_filled_sheet_that_study_toml_does_not_name_is_told(tmp_path: Path) -> None:
    folder = study(tmp_path, {"服务明细": [[STATION, "meals"]]}, toml="", gates=False)
    (note,) = [note for note in read_study(folder).inputs.notes if "not read" in note]
    assert note == (
        "模板.xlsx: the sheets 服务明细 are filled in and not read; write [offers] and below it "
        'file = "模板.xlsx" in study.toml'
    )


def test_faults_name_the_sheet_and_its_words(tmp_path: Path) -> None:
    (fault,) = faults(study(tmp_path, {"服务明细": [[STATION, "meals", "送上门"]]}))
    assert (fault.file, fault.column, fault.row) == ("模板.xlsx › 服务明细", "服务方式", 2)


@pytest.mark.parametrize("sheets", [("服务明细", "服务供给")])
def test_two_sheets_of_one_table_are_a_fault(tmp_path: Path, sheets: tuple[str, str]) -> None:
    book = template(tmp_path)
    book.copy_worksheet(book[sheets[0]]).title = sheets[1]
    for name in sheets:
        book[name].append([STATION, "meals"])
    (fault,) = faults(saved(tmp_path, book))
    assert (fault.fact, fault.value) == ("has two sheets of one table", "服务明细, 服务供给")


@pytest.mark.parametrize(
    "name", ["2026年服务明细表", "服务明细（新）", "服务明细2026", "服务明细 (2)"]
)
def test_a_year_a_number_and_brackets_are_no_part_of_a_name(tmp_path: Path, name: str) -> None:
    book = template(tmp_path)
    book["服务明细"].append([STATION, "助餐、法律"])
    book["服务明细"].title = name
    inputs = read_study(saved(tmp_path, book)).inputs
    assert [offer.service for offer in inputs.offers] == ["meals", "law"]
    assert not [note for note in inputs.notes if "sheet" in note]


#: Columns with words of their own, by what these are called.
WORDS = {
    **{name: name for name in ("tier", "scope", "kind", "form", "mode", "means", "branch")},
    "basis": "counted",
}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_drop_downs_offer_is_understood(language: str) -> None:
    sheets = (*SHEETS, *FURTHER_SHEETS, *LEDGER_SHEETS)
    offered = [
        (column.name.en, choice.in_(language).lower())
        for name, columns in sheets
        for column in columns
        for choice in column.choices.values()
        if column.name.en in WORDS and name.en != "work_orders"
    ]
    assert {column for column, _ in offered} == set(WORDS)
    assert [pair for pair in offered if pair[1] not in words(WORDS[pair[0]])] == []
