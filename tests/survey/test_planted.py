"""Ten errors in the shipped town: the list finds them, the filled sheets undo them, and nothing is lost on the way."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from survey.planted import STATIONS, error_of, fill, places, planted_town, true_town
from walkshed.model.judged.judgments import Judgments
from walkshed.reports.provenance import provenance
from walkshed.study import Study, read_study
from walkshed.surveying.ground import gate_candidates
from walkshed.surveying.listing import Survey
from walkshed.surveying.town import town_of

ERRORS = 10
#: A list of one more holds all ten.
ITEMS = 11
HEADS = (
    "编号 优先级 社区 小区或站点 地点（附图号） 核查事项 现有信息 核查结果 实际情况 照片编号 核查人 "
    "核查日期 备注"
)


@dataclass(frozen=True)
class Town:
    """The town with its errors, and the list of what to check in it."""

    folder: Path
    study: Study
    survey: Survey
    errors: dict[str, str]  # which error an item asks of, by its number


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Town:
    folder = planted_town(tmp_path_factory.mktemp("survey") / "古城 1")
    study = read_study(folder)
    survey, at = study.survey(items=ITEMS), places(folder)
    errors = {item.number: error for item in survey.items if (error := error_of(item, at))}
    return Town(folder, study, survey, errors)


def test_most_errors_are_among_the_first_ten(town: Town) -> None:
    first = sorted(town.survey.items, key=lambda item: -item.people)[:ERRORS]
    found = {town.errors[item.number] for item in first if item.number in town.errors}
    assert len(found) >= 8, found
    assert len({*town.errors.values()}) == ERRORS
    assert town.survey.left == 0


def test_items_are_sorted_by_community_and_tell_no_people(town: Town) -> None:
    areas = [(item.subdistrict, item.community) for item in town.survey.items]
    assert areas == sorted(areas)
    book = openpyxl.load_workbook(town.survey.write(town.folder.parent / "sheets"))
    people = {f"{item.people:.0f}" for item in town.survey.items}
    people |= {f"{item.people:,.0f}" for item in town.survey.items}
    for sheet in book.worksheets[:-1]:
        texts = [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value]
        assert not any(number in text for text in texts for number in people)
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.auto_filter.ref is None
        assert sheet.print_title_rows == "$4:$4"
        heads = [cell.value for cell in sheet[4]]
        assert heads == HEADS.split()
    assert [sheet.sheet_state for sheet in book.worksheets][-1] == "hidden"


def test_the_filled_sheets_restore_the_true_town(town: Town, tmp_path: Path) -> None:
    path = town.survey.write(tmp_path)
    kept = town.folder / "study.survey.json"
    before = {file.name: file.read_bytes() for file in town.folder.iterdir()}

    # blank sheets bring nothing
    brought = town.study.apply_survey(path).filled
    assert (brought.fresh, brought.blank) == (0, ITEMS)
    assert not kept.exists()

    # whoever goes there ticks what is so
    actual = {f"{error.kind} {error.subject}": error.actual for error in STATIONS}
    answers = {}
    for item in town.survey.items:
        error = town.errors.get(item.number)
        answers[item.number] = ("属实", "")
        if error is not None:
            ticked = "□属实\n☑不属实\n□未能进入\n□不清楚"
            answers[item.number] = (ticked, actual.get(error, ""))
    fill(path, answers)
    assert town.study.apply_survey(path).filled.fresh == ITEMS
    found = kept.read_bytes()
    assert {name: (town.folder / name).read_bytes() for name in before} == before

    # the town is as it is
    mended, true = read_study(town.folder), read_study(true_town(tmp_path / "true"))
    results = mended.run().results
    _assert_alike(results.main.judgments, true.run().results.main.judgments)
    assert any(note.startswith(f"study.survey.json: {ITEMS} findings") for note in results.notes)
    facts = provenance(results, {})
    assert "study.survey.json" in facts["inputs"]
    assert {row["who"] for row in facts["survey"]["findings"]} == {"李四"}
    assert len(json.loads(found)["findings"]) == ITEMS

    # who is served is what a run finds, for every walker
    again = town_of(mended.inputs)
    needed = results.main.judgments.need.T[:, results.demand.block] >= 0
    for served, walker in zip(again.served, again.walkers, strict=True):
        assert np.array_equal(served, np.where(needed, results.answers[walker.id].served, 0.0))

    # no fact turned goes beyond its bound
    for candidate in list(gate_candidates(again))[::60]:
        assert candidate.people() <= candidate.most + 1e-6

    # applied twice is applied once
    twice = mended.apply_survey(path).filled
    assert (twice.fresh, twice.same) == (0, ITEMS)
    assert kept.read_bytes() == found


def _assert_alike(one: Judgments, other: Judgments) -> None:
    """Assert that two towns are judged alike, to the person and the reason."""
    assert np.array_equal(one.verdict, other.verdict)
    assert np.array_equal(one.printed_served, other.printed_served)
    assert np.array_equal(one.printed_reasons, other.printed_reasons)
