"""Scenario files: what they change, and every fault with its line, key, value and cure."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from walkshed.errors import InputFaultsError
from walkshed.inputs.scenario.reading import read_scenario
from walkshed.model.results import Results, StudyInputs
from walkshed.model.town.scenario import Premises
from walkshed.needs.rules.scenarios import changes, offers_after, printed_change, stations_after
from walkshed.reports.comparison import COLUMNS, comparison_frame
from walkshed.study import Study, read_study

DATA = Path(__file__).parents[2] / "data"
HEAD = '[scenario]\nname = "方案一"\n'


@pytest.fixture(scope="module")
def inputs() -> StudyInputs:
    return read_study(DATA / "gucheng" / "window.toml").inputs


def faults(text: str, inputs: StudyInputs, folder: Path) -> list[str]:
    path = folder / "s.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputFaultsError) as caught:
        read_scenario(path, inputs)
    return [str(fault) for fault in caught.value.faults]


BAD = {
    "no file": (None, "there is no such file; name a scenario, as the map's what-if saves it"),
    "no toml": ("[[add]\n", "is not TOML"),
    "no head": (
        '[[close]]\nstation = "C1"\n',
        's.toml: has no [scenario]; write [scenario] and name = "…" on top',
    ),
    "nothing": (HEAD, "s.toml: changes nothing; add one of [[add]], [[move]]"),
    "newer": (
        HEAD + 'format = 2\n[[merge]]\nstation = "C1"\n',
        (
            "s.toml, row 3, column 'scenario.format': '2' is of a newer format than this walkshed "
            "reads (1); "
            "update walkshed, or save the file with this version"
        ),
    ),
    "older": (HEAD + "format = 0\n", "s.toml, row 3, column 'scenario.format'"),
    "table": (
        HEAD + '[[clsoe]]\nstation = "C1"\n',
        "s.toml, row 3: 'clsoe' is not a table of a scenario; did you mean 'close'?",
    ),
    "once": (
        HEAD + '[close]\nstation = "C1"\n',
        "s.toml, row 3: has [close] once only; write it as [[close]]",
    ),
    "station": (
        HEAD + '[[close]]\nstation = "C11"\n',
        (
            "s.toml, row 4, column 'close.station': 'C11' is not a station of the study; did you mean "
            "'C1'?"
        ),
    ),
    "twice": (
        HEAD + '[[close]]\nstation = "C1"\n[[close]]\nstation = "C1"\n',
        "row 6, column 'close.station': 'C1' is closed twice",
    ),
    "closed": (
        HEAD + '[[close]]\nstation = "C1"\n[[move]]\nstation = "C1"\nlon = 150.0\nlat = 23.7\n',
        (
            "row 6, column 'move.station': 'C1' is closed by this scenario; take it out of [[close]] "
            "or of [[move]]"
        ),
    ),
    "two": (
        HEAD + 2 * '[[offers]]\nstation = "C3"\nadd = ["jobs"]\n',
        "row 7, column 'offers.station': 'C3' has two [[offers]]; make one of them",
    ),
    "service": (
        HEAD + '[[offers]]\nstation = "C3"\nadd = ["job"]\n',
        "row 5, column 'offers.add': 'job' is not a service of study.toml; did you mean 'jobs'?",
    ),
    "offered": (
        HEAD + '[[offers]]\nstation = "C1"\nadd = ["jobs"]\n',
        "row 5, column 'offers.add': 'jobs' is offered at C1 already; take it out",
    ),
    "not offered": (
        HEAD + '[[offers]]\nstation = "C1"\nremove = ["culture"]\n',
        "row 5, column 'offers.remove': 'culture' is not offered at C1; take it out",
    ),
    "empty": (HEAD + '[[offers]]\nstation = "C1"\n', "row 3: 'C1' adds and removes nothing"),
    "swapped": (
        HEAD + '[[move]]\nstation = "C1"\nlon = 23.7\nlat = 89.0\n',
        (
            "row 5, column 'move.lon': '23.7, 89' lies far from every station of the study; write "
            "WGS84 degrees"
        ),
    ),
    "range": (
        HEAD + '[[move]]\nstation = "C1"\nlon = 23.7\nlat = 150.0\n',
        "row 6, column 'move.lat': '150' is out of range",
    ),
    "missing": (
        HEAD + '[[move]]\nstation = "C1"\nlon = 150.0\n',
        "row 3: [[move]] 1 has no lat; add lat = …",
    ),
    "key": (
        HEAD + '[[close]]\nstation = "C1"\nwhy = "old"\n',
        (
            "s.toml, row 5: 'why' is not a valid key of [[close]] 1; remove it; the keys of [[close]] "
            "1 are station"
        ),
    ),
    "id": (
        HEAD + '[[add]]\nid = "C1"\nname = "x"\nlon = 150.0\nlat = 23.7\nservices = ["jobs"]\n',
        (
            "row 4, column 'add.id': 'C1' is the id of another station; choose another, or leave id "
            "out"
        ),
    ),
    "hours": (
        HEAD + '[[premises]]\nstation = "C1"\nhours = "all day long"\n',
        (
            "row 5, column 'premises.hours': 'all day long' are not valid opening hours; write them "
            "like 周一至周五"
        ),
    ),
    "block": (
        HEAD + '[[open_gate]]\nblock = "E99"\nlon = 150.0\nlat = 23.7\n',
        "row 4, column 'open_gate.block': 'E99' is not a block of the study; did you mean 'E09'?",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_every_fault_says_where_what_and_how_to_mend_it(
    case: str, inputs: StudyInputs, tmp_path: Path
) -> None:
    text, expected = BAD[case]
    if text is None:
        with pytest.raises(InputFaultsError, match="there is no such file"):
            read_scenario(tmp_path / "none.toml", inputs)
        return
    told = faults(text, inputs, tmp_path)
    assert len(told) == 1
    assert expected in told[0]


def test_all_faults_are_told_at_once(inputs: StudyInputs, tmp_path: Path) -> None:
    text = (
        HEAD
        + '[[close]]\nstation = "X"\n[[move]]\nstation = "Y"\nlon = 1\nlat = 1\n[[add]]\nname = "z"\n'
    )
    # two stations, a far place, and three keys that are missing
    assert len(faults(text, inputs, tmp_path)) == 6


def test_a_scenario_changes_stations_offers_and_gates(inputs: StudyInputs, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        HEAD
        + """note = "试试"
