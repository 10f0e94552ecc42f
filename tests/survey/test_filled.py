"""Filled sheets taken back: every answer, every fault at once, conflicts, and processes that die on the way."""

from __future__ import annotations

import math
import os
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest

from reports.killing import Verb, killed, moments
from survey.planted import fill, true_town
from walkshed.errors import InputFaultsError, OutputError
from walkshed.inputs.survey.kept import survey_bytes
from walkshed.inputs.survey.said import state_said
from walkshed.model.town.places import Gate
from walkshed.model.town.survey import (
    Fact,
    FactKind,
    Finding,
    Reason,
    SurveyItem,
    Verified,
)
from walkshed.opening import skills
from walkshed.reports.survey.sheets import survey_workbook
from walkshed.study import Study, read_study
from walkshed.surveying.applying import apply_sheets
from walkshed.surveying.listing import Survey

AT = ((149.9966256, 23.7035297),)
C1 = Fact(FactKind.FLOOR, "C1", AT, "floor=3 elevator=no step_free=no")
HOURS = Fact(FactKind.HOURS, "C1", AT, "Mo-Fr 08:30-12:00,14:30-17:30")
PLACE = Fact(FactKind.PLACE, "C1", AT, "149.9966256,23.7035297")
NO_GATE = Fact(FactKind.GATE, "E02", ((150.007585, 23.7068396),), "none")
GIVEN = Fact(FactKind.GATE, "E01", ((150.0075754, 23.6988269),), "open")
LANE = Fact(FactKind.LANE, "", ((150.0, 23.7), (150.0003, 23.7)), "none")
FACTS = {"F1": C1, "H1": HOURS, "P1": PLACE, "G1": NO_GATE, "G2": GIVEN, "L1": LANE}


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Study:
    return read_study(true_town(tmp_path_factory.mktemp("filled") / "town"))


@pytest.fixture
def study(opened: Study, tmp_path: Path) -> Study:
    """The town in an empty folder of its own: what is written there is what sheets bring."""
    folder = tmp_path / "town"
    folder.mkdir()
    return Study(replace(opened.inputs, folder=folder))


#: Why a fact of a kind may be on a list.
REASONS = {FactKind.LANE: Reason.ENDS, FactKind.PLACE: Reason.FAR}


def items(facts: dict[str, Fact], name: str = "站") -> tuple[SurveyItem, ...]:
    return tuple(
        SurveyItem(
            number=number,
            fact=fact,
            reason=REASONS.get(fact.kind, Reason.STATED),
            name=name,
            subdistrict="街",
            community="社区",
            priority="high",
            people=5.0,
        )
        for number, fact in facts.items()
    )


def sheets(
    folder: Path, facts: dict[str, Fact] = FACTS, language: str = "zh", name: str = "站"
) -> Path:
    path = folder / "核查.xlsx"
    path.write_bytes(survey_workbook(items(facts, name), "古城", language))
    return path


def told(error: pytest.ExceptionInfo[InputFaultsError]) -> list[str]:
    return [str(fault) for fault in error.value.faults]


def test_every_kind_of_answer_is_taken(study: Study, tmp_path: Path) -> None:
    path = sheets(tmp_path)
    fill(
        path,
        {
            "F1": ("☑不属实", "1层，有电梯，无台阶"),
            "H1": ("不属实", "周一至周日 9:00-21:00"),
            "P1": ("√属实 □不属实", ""),
            "G1": ("□属实 □不属实 ■未能进入 □不清楚", "门卫不让进"),
            "G2": ("不清楚", ""),
            "L1": ("□属实 □不属实√ □未能进入 □不清楚", ""),
        },
    )
    found = {
        each.fact.kind: each for each in apply_sheets(study.inputs, path, skills()).filled.findings
    }
    assert found[FactKind.FLOOR].now == "floor=1 elevator=yes step_free=yes"
    assert found[FactKind.HOURS].now == "Mo-Su 09:00-21:00"
    assert found[FactKind.PLACE].answer is Verified.TRUE
    assert found[FactKind.LANE].now == "open"
    gates = {
        each.fact.subject: each.answer
        for each in apply_sheets(study.inputs, path, skills()).filled.findings
        if each.fact.kind is FactKind.GATE
    }
    assert gates == {"E02": Verified.BARRED, "E01": Verified.UNCLEAR}


