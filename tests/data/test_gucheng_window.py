"""The invented town judged door to window: its stories, and a golden of who is served, and why the others are not."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from judged_rows import rows_of
from walkshed.model.judged.verdicts import REASONS, Mend, Verdict
from walkshed.model.results import Results
from walkshed.reports.tables.visitors import visitors_headline
from walkshed.study import Findings, read_study, run
from walkshed.words.verdicts import cure_text, reason_text

GUCHENG = Path(__file__).parents[2] / "data" / "gucheng"
GOLDEN = Path(__file__).parent / "gucheng_window.csv"


def table(results: Results) -> list[list[str]]:
    """Return, per walker and service, blocks by verdict and printed people served and left out by reason."""
    head = [
        "walker",
        "service",
        "served",
        *REASONS,
        "people_served",
        *(f"people_{reason}" for reason in REASONS),
    ]
    rows = [[str(word) for word in head]]
    for walker, answer in results.answers.items():
        judgments = rows_of(answer)
        for number, service in enumerate(results.inputs.services):
            mine = [row for row in judgments if row.service == number]
            blocks = [
                sum(row.verdict is verdict for row in mine)
                for verdict in (Verdict.SERVED, *REASONS)
            ]
            left_out = [sum(row.printed_reasons[i] for row in mine) for i in range(len(REASONS))]
            people = [sum(row.printed_served for row in mine), *left_out]
            rows.append([walker, service.id, *map(str, blocks), *map(str, people)])
    return rows


def test_who_is_served_and_why_the_others_are_not(window: Results) -> None:
    """Reviewed figures: whoever changes the town or the method reads what moved before writing them anew."""
    with GOLDEN.open(encoding="utf-8", newline="") as stream:
        assert table(window) == list(csv.reader(stream))


def test_five_reasons_are_met(window: Results) -> None:
    verdicts = {row.verdict for row in rows_of(window.main)}
    assert {
        Verdict.TOO_FAR,
        Verdict.NOT_ENTITLED,
        Verdict.NOT_ACCESSIBLE,
        Verdict.CLOSED,
        Verdict.FULL,
    } <= verdicts


def judged(results: Results, block: str, service: str, walker: str):
    row = [each.id for each in results.blocks].index(block)
    return results.answers[walker].judgment(
        row, [each.id for each in results.inputs.services].index(service)
    )


def test_near_the_house_and_up_the_stairs(gucheng: Results) -> None:
    adult, older = (judged(gucheng, "G01", "meals", walker) for walker in ("adult", "older"))
    assert (adult.verdict, older.verdict) == (Verdict.SERVED, Verdict.NOT_ACCESSIBLE)
    assert (older.mend, gucheng.stations[older.mend_at].id) == (Mend.GROUND_FLOOR, "C1")
    seen = gucheng.view("older")
    assert reason_text(seen, older, "zh") == (
        "砚池社区党群服务中心步行80米，但老年人步行不便（砚池社区党群服务中心在3楼，无电梯）"
    )
    assert cure_text(seen, older, "zh").startswith("砚池社区党群服务中心迁至首层或加装电梯（可惠及")


@pytest.mark.parametrize("cure", [{"floor": 1}, {"elevator": True}])
def test_moved_down_or_with_an_elevator_it_serves_as_many_as_the_cure_says(
    gucheng: Results, cure: dict
) -> None:
    older = judged(gucheng, "G01", "meals", "older")
    stations = tuple(
        replace(each, **cure) if each.id == "C1" else each for each in gucheng.inputs.stations
    )
    again = run(replace(gucheng.inputs, stations=stations))
    assert judged(again, "G01", "meals", "older").verdict is Verdict.SERVED
    before, after = (
        sum(row.served for row in rows_of(found.answers["older"]) if row.service == older.service)
        for found in (gucheng, again)
    )
    assert after - before == pytest.approx(older.mend_people)


def test_the_same_town_under_two_standards_and_two_walkers(
    gucheng: Results, window: Results
) -> None:
    frame = Findings(window).changes(Findings(gucheng))
    assert len(frame) > 100
    assert frame["why"].str.contains("行走方式：成年人→老年人").all()
    assert frame["why"].str.contains("时刻：不限时→2026-11-25 10:00").all()
    elder = frame[(frame.service == "elder_care") & (frame.kind == "old")]
    assert elder["why"].str.contains("标准：500米→300米").all()
    assert (frame["now"].str.len() > 0).all()


def test_group_rows_are_of_the_groups_own_walker(window: Results) -> None:
    frame = Findings(window).coverage_by_walker
    assert set(map(tuple, frame[["group", "walker"]].drop_duplicates().to_numpy().tolist())) == {
        ("people", "older"),
        ("people", "adult"),
        ("people", "wheelchair"),
        ("older_people", "older"),
        ("children", "pram"),
    }
    older = frame[frame.group == "older_people"]
    block_groups = sum(round(block.groups["older_people"]) for block in window.blocks)
    assert older[older.service == "meals"].people.sum() == block_groups


def test_rooms_fall_short_of_the_standard(window: Results) -> None:
    rooms = Findings(window).rooms
    assert (rooms["required_m2"] == 30).all()
    assert rooms["short_m2"].gt(0).sum() >= 5
    capacity = Findings(window).capacity
    assert capacity[capacity.service == "meals"]["places_short"].sum() > 0


def test_three_lacks_and_work_orders_are_told(window: Results) -> None:
    frame = Findings(window).left_out
    flagged = frame[
        (frame["level"] == "flag") & (frame["name"] == "three_lacks") & (frame.service == "meals")
    ]
    assert flagged.blocks.item() == sum("three_lacks" in block.flags for block in window.blocks) > 0
    whole = frame[frame.level == "study"].set_index("service")
    kinds = frame[frame.level == "kind"].groupby("service")
    for column in (
        "blocks",
        "blocks_failing",
        "people",
        "people_failing",
        "people_left_out",
        "work_orders",
    ):
        assert kinds[column].sum().to_dict() == whole[column].to_dict()


def test_the_shipped_standards_judge_the_same_town(tmp_path: Path) -> None:
    """By kind: under ``fushan`` a commodity compound is not red for meals, which it is not promised."""
    for name in (
        "town.osm",
        "stations.csv",
        "blocks.geojson",
        "gates.csv",
        "rooms.csv",
        "study.toml",
    ):
        (tmp_path / name).write_bytes((GUCHENG / name).read_bytes())
    toml = (tmp_path / "study.toml").read_text(encoding="utf-8")
    judged_by = {}
    for preset in ("gb50180", "fushan"):
        (tmp_path / "study.toml").write_text(
            toml.replace("illustrative-500", preset), encoding="utf-8"
        )
        judged_by[preset] = read_study(tmp_path).run()
    fushan = judged_by["fushan"].coverage
    asked = (
        fushan[fushan["verdict"] != "no_standard"]
        .groupby("kind")["service"]
        .agg(lambda names: sorted(set(names)))
    )
    assert asked.to_dict() == {
        "commodity": ["civic_errands", "culture", "mediation"],
        "old": ["repairs"],
        "resettlement": ["elder_care", "meals"],
    }
    national = judged_by["gb50180"].coverage
    limits = national[national["verdict"] != "no_standard"].groupby("service")["limit"].unique()
    assert {service: list(found) for service, found in limits.items()} == {
        "civic_errands": [300.0],
        "culture": [500.0],
        "elder_care": [300.0],
    }
    assert not national["verified"].fillna(False).any()
    assert len(judged_by["gb50180"].unverified) > len(judged_by["gb50180"].results.inputs.walkers)
    moved = judged_by["fushan"].changes(judged_by["gb50180"])
    assert moved["why"].str.startswith("标准：").all()
    assert {"无标准", "超出距离", "达标"} <= set(moved["verdict_after"]) | set(
        moved["verdict_before"]
    )


def test_visitors_have_a_headline_of_their_own(tmp_path: Path, gucheng: Results) -> None:
    for name in (
        "town.osm",
        "stations.csv",
        "blocks.geojson",
        "gates.csv",
        "rooms.csv",
        "study.toml",
    ):
        (tmp_path / name).write_bytes((GUCHENG / name).read_bytes())
    hub = gucheng.stations[[each.id for each in gucheng.stations].index("H1")].geometry
    rows = f"name,lon,lat,people\n长亭街,{hub.x},{hub.y},900\n荒岛,{hub.x + 0.02},{hub.y},50\n"
    (tmp_path / "visitors.csv").write_text(rows, encoding="utf-8")
    with (tmp_path / "study.toml").open("a", encoding="utf-8") as stream:
        stream.write('\n[visitors]\nfile = "visitors.csv"\n')
    found = read_study(tmp_path).run()
    frame = found.visitors.set_index(["place_name", "service"])
    assert frame.loc[("长亭街", "culture"), "visitors_served"] == 900
    assert frame.loc[("荒岛", "culture"), "verdict"] == "off_network"
    assert visitors_headline(found.results)["culture"] == {"visitors": 950, "served": 900}
    # never added to residents
    assert found.coverage["people"].sum() == Findings(gucheng).coverage["people"].sum()


def test_the_example_of_visitors_and_outlines_changes_nothing_for_residents() -> None:
    alone, beside = (read_study(GUCHENG / name).run() for name in ("window.toml", "visitors.toml"))
    pd.testing.assert_frame_equal(beside.coverage, alone.coverage)
    assert beside.results.notes == alone.results.notes  # the outlines agree with the tables
    assert len(beside.results.inputs.areas) == 2
    assert visitors_headline(beside.results)["culture"] == {"visitors": 1200, "served": 300}
