"""响应时间 of offers: read as the time until a crew leaves where it is minutes for sure, else a note as elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest

from ledgers.town import write
from walkshed.inputs.tables.meaning.minutes import minutes_of
from walkshed.model.results import StudyInputs
from walkshed.study import read_study

TOML = '[offers]\nfile = "offers.csv"\n'
READ = "offers.csv: column '响应时间' is read as the minutes until a crew leaves; the way is added"


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        *(("30分钟", 30), ("半小时", 30), ("2小时", 120), ("1.5小时", 90), ("一小时", 60)),
        *(("半个小时内", 30), ("一个半小时", 90), ("1小时30分钟", 90), ("≤３０分钟", 30)),
        *(("十五分钟", 15), ("二十分钟以内", 20), ("30min", 30), ("2 hours", 120)),
        *(("30", None), ("及时", None), ("24小时", None), ("当天", None), ("约30分钟", None)),
        *(("20-30分钟", None), ("2天", None), ("", None), ("分钟", None), ("随叫随到", None)),
    ],
)
def test_minutes_that_are_sure(text: str, minutes: float | None) -> None:
    assert minutes_of(text) == minutes


def inputs(folder: Path, *rows: str) -> StudyInputs:
    """Return what a study with such offers says."""
    written = write(folder, toml=TOML)
    text = "\n".join(["站点,服务,方式,响应时间", *rows])
    (written / "offers.csv").write_text(text, encoding="utf-8")
    return read_study(written).inputs


def test_a_promise_in_minutes_is_the_readiness_of_a_crew(tmp_path: Path) -> None:
    read = inputs(tmp_path, "S1,meals,上门,半小时", "S1,law,上门,1小时")
    assert {(offer.service, offer.readiness_min) for offer in read.offers} == {
        ("meals", 30.0),
        ("law", 60.0),
    }
    assert READ in read.notes


def test_offers_that_are_visited_have_no_crew(tmp_path: Path) -> None:
    read = inputs(tmp_path, "S1,meals,上门,半小时", "S1,law,,30分钟")
    assert [offer.readiness_min for offer in read.offers if offer.service == "law"] == [0.0]
    (note,) = [note for note in read.notes if "visited" in note]
    assert "(rows 3)" in note


@pytest.mark.parametrize("cell", ["及时", "30", "24小时"])
def test_what_is_not_sure_is_not_read(tmp_path: Path, cell: str) -> None:
    read = inputs(tmp_path, "S1,meals,上门,半小时", f"S1,law,上门,{cell}")
    assert {offer.readiness_min for offer in read.offers} == {0.0}
    (note,) = [note for note in read.notes if "响应时间" in note]
    assert "is a promise of arrival" in note