@pytest.mark.parametrize(
    ("fact", "actual", "now"),
    [
        (C1, "3楼有电梯", "floor=3 elevator=yes step_free=no"),
        (C1, "首层", "floor=1 elevator=no step_free=no"),
        (C1, "floor=2, elevator=yes, step-free=no", "floor=2 elevator=yes step_free=no"),
        (C1, "andar=1, elevador=não, sem degraus=sim", "floor=1 elevator=no step_free=yes"),
        (C1, "无障碍", "floor=3 elevator=no step_free=yes"),
        (HOURS, "24小时", "24/7"),
        (PLACE, "WGS84：149.9970000, 23.7040000", "149.9970000,23.7040000"),
        (PLACE, "无此站点", "none"),
    ],
)
def test_what_is_so_is_read_as_people_write_it(
    study: Study, tmp_path: Path, fact: Fact, actual: str, now: str
) -> None:
    path = sheets(tmp_path, {"X1": fact})
    fill(path, {"X1": ("不属实", actual)})
    (found,) = apply_sheets(study.inputs, path, skills()).filled.findings
    assert found.now == now


def test_a_place_in_a_shifted_system_is_put_where_it_is() -> None:
    """GCJ-02 lies some 500 m northeast of WGS84 in Chaozhou, BD-09 about a kilometer."""
    fact = replace(PLACE, places=((116.63, 23.66),), known="116.6300000,23.6600000")
    for words, least_m, most_m in (("高德", 300, 800), ("百度", 900, 1600), ("wgs84", 0, 1)):
        now = state_said(fact, f"{words} 116.6400000,23.6700000", skills().to_wgs84)
        lon, lat = (float(part) for part in now.split(","))
        east_m = (116.64 - lon) * 111_320 * math.cos(math.radians(23.67))
        away_m = math.hypot(east_m, (23.67 - lat) * 110_900)
        assert least_m <= away_m <= most_m, words


def test_every_fault_is_told_at_once(study: Study, tmp_path: Path) -> None:
    path = sheets(tmp_path)
    fill(
        path,
        {
            "F1": ("不属实", "楼上"),
            "H1": ("不属实", ""),
            "P1": ("不属实", "150.0,23.70001"),
            "G2": ("也许", ""),
        },
    )
    book = openpyxl.load_workbook(path)
    gates = book["出入口"]
    gates["I5"] = "门开着"
    gates["K6"], gates["L6"] = None, "昨天"
    book.save(path)
    with pytest.raises(InputFaultsError) as error:
        apply_sheets(study.inputs, path, skills())
    faults = "\n".join(told(error))
    for part in (
        "核查.xlsx › 楼层电梯, row 5, column '实际情况': '楼上' says nothing that is known: 楼上",
        "核查.xlsx › 开放时间, row 5, column '实际情况': 'H1' is not true, and nothing says what is",
        "核查.xlsx › 站点位置, row 5, column '实际情况': '150.0,23.70001' is no place",
        "核查.xlsx › 出入口, row 5, column '核查结果': 'G1' is filled in without an answer",
        "核查.xlsx › 出入口, row 6, column '核查结果': '也许' is not one of the answers",
        "row 6, column '核查人': 'G2' does not say who checked it",
        "row 6, column '核查日期': '昨天' is no date",
    ):
        assert part in faults
    assert not (study.inputs.folder / "study.survey.json").exists()


def test_a_place_without_its_system_is_asked_for(study: Study, tmp_path: Path) -> None:
    path = sheets(tmp_path, {"P1": PLACE})
    fill(path, {"P1": ("不属实", "149.9970000, 23.7040000")})
    with pytest.raises(InputFaultsError, match="in a system that nobody names"):
        apply_sheets(study.inputs, path, skills())


