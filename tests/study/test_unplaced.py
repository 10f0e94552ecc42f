"""A station left out for want of a place: named everywhere, and what fails where it may stand is to be checked."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import shapely
from typer.testing import CliRunner

from small import lonlat, write_study
from walkshed import cli
from walkshed.errors import InputFaultsError
from walkshed.findings import Findings
from walkshed.maps.payload.whole import build_payload
from walkshed.model.results import Results, caveats
from walkshed.reports.tables.areas import areas_frame
from walkshed.reports.tables.unplaced import unplaced_frame
from walkshed.study import read_study, run
from walkshed.words.judgments import cure_column, phrases, reason_column

BLOCKS = [("A", 100, "One"), ("B", 2000, "One"), ("C", 2200, "Two"), ("D", 3800, "Two")]
SERVICES = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
complete = true
[[services]]
id = "law"
zh = "法律"
en = "Law"
complete = true
"""
LOST = "南站"


def write(folder: Path, *, lost: str = "meals", offers: str = "", language: str = "en") -> Path:
    lon, lat = lonlat(0.0)
    stations = (
        "id,name,lon,lat,tier,parent,services,community,address\n"
        f"S1,One,{lon},{lat},center,L1,meals;law,One,\n"
        f"L1,{LOST},,,center,,{lost},Two,12 Long Street\n"
    )
    blocks = "id,people,lon,lat,community\n" + "".join(
        f"{name},100,{place[0]},{place[1]},{community}\n"
        for name, x, community in BLOCKS
        for place in [lonlat(float(x))]
    )
    toml = SERVICES + ('\n[offers]\nfile = "offers.csv"\n' if offers else "")
    study = write_study(
        folder,
        stations=stations,
        blocks=blocks,
        toml=toml,
        language=language,
        files={"offers.csv": offers} if offers else {},
    )
    text = (study / "study.toml").read_text(encoding="utf-8")
    text = text.replace('file = "stations.csv"', 'file = "stations.csv"\nunplaced = "leave_out"')
    (study / "study.toml").write_text(text, encoding="utf-8")
    return study


def doubts(results: Results, service: str) -> dict[str, str]:
    frame = Findings(results).coverage
    rows = frame[frame["service"] == service]
    return dict(zip(rows["block_id"], rows["doubt"], strict=True))


def test_what_fails_in_its_community_is_to_be_checked_and_adds_up(tmp_path: Path) -> None:
    results = run(read_study(write(tmp_path)).inputs)
    assert doubts(results, "meals") == {"A": "", "B": "", "C": "unplaced", "D": "unplaced"}
    assert set(doubts(results, "law").values()) == {""}
    assert results.stations[0].parent is None  # its parent has no place

    areas = areas_frame(results)
    parts = areas[["people_served", "people_out", "people_in_doubt", "people_unknown"]].sum(axis=1)
    assert (parts == areas["people"]).all()
    study = areas[(areas["level"] == "study") & (areas["service"] == "meals")].iloc[0]
    assert (study.people_served, study.people_out, study.people_in_doubt) == (100, 100, 200)
    (meals, _) = build_payload(results)["services"]
    assert (meals["people_left_out"], meals["people_in_doubt"]) == (300, 200)
    rows = Findings(results).table("priorities.csv").query("level == 'community'")
    assert rows.set_index("id")["weighted_to_check"].to_dict() == {"One": 0.0, "Two": 200.0}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_it_is_named_on_page_terminal_and_tables(tmp_path: Path, language: str) -> None:
    study = write(tmp_path / "study", language=language)
    told = CliRunner().invoke(cli.app, ["run", str(study), "--out", str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert LOST in told.output
    checked = CliRunner().invoke(cli.app, ["check", str(study)])
    assert f"left out: {LOST}" in checked.output.replace("\n", " ")

    results = run(read_study(study).inputs)
    assert LOST in caveats(results)[0]
    for public in (False, True):
        assert LOST in build_payload(results, public=public)["study"]["remarks"][0]
    assert LOST in json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))["caveats"][0]
    written = (tmp_path / "out" / "unplaced.csv").read_text("utf-8-sig").splitlines()
    assert written[1] == f"L1,{LOST},center,meals,,Two,12 Long Street,2"

    # and in the words of the blocks that may be its own, alone
    view = results.view()
    found = phrases(view)
    reasons, cures = reason_column(view, found), cure_column(view, found)
    assert [LOST in reason for reason in reasons[::2]] == [False, False, True, True]
    assert [LOST in cure for cure in cures[::2]] == [False, False, True, True]
    assert not any(LOST in reason for reason in reasons[1::2])


