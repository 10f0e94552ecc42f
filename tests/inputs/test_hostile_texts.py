"""Characters that a terminal, a page or a workbook would obey: told with their place, and gone from all that leaves."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import openpyxl
import pytest
from typer.testing import CliRunner

from cli.test_hostile_extracts import MARKS, texts_of
from walkshed.cli import app
from walkshed.errors import InputFaultsError
from walkshed.inputs.read import read_inputs

GOOD = Path(__file__).parent / "good"
RUN = CliRunner()
NAME = "North hall"  # in row 2


@pytest.fixture
def study(tmp_path: Path) -> Path:
    return Path(shutil.copytree(GOOD, tmp_path / "study"))


def changed(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8-sig")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def told(study: Path) -> list[str]:
    with pytest.raises(InputFaultsError) as raised:
        read_inputs(study)
    return [str(fault) for fault in raised.value.faults]


@pytest.mark.parametrize(
    "mark", ["\x00", "\x07", "\x1b", "\x1f", "\x7f", "\x80", "\x9b", "\ufffe", "\uffff"]
)
def test_a_control_character_is_one_fault_with_its_place(mark: str, study: Path) -> None:
    changed(study / "stations.csv", NAME, NAME[:1] + mark + NAME[1:])
    (fault,) = told(study)
    shown = f"{ord(mark):02x}" if ord(mark) < 256 else f"{ord(mark):04x}"
    assert re.match(r"stations\.csv, row 2, column 'name': ", fault)
    assert f"{shown}{NAME[1:]}" in fault
    assert fault.endswith("holds characters that cannot be printed; write it again")
    assert not MARKS.search(fault)


@pytest.mark.parametrize("mark", ["\u202a", "\u202e", "\u2066", "\u2069"])
def test_a_mark_of_direction_is_noted_and_left_out(mark: str, study: Path) -> None:
    before = read_inputs(study)
    changed(study / "stations.csv", NAME, mark + NAME)
    after = read_inputs(study)
    assert [one.name for one in after.stations] == [one.name for one in before.stations]
    (note,) = set(after.notes) - set(before.notes)
    assert note == (
        f"stations.csv, row 2, column 'name': '\\u{ord(mark):04x}{NAME}' holds marks that turn the "
        "direction of writing; they are left out"
    )


@pytest.mark.parametrize("mark", ["\u2028", "\u2029", "\x85", "\v", "\f"])
def test_a_break_of_another_program_is_a_blank(mark: str, study: Path) -> None:
    changed(study / "stations.csv", NAME, f'"{NAME}{mark}x"')
    assert f"{NAME} x" in {station.name for station in read_inputs(study).stations}


def test_many_notes_are_counted(study: Path) -> None:
    rows = "".join(f"X{n},\u202eroom {n},micro\n" for n in range(60))
    header = "id,name,tier,lon,lat,services\n"
    rows = rows.replace("micro\n", "micro,116.640,23.660,meals\n")
    (study / "stations.csv").write_text(header + rows, encoding="utf-8")
    (study / "offers.csv").unlink(missing_ok=True)
    try:
        notes: tuple[str, ...] = read_inputs(study).notes
    except InputFaultsError as error:
        pytest.fail(str(error))
    turned = [note for note in notes if "hold" in note]
    assert len(turned) == 41
    assert turned[-1].startswith("stations.csv: 20 more cells hold such marks")


@pytest.mark.parametrize(
    ("written", "shown"), [("\\u001b[2J", "\\x1b"), ("\\u0000", "\\x00"), ("\x9b", "\\x9b")]
)
def test_study_toml_is_looked_through(written: str, shown: str, study: Path) -> None:
    toml = study / "study.toml"
    name = re.search(r'name = "(.*)"', toml.read_text(encoding="utf-8"))
    assert name is not None
    changed(toml, name[0], f'name = "{written}{name[1]}"')
    (fault,) = told(study)
    assert re.match(r"study\.toml, row \d+, column 'study\.name': ", fault)
    assert shown.replace("\\", "\\\\") in fault or shown in fault


def test_geojson_and_workbooks_pass_the_same_gate(study: Path) -> None:
    path = study / "blocks.geojson"
    data = json.loads(path.read_text(encoding="utf-8"))
    name = data["features"][0]["properties"]["name"]
    data["features"][0]["properties"]["name"] = f"{name}\ud800"
    path.write_text(json.dumps(data), encoding="utf-8")
    book = openpyxl.Workbook()
    for cells in (
        ["id", "name", "tier", "lon", "lat", "services"],
        ["X1", "厅\x9b31m", "hub", 116.640, 23.660, "meals"],
    ):
        book.active.append(cells)
    book.save(study / "stations.xlsx")
    changed(study / "study.toml", 'file = "stations.csv"', 'file = "stations.xlsx"')
    faults = told(study)
    assert any(
        re.match(r"blocks\.geojson, feature 1, column 'name': .*ud800", one) for one in faults
    )
    assert any(re.match(r"stations\.xlsx › Sheet, row 2, column 'name': ", one) for one in faults)


def test_whatever_is_told_on_a_terminal_is_escaped(study: Path) -> None:
    changed(study / "stations.csv", NAME, f"{NAME}\x1b[2J")
    changed(study / "stations.csv", "tier", "tier,\x1b]0;pwn\x07")
    for asked in (["check"], ["check", "--json"], ["run", "--no-open"]):
        result = RUN.invoke(app, [asked[0], str(study), *asked[1:]])
        assert result.exit_code == 1
        assert not MARKS.search(result.output), asked
    json.loads(RUN.invoke(app, ["check", str(study), "--json"]).stdout)


def test_a_path_is_told_escaped(tmp_path: Path) -> None:
    result = RUN.invoke(app, ["check", str(tmp_path / "no\x1b[31m\u202esuch")])
    assert result.exit_code == 1
    assert "no\\x1b[31m\\u202esuch" in result.output
    assert not MARKS.search(result.output)


def test_a_run_of_turned_texts_leaves_nothing_of_them(study: Path, tmp_path: Path) -> None:
    """Names, services, remarks, sources, scenario: what is noted is gone from every file."""
    changed(study / "stations.csv", NAME, f"\u202e{NAME}\u2028")
    toml = study / "study.toml"
    title = re.search(r'name = "(.*)"', toml.read_text(encoding="utf-8"))
    assert title is not None
    changed(toml, title[0], f'name = "\u2066{title[1]}\u2029"\nremarks = ["话\u202e", "two\u2028"]')
    changed(toml, 'zh = "', 'zh = "\u202e')
    (study / "SOURCES.md").write_text("- from \u202ethere\x1b[2J\u2028\x00", encoding="utf-8")
    scenario = tmp_path / "plan\u202e.toml"
    scenario.write_text(
        '[scenario]\nname = "方案\u202e\u2028"\n[[close]]\nstation = "M1"\n', encoding="utf-8"
    )
    asked = ["run", str(study), "--no-open", "--out", str(tmp_path / "out")]
    ran = RUN.invoke(app, [*asked, "--scenario", str(scenario)])
    assert ran.exit_code == 0, ran.output
    assert not MARKS.search(ran.output)
    found = {path.name: texts_of(path) for path in (tmp_path / "out").iterdir()}
    assert not [name for name, text in found.items() if MARKS.search(text)]
