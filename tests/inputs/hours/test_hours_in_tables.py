"""Hours in a table of stations: converted, kept as written, noted or refused where they stand."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.inputs.scenario.reading import read_scenario

GOOD = Path(__file__).parents[1] / "good"
HEAD = "编号,名称,层级,经度,纬度,服务项目,开放时间\n"


def _folder(folder: Path, *hours: str) -> Path:
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    rows = [
        f'S{number},站{number},中心,116.64{number},23.660,meals,"{text}"'
        for number, text in enumerate(hours, 1)
    ]
    (folder / "stations.csv").write_text(HEAD + "\n".join(rows), encoding="utf-8")
    return folder


def test_hours_are_converted_and_the_planners_own_text_is_kept(tmp_path: Path) -> None:
    texts = ("周一至周五 8：30—17：30（法定节假日除外）", "工作日", "工作日")
    inputs = read_inputs(_folder(tmp_path, *texts))
    assert [station.hours for station in inputs.stations] == [
        "Mo-Fr 08:30-17:30; PH off",
        "Mo-Fr",
        "Mo-Fr",
    ]
    assert [station.details["hours"] for station in inputs.stations] == list(texts)
    (days_only,) = (note for note in inputs.notes if "工作日" in note)
    assert days_only == (
        "stations.csv, column '开放时间': '工作日' names days without times; "
        "taken as open at any time of these days"
    )


def test_hours_that_are_not_certain_are_refused_where_they_stand(tmp_path: Path) -> None:
    with pytest.raises(InputFaultsError) as caught:
        read_inputs(_folder(tmp_path, "8:30-5:30", "9:00-17:00", "夏季8:00-18:00"))
    backwards, season = (str(fault) for fault in caught.value.faults)
    assert backwards == (
        "stations.csv, row 2, column '开放时间': '8:30-5:30' end before they begin: '8:30-5:30'; "
        "write 17:30 if that is meant, 次日5:30 for the next day"
    )
    assert season == (
        "stations.csv, row 4, column '开放时间': '夏季8:00-18:00' name a season without its months; "
        "write its months: 夏季（5月-9月）8:00-18:00"
    )


def test_a_scenario_may_say_hours_as_offices_do(tmp_path: Path) -> None:
    inputs = read_inputs(_folder(tmp_path, "9:00-17:00"))
    text = '[scenario]\nname = "later"\n[[premises]]\nstation = "S1"\nhours = "每天8:00-20:00，节假日照常"\n'
    file = tmp_path / "later.toml"
    file.write_text(text, encoding="utf-8")
    scenario = read_scenario(file, inputs)
    assert scenario.premises["S1"].hours == "Mo-Su,PH 08:00-20:00"