[[add]]
name = "候选"
lon = 150.001
lat = 23.7
services = ["长者助餐", "repairs"]
floor = 2
elevator = true
[[move]]
station = "C2"
lon = 150.002
lat = 23.701
[[close]]
station = "C4"
[[offers]]
station = "C1"
add = ["culture"]
remove = ["meals"]
[[premises]]
station = "C1"
floor = 1
hours = "Mo-Su 08:00-20:00"
[[open_gate]]
block = "E01"
lon = 150.008
lat = 23.6985
""",
        encoding="utf-8",
    )
    changed = replace(inputs, scenario=read_scenario(path, inputs))
    assert changed.scenario is not None
    assert (changed.scenario.name, changed.scenario.note, changed.scenario.changes) == (
        "方案一",
        "试试",
        7,
    )
    assert changed.scenario.premises["C1"] == Premises(floor=1, hours="Mo-Su 08:00-20:00")
    before = {station.id: station for station in stations_after(inputs)}
    stations = stations_after(changed)
    after = {station.id: station for station in stations}
    assert set(before) - set(after) == {"C4"}
    assert set(after) - set(before) == {"new-1"}
    assert (after["new-1"].services, after["new-1"].floor, after["new-1"].elevator) == (
        ("meals", "repairs"),
        2,
        True,
    )
    assert (after["C2"].geometry.x, after["C2"].geometry.y) == (150.002, 23.701)
    assert "culture" in after["C1"].services
    assert "meals" not in after["C1"].services
    assert (after["C1"].floor, after["C1"].hours) == (1, "Mo-Su 08:00-20:00")
    offers = {(offer.station, offer.service): offer for offer in offers_after(changed, stations)}
    assert all(station != "C4" for station, _ in offers)
    assert ("C1", "meals") not in offers
    assert all(
        offer.hours == "Mo-Su 08:00-20:00"
        for (station, _), offer in offers.items()
        if station == "C1"
    )
    assert [gate.block for gate in changed.scenario.gates] == ["E01"]
    assert [station.id for station in inputs.stations] == [
        station.id for station in read_study(inputs.folder).inputs.stations
    ]


def test_an_opened_gate_shortens_walks_and_changes_nobody_else(
    gucheng: Results, tmp_path: Path
) -> None:
    number = max(
        range(len(gucheng.blocks)),
        key=lambda row: gucheng.main.judgment(row, 0).reach_m * (row < 60),
    )
    block = gucheng.blocks[number]
    nearest = gucheng.stations[gucheng.main.judgment(number, 0).nearest].geometry
    boundary = block.geometry.boundary
    at = boundary.interpolate(boundary.project(nearest))
    path = tmp_path / "gate.toml"
    path.write_text(
        HEAD + f'[[open_gate]]\nblock = "{block.id}"\nlon = {at.x}\nlat = {at.y}\n',
        encoding="utf-8",
    )
    after = Study(gucheng.inputs).with_scenario(path).run().results
    for row in range(len(gucheng.blocks)):
        old, new = gucheng.main.judgment(row, 0), after.main.judgment(row, 0)
        assert new.reach_m <= old.reach_m
        assert row == number or new.reach_m == old.reach_m


def test_comparing_adds_up(gucheng: Results, tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_text(
        HEAD + '[[close]]\nstation = "H1"\n[[offers]]\nstation = "C1"\nadd = ["culture"]\n',
        encoding="utf-8",
    )
    after = Study(gucheng.inputs).with_scenario(path).run().results
    frame = comparison_frame(gucheng, [after])
    assert list(frame.columns) == [column.name for column in COLUMNS]
    assert (frame["scenario"] == "方案一").all()
    net = frame["people_served_after"] - frame["people_served_before"]
    assert (frame["people_gained"] - frame["people_lost"] == net).all()
    assert (frame[["people_gained", "people_lost"]] >= 0).all(axis=None)
    whole = frame[frame["kind"] == "*"].set_index("service")
    parts = frame[frame["kind"] != "*"].groupby("service", sort=False).sum(numeric_only=True)
    assert (whole[parts.columns] == parts).all(axis=None)
    for number, service in enumerate(gucheng.inputs.services):
        served = sum(
            after.main.judgment(row, number).printed_served for row in range(len(after.blocks))
        )
        assert whole.loc[service.id, "people_served_after"] == served
    same = changes(gucheng, gucheng)
    assert all(
        (row.gained, row.lost, row.blocks_gained, row.blocks_lost) == (0, 0, 0, 0) for row in same
    )


def test_printed_people_differ_by_what_the_tables_differ() -> None:
    blocks = [
        (0.0, 0.4, 0, (0, 0)),
        (0.0, 0.6, -1, (0, 1)),
        (3.2, 0.0, 3, (3, 0)),
        (3.4, 1.4, 2, (3, 1)),
        (0.3, 0.4, -1, (0, 1)),
    ]
    gained, lost, net, expected = zip(*blocks, strict=True)
    more, less = printed_change(np.array(gained), np.array(lost), np.array(net))
    assert list(zip(more.tolist(), less.tolist(), strict=True)) == list(expected)