def test_two_answers_to_one_item_are_a_conflict(study: Study, tmp_path: Path) -> None:
    path = sheets(tmp_path, {"F1": C1})
    fill(path, {"F1": ("属实", "")})
    book = openpyxl.load_workbook(path)
    page = book["楼层电梯"]
    for cell in page[5]:
        page.cell(6, cell.column).value = cell.value
    page["H6"], page["I6"] = "不属实", "1层"
    book.save(path)
    with pytest.raises(InputFaultsError, match="is answered otherwise in row 5"):
        apply_sheets(study.inputs, path, skills())


def test_a_later_sheet_that_says_otherwise_is_a_conflict(study: Study, tmp_path: Path) -> None:
    before = Finding(C1, Verified.TRUE, C1.known, "", "张三", "2026-11-20")
    known = replace(study.inputs.surveyed, file="study.survey.json", findings=(before,))
    path = sheets(tmp_path, {"F1": C1})
    fill(path, {"F1": ("不属实", "1层")})
    with pytest.raises(InputFaultsError, match="was answered otherwise by 张三 on 2026-11-20"):
        apply_sheets(replace(study.inputs, surveyed=known), path, skills())

    # nobody let in, or unsure, takes nothing back
    fill(path, {"F1": ("未能进入", "")})
    brought = apply_sheets(replace(study.inputs, surveyed=known), path, skills()).filled
    assert (brought.fresh, brought.findings) == (0, (before,))


def test_a_fact_that_is_another_by_now_is_a_conflict(study: Study, tmp_path: Path) -> None:
    other = replace(C1, known="floor=2 elevator=no step_free=no")
    path = sheets(tmp_path, {"F1": other, "P1": replace(PLACE, subject="C99")})
    fill(path, {"F1": ("属实", ""), "P1": ("属实", "")})
    with pytest.raises(InputFaultsError) as error:
        apply_sheets(study.inputs, path, skills())
    faults = "\n".join(told(error))
    assert "the sheet asked of 'floor=2 elevator=no step_free=no'" in faults
    assert "is no station of the study any more" in faults


@pytest.mark.parametrize("language", ["en", "pt"])
def test_sheets_of_other_languages_are_read_by_their_own_words(
    study: Study, tmp_path: Path, language: str
) -> None:
    path = sheets(tmp_path, {"F1": C1}, language)
    book = openpyxl.load_workbook(path)
    page = book.worksheets[0]
    lines = page["H5"].value.split("\n")
    page["H5"] = "\n".join(
        f"☑{line[1:]}" if number == 0 else line for number, line in enumerate(lines)
    )
    page["K5"], page["L5"] = "Ana", "2026/11/25"
    book.save(path)
    (found,) = apply_sheets(study.inputs, path, skills()).filled.findings
    assert (found.answer, found.who, found.when) == (Verified.TRUE, "Ana", "2026-11-25")


def test_names_that_look_like_formulas_or_tags_are_text(tmp_path: Path) -> None:
    odd = replace(C1, subject="=1+1")
    path = sheets(tmp_path, {"F1": odd}, name="=1+1")
    book = openpyxl.load_workbook(path)
    cells = [cell for page in book.worksheets for row in page.iter_rows() for cell in row]
    assert not [cell for cell in cells if cell.data_type == "f"]
    assert book.worksheets[0]["D5"].value == "'=1+1"
    assert survey_workbook(items({"F1": odd}, "<script>"), "古城", "zh")


def test_other_workbooks_are_refused(study: Study, tmp_path: Path) -> None:
    path = tmp_path / "其他.xlsx"
    openpyxl.Workbook().save(path)
    with pytest.raises(InputFaultsError, match="is no workbook of walkshed survey"):
        apply_sheets(study.inputs, path, skills())
    path.write_bytes(b"PK")
    with pytest.raises(InputFaultsError, match="cannot be read as a workbook"):
        apply_sheets(study.inputs, path, skills())


