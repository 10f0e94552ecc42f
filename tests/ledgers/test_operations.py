"""Stations that do not run offer nothing by themselves, and a compound may share one that stands elsewhere."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from ledgers.town import BLOCKS, STATIONS, faults, workbook, write
from small import lonlat
from walkshed import cli
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import caveats
from walkshed.study import read_study

HEAD = "站点,是否实体化运行,站长,常驻人数\n"
IDLE = HEAD + "南门站,否,无,0\n花园站,是,有,3人\n"


def verdicts(findings: Findings, service: str = "meals") -> dict[str, str]:
    frame = findings.coverage
    rows = frame[frame["service"] == service]
    return dict(zip(rows["block_id"], rows["verdict"], strict=True))


def test_a_station_that_does_not_run_offers_nothing(tmp_path: Path) -> None:
    before = read_study(write(tmp_path / "a")).run()
    after = read_study(write(tmp_path / "b", {"operations": IDLE})).run()
    assert verdicts(before)["B1"] == "served"
    assert verdicts(after) == {"B1": "not_entitled", "B2": "served", "B3": "served"}
    assert set(verdicts(after, "law").values()) == {"no_provider"}

    # what it would offer is kept, and told as what it would gain
    station = after.results.stations[0]
    assert (station.services, station.idle_services) == ((), ("meals", "law"))
    matrix = after.matrix.set_index(["station", "service"])
    assert matrix.loc[("S1", "law"), "potential"] == 100


def test_offers_of_a_table_do_not_count_either(tmp_path: Path) -> None:
    toml = '[offers]\nfile = "operations_offers.csv"\n'
    folder = write(tmp_path, {"operations": IDLE}, toml=toml)
    offers = "station,service,mode\nS1,law,outreach\nS2,meals,visit\n"
    (folder / "operations_offers.csv").write_text(offers, encoding="utf-8")
    inputs = read_study(folder).inputs
    assert [offer.station for offer in inputs.offers] == ["S2"]


def test_a_scenario_in_which_it_takes_up_a_service_lets_it_run(tmp_path: Path) -> None:
    study = read_study(write(tmp_path, {"operations": IDLE}))
    scenario = tmp_path / "runs.toml"
    scenario.write_text(
        '[scenario]\nname = "a"\n[[offers]]\nstation = "南门站"\nadd = ["law"]\n', encoding="utf-8"
    )
    results = study.with_scenario(scenario).run().results
    assert (results.stations[0].services, results.stations[0].running) == (("law",), True)
    assert not any("未实体化运行" in caveat for caveat in caveats(results))


def test_it_is_said_on_check_page_terminal_and_tables(tmp_path: Path) -> None:
    folder = write(tmp_path / "study", {"operations": IDLE})
    checked = CliRunner().invoke(cli.app, ["check", str(folder)])
    assert "1 of 2 stations does not run, and its offers do not count: 南门站" in " ".join(
        checked.output.split()
    )
    findings = read_study(folder).run()
    said = "2个站点中1个未实体化运行，其所列服务不计入：南门站。"
    assert said in caveats(findings.results)
    assert said in " ".join(findings.summary_lines())
    for public in (False, True):
        payload = build_payload(findings.results, public=public)
        assert said in payload["study"]["remarks"]
        assert payload["stations"][0]["services"] == []
        assert payload["ledgers"]["idle"] == [0]
        lines = [line["zh"] for line in payload["ledgers"]["stations"][0]]
        assert lines == ["未实体化运行：所列助餐、法律不计入", "无站长", "常驻0人"]

    table = findings.table("operations.csv").set_index("station_id")
    assert table.loc["S1", "services_not_counted"] == "meals;law"
    assert not table.loc["S1", "running"]
    assert (table.loc["S2", "staff"], table.loc["S2", "shared_by"]) == (3, "B3")
    coverage = findings.coverage.set_index(["block_id", "service"])
    assert "南门站（未实体化运行）" in coverage.loc[("B1", "law"), "cure"]


def test_a_shared_station_serves_as_ones_own(tmp_path: Path) -> None:
    alone = [(*block[:-1], "") for block in BLOCKS]
    assert verdicts(read_study(write(tmp_path / "a", blocks=alone)).run())["B3"] == "too_far"
    findings = read_study(write(tmp_path / "b")).run()
    assert verdicts(findings)["B3"] == "served"
    payload = build_payload(findings.results)["ledgers"]
    assert payload["blocks"][2][0] == {
        "zh": "共用站点：花园站",
        "en": "shares the station: 花园站",
    }
    assert payload["stations"][1][-1]["zh"] == "共用本站的小区：北苑"


def test_a_shared_station_of_another_community_admits_the_compound(tmp_path: Path) -> None:
    stations = [STATIONS[0], ("S2", 2950, "花园站", "center", "meals", "community", "")]
    blocks = [BLOCKS[0], ("B3", 2600, "北苑", 50, "别处", "花园站"), BLOCKS[1]]
    findings = read_study(write(tmp_path, stations=stations, blocks=blocks)).run()
    assert verdicts(findings) == {"B1": "served", "B2": "served", "B3": "served"}


@pytest.mark.parametrize(
    ("rows", "expected"),
    [
        ("南门,是,,\n", [(2, "站点", "is not a station of this study")]),
        (",是,,\n", [(2, "站点", "is empty")]),
        ("南门站,也许,,\n", [(2, "是否实体化运行", "is neither yes nor no")]),
        ("南门站,是,张三,\n", [(2, "站长", "is neither yes nor no")]),
        ("南门站,是,有,2.5\n", [(2, "常驻人数", "is not a valid number of people")]),
        ("S1,是,,\n南门站,否,,\n", [(3, "站点", "stands in row 2, too")]),
    ],
)
def test_every_fault_is_told(
    tmp_path: Path, rows: str, expected: list[tuple[int, str, str]]
) -> None:
    told = faults(write(tmp_path, {"operations": HEAD + rows}))
    assert [(fault.row, fault.column, fault.fact) for fault in told] == expected


def test_a_shared_station_that_is_none_and_a_missing_column_are_faults(tmp_path: Path) -> None:
    blocks = [(*BLOCKS[0][:-1], "花园"), *BLOCKS[1:]]
    (fault,) = faults(write(tmp_path / "a", blocks=blocks))
    assert (fault.column, fault.cure) == ("共用站点", "did you mean '花园站'?")
    (fault,) = faults(write(tmp_path / "b", {"operations": "站点,站长\nS1,有\n"}))
    assert fault.fact == "has no column 'running'"


@pytest.mark.parametrize(
    ("word", "running"),
    [("已实体化运行", True), ("尚未运行", False), ("未", False), ("停运", False), ("", None)],
)
def test_words_of_officials_are_understood(tmp_path: Path, word: str, running: bool | None) -> None:
    folder = write(tmp_path, {"operations": f"{HEAD}南门站,{word},,\n"})
    (said,) = read_study(folder).inputs.ledgers.operations
    assert said.running is running


def test_what_nobody_says_counts_with_a_note_and_contradictions_are_noted(tmp_path: Path) -> None:
    rows = HEAD + "南门站,,,\n花园站,是,无,0\n"
    notes = " ".join(read_study(write(tmp_path, {"operations": rows})).inputs.notes)
    assert "1 of 2 do not say whether they run, and are taken as running: 南门站" in notes
    assert "with neither a head nor staff; make sure that they do: 花园站" in notes


def test_the_sheet_of_the_one_workbook(tmp_path: Path) -> None:
    folder = write(tmp_path, toml='[ledgers]\nfile = "台账.xlsx"\n')
    head = HEAD.strip().split(",")
    sheets = {
        "站点": [["名称"], ["x"]],
        "站点运行": [["2026年台账"], head, ["南门站", "否", "无", 0]],
    }
    workbook(folder / "台账.xlsx", sheets)
    assert read_study(folder).inputs.stations[0].running is False

    # left empty it says nothing; called otherwise it is noted
    workbook(folder / "台账.xlsx", {"站点": [["名称"], ["x"]], "站点运行": [head]})
    study = read_study(folder)
    assert study.inputs.stations[0].running is None
    assert study.inputs.notes == ()
    workbook(folder / "台账.xlsx", {"站点运营": [head, ["南门站", "否", "无", 0]]})
    notes = " ".join(read_study(folder).inputs.notes)
    assert "sheet '站点运营' is not read; if it is a ledger, call it '站点运行'" in notes
    assert "[ledgers] finds no sheet of a ledger" in notes


def test_filled_sheets_that_study_toml_does_not_name_are_noted(tmp_path: Path) -> None:
    folder = write(tmp_path)
    (folder / "study.toml").write_text(
        (folder / "study.toml").read_text(encoding="utf-8").replace("stations.csv", "台账.xlsx"),
        encoding="utf-8",
    )
    lon, lat = lonlat(100.0)
    stations = [["名称", "经度", "纬度", "服务项目"], ["南门站", lon, lat, "助餐"]]
    blocks = [["名称", "共用站点"]]
    rows = HEAD.strip().split(",")
    for filled in (False, True):
        ledger = [rows, ["南门站", "否", "无", 0]] if filled else [rows]
        workbook(folder / "台账.xlsx", {"站点": stations, "站点运行": ledger, "说明": blocks})
        text = (folder / "blocks.csv").read_text(encoding="utf-8").replace("花园站", "")
        (folder / "blocks.csv").write_text(text, encoding="utf-8")
        told = "the sheets 站点运行 are filled in and not read; write [ledgers]"
        assert (told in " ".join(read_study(folder).inputs.notes)) == filled


def test_a_shared_station_that_does_not_run_is_told(tmp_path: Path) -> None:
    rows = HEAD + "花园站,否,无,0\n"
    study = read_study(write(tmp_path, {"operations": rows}))
    told = "1 of 3 blocks shares a station that does not run: 北苑 (花园站)"
    assert told in study.inputs.notes
    lines = build_payload(study.run().results)["ledgers"]["blocks"][2]
    assert lines[0]["zh"] == "共用站点：花园站（未实体化运行）"


def test_a_shared_station_without_a_place_is_to_be_checked(tmp_path: Path) -> None:
    stations = [STATIONS[0], ("S2", 2950, "花园站", "center", "meals", "all", "")]
    blocks = [BLOCKS[0], BLOCKS[1], ("B3", 2600, "北苑", 50, "别处", "花园站")]
    folder = write(tmp_path, stations=stations, blocks=blocks)
    for name, old, new in (
        ("study.toml", 'file = "stations.csv"', 'file = "stations.csv"\nunplaced = "leave_out"'),
        ("stations.csv", ",".join(map(str, lonlat(2950.0))), ","),
        ("stations.csv", "tier", "tier,community"),
        ("stations.csv", "center", "center,开元"),
        ("stations.csv", "micro", "micro,南门"),
    ):
        text = (folder / name).read_text(encoding="utf-8")
        assert old in text
        (folder / name).write_text(text.replace(old, new), encoding="utf-8")
    coverage = read_study(folder).run().coverage.set_index(["block_id", "service"])
    assert coverage.loc[("B3", "meals"), "doubt"] == "unplaced"
    assert coverage.loc[("B3", "law"), "doubt"] == ""


def test_a_workbook_of_ledgers_that_is_none_is_a_fault(tmp_path: Path) -> None:
    folder = write(tmp_path, {"operations": IDLE})
    toml = (folder / "study.toml").read_text(encoding="utf-8")
    wrong = toml.replace("operations =", "file =")
    (folder / "study.toml").write_text(wrong, encoding="utf-8")
    (fault,) = faults(folder)
    assert fault.fact == "is not a workbook, which has a sheet per ledger"
    (folder / "study.toml").write_text(
        toml.replace("operations =", "operation ="), encoding="utf-8"
    )
    assert "operations" in str(faults(folder)[0])


def test_a_study_without_ledgers_has_none_of_it(tmp_path: Path) -> None:
    blocks = [(*block[:-1], "") for block in BLOCKS]
    results = read_study(write(tmp_path / "study", blocks=blocks)).run().results
    assert "ledgers" not in build_payload(results)
    Findings(results).write(tmp_path / "out")
    assert not (tmp_path / "out" / "operations.csv").exists()


def test_a_station_that_does_not_run_is_not_said_to_list_nothing(tmp_path: Path) -> None:
    """What it lists does not count, which is another fact than an empty cell."""
    remarks = read_study(write(tmp_path, {"operations": IDLE})).run().results.remarks
    assert any("未实体化运行" in remark for remark in remarks)
    assert not any("没有填写服务项目" in remark for remark in remarks)
