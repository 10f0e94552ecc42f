"""Re-sited centers: summed by means, filled into what stands, compared with what was, communities merged."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from ledgers.town import faults, write
from small import lonlat
from walkshed import cli
from walkshed.errors import InvalidValueError
from walkshed.maps.payload.whole import build_payload
from walkshed.study import Study, read_study

HEAD = (
    "社区,中心名称,原址,原楼层,落地方式,现址,现楼层,原面积,现面积,完成时间,"
    "落地前日均接待量,落地后日均接待量,无障碍改造,并入社区\n"
)
ROWS = HEAD + (
    "南门,南门站,旧街1号,三楼,房屋租赁,长街2号,1,80,230㎡,2026年5月,20人次,65,是,\n"
    "开元,花园站,长街9号,3,加装电梯,长街9号,3,120,120,2026-03-18,30,40,,\n"
    "太昌,太昌中心,,2,撤并调整,,1,60,,2026.1,,,,开元\n"
    "下东,下东中心,,2,联建共享,,,,,,,,,\n"
)
#: Stations of which the table says no floor, elevator, entrance or area.
STATIONS: list[tuple[object, ...]] = [
    ("S1", 100, "南门站", "center", "meals;law", "all", ""),
    ("S2", 2950, "花园站", "center", "meals", "community", ""),
]
BLOCKS: list[tuple[object, ...]] = [
    ("B1", 0, "南门里", 100, "南门", ""),
    ("B2", 2900, "花园", 100, "开元", ""),
    ("B3", 2600, "北苑", 50, "太昌", ""),
]


def study(folder: Path, rows: str = ROWS, toml: str = "") -> Study:
    written = write(folder, {"relocations": rows}, stations=STATIONS, blocks=BLOCKS, toml=toml)
    return read_study(written)


def test_every_column_is_read(tmp_path: Path) -> None:
    first, second, third, last = study(tmp_path).inputs.ledgers.relocations
    assert (first.station, first.means, first.old_floor, first.new_floor) == ("S1", "lease", 3, 1)
    assert (first.old_area_m2, first.new_area_m2, first.completed) == (80.0, 230.0, "2026-05")
    assert (first.visits_before, first.visits_after, first.step_free) == (20.0, 65.0, True)
    assert (first.is_moved, second.is_moved) == (True, False)
    assert (second.means, second.completed) == ("elevator", "2026-03-18")
    assert (third.station, third.communities, third.merged_into) == ("", ("太昌",), "开元")
    assert (last.means, last.completed) == ("joint", "")


def test_what_was_done_stands_where_the_table_says_nothing(tmp_path: Path) -> None:
    inputs = study(tmp_path).inputs
    one, two = inputs.stations
    assert (one.floor, one.elevator, one.step_free, one.area_m2) == (1, None, True, 230.0)
    assert (two.floor, two.elevator, two.step_free, two.area_m2) == (3, True, None, 120.0)
    assert "2 of 2 stations have floor, elevator, entrance or area of it" in (
        " ".join(inputs.notes)
    )


def test_the_table_of_stations_stands_where_the_ledger_says_otherwise(tmp_path: Path) -> None:
    folder = write(tmp_path, {"relocations": ROWS}, stations=STATIONS, blocks=BLOCKS)
    text = (folder / "stations.csv").read_text(encoding="utf-8").splitlines()
    lines = [f"{text[0]},floor", f"{text[1]},2", f"{text[2]},3"]
    (folder / "stations.csv").write_text("\n".join(lines), encoding="utf-8")
    inputs = read_study(folder).inputs
    assert inputs.stations[0].floor == 2
    told = "stands where the ledger says otherwise: 南门站: floor 2, not 1"
    assert told in " ".join(inputs.notes)


def test_a_row_that_is_not_done_changes_nothing(tmp_path: Path) -> None:
    inputs = study(tmp_path, HEAD + "南门,南门站,,3,房屋租赁,,1,80,230,,,,是,\n").inputs
    assert (inputs.stations[0].floor, inputs.stations[0].area_m2) == (None, None)


def test_the_summary_sums_what_states_both(tmp_path: Path) -> None:
    findings = study(tmp_path).run()
    table = findings.table("relocations_by_means.csv").set_index("means")
    assert list(table.index) == ["lease", "joint", "elevator", "merger", ""]
    every = table.loc[""]
    assert (every.centers, every.completed, every.with_area) == (4, 3, 2)
    assert (every.area_before_m2, every.area_after_m2) == (200.0, 350.0)
    assert (every.with_floors, every.upstairs_before, every.upstairs_after) == (3, 3, 1)
    assert (every.visits_before, every.visits_after) == (50.0, 105.0)
    parts, sums = table.drop(index=""), table.columns
    assert (parts[sums].sum() == every).all()  # every total sums printed rows

    rows = findings.table("relocations.csv")
    assert list(rows["counted_as"]) == ["", "", "开元", ""]
    assert pd.isna(rows.loc[3, "old_area_m2"])


def test_merged_communities_are_counted_and_admitted_as_the_new_one(tmp_path: Path) -> None:
    alone = [row for row in ROWS.splitlines() if "撤并" not in row]
    before = study(tmp_path / "a", "\n".join(alone)).run()
    after = study(tmp_path / "b").run()
    verdicts = [
        run.coverage.set_index(["block_id", "service"]).loc[("B3", "meals"), "verdict"]
        for run in (before, after)
    ]
    assert verdicts == ["too_far", "served"]  # a station for its community alone
    areas = after.areas
    communities = areas[(areas["level"] == "community") & (areas["service"] == "meals")]
    assert set(communities["community"]) == {"南门", "开元"}
    assert "community 太昌 merged into 开元: 1 row is counted there" in " ".join(
        after.results.inputs.notes
    )
    (summary, _) = build_payload(after.results)["ledgers"]["tables"]
    assert {
        "zh": "社区撤并：太昌 → 开元（按新社区统计）",
        "en": "Merged: 太昌 → 开元; counted as the new ones",
    } in summary["notes"]


def test_a_merger_follows_the_chain_and_names_of_two_subdistricts_are_asked(tmp_path: Path) -> None:
    rows = HEAD + "太昌,甲,,,撤并调整,,,,,,,,,下东\n下东社区,乙,,,撤并调整,,,,,,,,,开元\n"
    inputs = study(tmp_path / "a", rows).inputs
    assert inputs.blocks is not None
    assert inputs.blocks[2].community == "开元"

    circle = HEAD + "太昌,甲,,,撤并调整,,,,,,,,,下东\n下东,乙,,,撤并调整,,,,,,,,,太昌\n"
    told = faults(write(tmp_path / "b", {"relocations": circle}))
    assert {fault.fact for fault in told} == {"merges in a circle"}

    folder = write(tmp_path / "c", {"relocations": rows}, blocks=BLOCKS)
    text = (folder / "blocks.csv").read_text(encoding="utf-8").splitlines()
    text[2] = text[2].replace("开元", "太昌")
    lines = [f"{text[0]},街道", f"{text[1]},甲街", f"{text[2]},甲街", f"{text[3]},乙街"]
    (folder / "blocks.csv").write_text("\n".join(lines), encoding="utf-8")
    (fault,) = faults(folder)
    assert fault.fact == "is a community of several subdistricts (乙街, 甲街)"


def test_before_and_after_as_a_scenario(tmp_path: Path) -> None:
    toml = '[walk]\nwalkers = ["wheelchair"]\n'
    now = study(tmp_path / "study", toml=toml)
    earlier = now.before_relocations()
    scenario = earlier.inputs.scenario
    assert scenario is not None
    assert (scenario.name, dict(scenario.premises).keys()) == ("落地前", {"S1", "S2"})
    assert scenario.note.endswith("其中1个原址没有坐标，仍按现址计算步行距离")

    # in a wheelchair, the elevator and the ground floor made the difference
    def verdicts(each: Study) -> list[str]:
        frame = each.run().coverage
        return list(frame[frame["service"] == "meals"]["verdict"])

    assert verdicts(now) == ["served", "served", "served"]
    assert verdicts(earlier)[:2] == ["not_accessible", "not_accessible"]

    asked = ["compare", str(tmp_path / "study"), "--before-relocations", "--out"]
    told = CliRunner().invoke(cli.app, [*asked, str(tmp_path / "out")])
    assert told.exit_code == 0, told.output
    assert "落地前" in told.output
    compared = pd.read_csv(tmp_path / "out" / "compare.csv")
    assert set(compared["scenario"]) == {"落地前"}


def test_without_anything_to_compare_that_is_said(tmp_path: Path) -> None:
    folder = write(tmp_path)
    with pytest.raises(InvalidValueError, match="tells of no floor, elevator or entrance"):
        read_study(folder).before_relocations()
    told = CliRunner().invoke(cli.app, ["compare", str(folder), "--before-relocations"])
    assert told.exit_code == 1
    assert CliRunner().invoke(cli.app, ["compare", str(folder)]).exit_code == 2


def test_a_station_tells_its_story_on_the_page(tmp_path: Path) -> None:
    payload = build_payload(study(tmp_path).run().results)["ledgers"]
    (line,) = payload["stations"][0]
    assert line["zh"] == (
        "2026-05落地：房屋租赁，原址旧街1号（3层），面积80 → 230㎡，日均接待20 → 65人次"
    )
    titles = [table["title"]["zh"] for table in payload["tables"]]
    assert titles == ["落地方式汇总", "落地台账"]
    assert payload["tables"][0]["rows"][0][3]["zh"] == "80 → 230（1）"


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("南门,,,,房屋租赁,,,,,,,,,", [("中心名称", "is empty")]),
        ("南门,南门站,,,购买,,,,,,,,,", [("落地方式", "is none of the means")]),
        ("南门,南门站,,,,,,,,,,,,", [("落地方式", "is empty")]),
        ("南门,南门站,,楼上,房屋租赁,,,,,,,,,", [("原楼层", "is not a valid floor")]),
        ("南门,南门站,,,房屋租赁,,,大,,,,,,", [("原面积", "is not a valid number")]),
        ("南门,南门站,,,房屋租赁,,,,,去年,,,,", [("完成时间", "is not a valid date")]),
        ("南门,南门站,,,房屋租赁,,,,,2026-13,,,,", [("完成时间", "is not a valid date")]),
        (
            "南门,南门站,,,房屋租赁,,,,,,-3,,,",
            [("落地前日均接待量", "cannot be a number of people")],
        ),
        ("南门,南门站,,,房屋租赁,,,,,,,,或许,", [("无障碍改造", "is neither yes nor no")]),
    ],
)
def test_every_fault_is_told(
    tmp_path: Path, row: str, expected: list[tuple[str | None, str]]
) -> None:
    told = faults(write(tmp_path, {"relocations": f"{HEAD}{row}\n"}))
    assert [(fault.column, fault.fact) for fault in told] == expected


@pytest.mark.parametrize(
    ("word", "date"),
    [
        ("2026年5月", "2026-05"),
        ("2026年5月18日", "2026-05-18"),
        ("2026.5.8", "2026-05-08"),
        ("2026/05", "2026-05"),
        ("2026-05-18 00:00", "2026-05-18"),
        ("2026", "2026"),
        ("2026年", "2026"),
    ],
)
def test_dates_as_offices_write_them(tmp_path: Path, word: str, date: str) -> None:
    rows = f"{HEAD}南门,南门站,,,划拨,,,,,{word},,,,\n"
    (row,) = study(tmp_path, rows).inputs.ledgers.relocations
    assert (row.completed, row.means) == (date, "allocation")


@pytest.mark.parametrize("cell", ["20→65", "20/65", "20人次—65人次", "20 至 65"])
def test_visits_before_and_after_in_one_cell(tmp_path: Path, cell: str) -> None:
    rows = f"中心名称,落地方式,落地前后日均接待量\n南门站,租赁,{cell}\n"
    (row,) = study(tmp_path, rows).inputs.ledgers.relocations
    assert (row.visits_before, row.visits_after) == (20.0, 65.0)


def test_centers_of_elsewhere_and_open_mergers_are_noted(tmp_path: Path) -> None:
    rows = HEAD + "太昌,南门,,,撤并调整,,,,,,,,,\n"
    notes = " ".join(study(tmp_path, rows).inputs.notes)
    assert "1 of 1 center is not a station, and counts in the ledger alone: 南门" in notes
    assert "did you mean '南门站'?" in notes
    assert "1 of 1 row merges, and not into a community (并入社区)" in notes


def test_outlines_of_merged_communities_are_one(tmp_path: Path) -> None:
    blocks = [(*block[:4], "", *block[5:]) for block in BLOCKS]
    toml = '[areas]\nfile = "areas.geojson"\n'
    folder = write(tmp_path, {"relocations": ROWS}, stations=STATIONS, blocks=blocks, toml=toml)
    features = []
    for name, west, east in (
        ("南门社区", -500, 500),
        ("太昌社区", 2400, 2750),
        ("开元社区", 2750, 3200),
    ):
        ring = [lonlat(x, y) for x, y in ((west, -50), (east, -50), (east, 50), (west, 50))]
        features.append(
            {
                "type": "Feature",
                "properties": {"level": "community", "community": name},
                "geometry": {"type": "Polygon", "coordinates": [[*ring, ring[0]]]},
            }
        )
    drawn = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    (folder / "areas.geojson").write_text(drawn, encoding="utf-8")
    results = read_study(folder).run().results
    communities = [block.community for block in results.blocks]
    assert communities == ["南门社区", "开元社区", "开元社区"]  # as the outlines spell it