def test_filled_sheets_are_not_written_over(study: Study, tmp_path: Path) -> None:
    survey = Survey(study.inputs, items({"F1": C1}), judged=1, left=0)
    path = survey.write(tmp_path)
    assert survey.write(tmp_path).read_bytes() == path.read_bytes()
    fill(path, {"F1": ("属实", "")})
    with pytest.raises(OutputError, match="holds answers"):
        survey.write(tmp_path)


def test_what_is_kept_is_laid_over_the_tables_and_taken_back_with_its_entry(tmp_path: Path) -> None:
    folder = true_town(tmp_path / "town")
    file = folder / "study.survey.json"
    findings = [
        Finding(C1, Verified.FALSE, "floor=1 elevator=no step_free=yes", "", "李四", "2026-11-20"),
        Finding(NO_GATE, Verified.FALSE, "open", "", "李四", "2026-11-20"),
        Finding(GIVEN, Verified.FALSE, "none", "", "李四", "2026-11-20"),
        Finding(PLACE, Verified.UNCLEAR, PLACE.known, "", "李四", "2026-11-21"),
    ]
    file.write_bytes(survey_bytes(findings))
    inputs = read_study(folder).inputs
    (station,) = [each for each in inputs.stations if each.id == "C1"]
    assert (station.floor, station.elevator, station.step_free) == (1, False, True)
    assert inputs.surveyed.opened == (Gate("E02", *NO_GATE.places[0]),)
    assert inputs.surveyed.shut == (Gate("E01", *GIVEN.places[0]),)
    assert PLACE.key not in inputs.surveyed.settled
    assert C1.key in inputs.surveyed.settled

    # the planner's table says by now what was found, or something else
    table = folder / "stations.csv"
    text = table.read_text(encoding="utf-8")
    (row,) = [line for line in text.splitlines() if line.startswith("C1,")]
    table.write_text(text.replace(row, row.replace("3,no,no", "1,no,yes")), encoding="utf-8")
    assert read_study(folder).inputs.surveyed.findings
    table.write_text(text.replace(row, row.replace("3,no,no", "2,no,no")), encoding="utf-8")
    with pytest.raises(
        InputFaultsError, match=r"study.survey.json, entry 1, column 'floor': 'C1' is 'floor=2"
    ):
        read_study(folder)


forks = pytest.mark.skipif(not hasattr(os, "fork"), reason="this system makes no process by fork")


@forks
@pytest.mark.parametrize("verb", ["apply", "write"])
def test_a_process_that_dies_loses_nothing(
    study: Study, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, verb: str
) -> None:
    """Killed at every operation on files, 36 in all, what is kept and the sheets are the older or the newer ones."""
    # what a process wrote outlives it; forcing it to the disk is against losses of power
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)
    made = {"apply": _applying, "write": _writing}[verb](study, tmp_path)
    every = moments(made, tmp_path / "root")
    assert len(every) >= 16
    assert list(killed(made, tmp_path / "root", every)) == []


def _applying(study: Study, folder: Path) -> Verb:
    """Return the sheets taken back beside the planner's files, over what an earlier sheet brought."""
    before = Finding(HOURS, Verified.TRUE, HOURS.known, "", "张三", "2026-11-20")
    known = replace(study.inputs.surveyed, file="study.survey.json", findings=(before,))
    path = sheets(folder, {"F1": C1})
    fill(path, {"F1": ("不属实", "1层")})

    def older(folder: Path) -> None:
        folder.mkdir()
        (folder / "study.toml").write_bytes(b"theirs")
        (folder / "study.survey.json").write_bytes(survey_bytes([before]))

    def newer(folder: Path) -> None:
        apply_sheets(replace(study.inputs, folder=folder, surveyed=known), path, skills())

    return Verb("apply", older, newer, frozenset({"study.toml"}), whole=False)


def _writing(study: Study, folder: Path) -> Verb:
    """Return sheets that are written in place of blank ones, in a folder of their own."""
    older = Survey(study.inputs, items({"F1": C1}), judged=1, left=0)
    newer = Survey(study.inputs, items({"F1": C1, "G1": NO_GATE}), judged=2, left=0)
    return Verb("write", older.write, newer.write, whole=False)