def test_without_any_nothing_is_said_and_no_table_written(tmp_path: Path) -> None:
    study = read_study(write(tmp_path / "study"))
    inputs = replace(study.inputs, unplaced=())
    Findings(run(inputs)).write(tmp_path / "out")
    assert not (tmp_path / "out" / "unplaced.csv").exists()
    assert not caveats(run(inputs))


def test_offers_of_a_station_without_a_place_are_its_services(tmp_path: Path) -> None:
    offers = f"station,service\nS1,meals\n{LOST},law\n"
    inputs = read_study(write(tmp_path, offers=offers)).inputs
    assert [(offer.station, offer.service) for offer in inputs.offers] == [("S1", "meals")]
    assert [station.services for station in inputs.unplaced] == [("meals", "law")]
    results = run(inputs)
    assert doubts(results, "law") == {"A": "", "B": "", "C": "unplaced", "D": "unplaced"}
    assert unplaced_frame(results)["blocks_to_check"].tolist() == [2]


def test_what_is_wrong_in_its_row_is_a_fault_all_the_same(tmp_path: Path) -> None:
    with pytest.raises(InputFaultsError) as caught:
        read_study(write(tmp_path, lost="meels"))
    (fault,) = caught.value.faults
    assert (fault.row, fault.column) == (3, "services")


def test_every_station_without_a_place_leaves_the_table_without_stations(tmp_path: Path) -> None:
    study = write(tmp_path)
    lines = (study / "stations.csv").read_text(encoding="utf-8").splitlines()
    (study / "stations.csv").write_text("\n".join([lines[0], lines[2]]), encoding="utf-8")
    results = run(read_study(study).inputs)
    assert results.stations == ()
    verdicts = [results.main.judgment(row, 0).verdict.value for row in range(4)]
    assert set(verdicts) == {"no_provider"}
    assert doubts(results, "meals") == {"A": "", "B": "", "C": "unplaced", "D": "unplaced"}


def test_several_are_told_apart_block_by_block(tmp_path: Path) -> None:
    inputs = read_study(write(tmp_path)).inputs
    (lost,) = inputs.unplaced
    more = [
        replace(lost, id=f"L{n}", name=f"Lost {n}", community=community, geometry=shapely.Point())
        for n, community in enumerate(["One", "Two", "", "", ""], start=2)
    ]
    view = run(replace(inputs, unplaced=(lost, *more))).view()
    reasons = reason_column(view, phrases(view))[::2]
    assert "Lost" not in reasons[0]  # served
    assert reasons[1].endswith("Lost 2, Lost 4, Lost 5 and 1 more; to be checked.")
    assert reasons[2].endswith(f"{LOST}, Lost 3, Lost 4 and 2 more; to be checked.")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_lost_station_without_services_is_told_by_its_name(tmp_path: Path, language: str) -> None:
    """Nothing is in doubt for it, since nobody knows what it offers: that is said everywhere."""
    made = read_study(write(tmp_path, lost="", language=language))
    told = "1 station without a place lists no service, so that no verdict is in doubt for them"
    assert f"{told}: {LOST}; fill in column services" in made.inputs.notes
    results = run(made.inputs)
    assert set(doubts(results, "meals").values()) == {""}
    sentence = {"zh": "没有填写服务项目", "en": "lists no service"}[language]
    remarks = build_payload(results, public=True)["study"]["remarks"]
    assert [sentence in remark and LOST in remark for remark in remarks] == [False, True]


def test_a_standing_station_without_services_is_told_by_its_name(tmp_path: Path) -> None:
    study = write(tmp_path)
    text = (study / "stations.csv").read_text("utf-8")
    (study / "stations.csv").write_text(text.replace("meals;law", ""), "utf-8")
    made = read_study(study)
    assert any(
        note.startswith("1 station lists no service and counts for none: One")
        for note in made.inputs.notes
    )
    assert any(
        "“One”" in line or "One" in line for line in Findings(run(made.inputs)).summary_lines()
    )

    # what the table of offers names is its service
    offers = "station,service\nS1,meals\n"
    (study / "offers.csv").write_text(offers, "utf-8")
    toml = (study / "study.toml").read_text("utf-8") + '\n[offers]\nfile = "offers.csv"\n'
    (study / "study.toml").write_text(toml, "utf-8")
    assert not any("count for none" in note for note in read_study(study).inputs.notes)
