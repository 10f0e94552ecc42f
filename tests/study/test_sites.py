"""Proposals for whole studies: what is promised is what a run with them finds, to the last digit."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest

from judged_rows import rows_of
from walkshed.errors import InvalidValueError
from walkshed.inputs.study.walkers import preset_walkers
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.plans.proposals import Hindrance, Unreachable
from walkshed.model.plans.siting import Room, Status
from walkshed.model.results import Results
from walkshed.model.town.places import Station, Tier
from walkshed.study import Findings, ProposedSites, Study, read_study
from walkshed.verbs.draft.drafting import draft
from walkshed.words.proposals import explanation, hindrance_text, not_fixed, summary

EXACT = 1e-6


@pytest.fixture(scope="session")
def sited(gucheng: Results) -> ProposedSites:
    """Five stations of up to four services for the invented town, on streets 200 m apart."""
    return Study(gucheng.inputs).site(
        Findings(gucheng),
        new=5,
        spacing_m=200.0,
        candidates="streets",
        services_per_site=4,
        time_limit_s=300.0,
    )


def test_a_run_with_the_proposals_gains_what_was_promised(sited: ProposedSites) -> None:
    plan = sited.plan
    assert len(plan.proposals) == 5
    assert plan.solution.status is Status.OPTIMAL
    assert plan.gain > 1000
    assert sited.measured_gain == pytest.approx(plan.gain, abs=EXACT)
    served = sum(row.served for row in rows_of(sited.before.results.main) if row.need is not None)
    assert plan.before == pytest.approx(served, abs=EXACT)
    assert plan.bound == pytest.approx(plan.after, abs=EXACT)


def test_each_proposal_says_what_it_adds(sited: ProposedSites) -> None:
    plan = sited.plan
    gains = [each.gain for each in plan.proposals]
    assert gains == sorted(gains, reverse=True)
    assert sum(gains) == pytest.approx(plan.gain, abs=EXACT)
    for each in plan.proposals:
        assert 1 <= len(each.services) <= 4
        for parts in (
            each.gain_by_service.values(),
            each.gain_by_kind.values(),
            dict(each.gain_by_block).values(),
        ):
            assert sum(parts) == pytest.approx(each.gain, abs=EXACT)
        assert set(each.gain_by_service) <= set(each.services)
        assert {block for block, _ in each.gain_by_block} <= set(each.within_reach)
    curve = plan.curve
    assert curve is not None
    assert curve.new_sites.tolist() == [0, 1, 2, 3, 4, 5]
    assert curve.served[-1] == pytest.approx(plan.gain, abs=EXACT)
    assert (curve.gain >= -EXACT).all()
    assert (curve.bound >= curve.served - EXACT).all()


def test_each_service_gains_what_its_own_judgments_say(sited: ProposedSites) -> None:
    before, after = sited.before.results, sited.after.results
    ids = [service.id for service in before.inputs.services]
    for number, service in enumerate(ids):
        promised = sum(each.gain_by_service.get(service, 0.0) for each in sited.plan.proposals)
        found = sum(
            after.main.judgment(block, number).served - before.main.judgment(block, number).served
            for block in range(len(before.blocks))
        )
        assert found == pytest.approx(promised, abs=EXACT), service


def test_proposals_in_words(sited: ProposedSites) -> None:
    results, plan = sited.before.results, sited.plan
    for each in plan.proposals:
        zh, en = (explanation(results, plan, each, language) for language in ("zh", "en"))
        assert "设站" in zh
        assert "open a station with" in en
        assert f"{int(np.floor(each.gain + 0.5)):,}人·项" in zh
        assert isinstance(not_fixed(sited.after.results, plan, each, "en"), str)
    lines = sited.summary_lines()
    assert "已证明为最优" in lines[1]
    assert len(summary(results, sited.after.results, plan, "en")) == len(lines)
    block = Unreachable(0, plan.services[0], "adult", 3.0, Hindrance.OFF_NETWORK)
    assert hindrance_text(results, block, "en") == "no walkable way within 100 m"
    assert hindrance_text(
        results, replace(block, hindrance=Hindrance.NOT_ACCESSIBLE), "zh"
    ).startswith("有备选位置")


def test_files_of_a_plan(sited: ProposedSites, tmp_path: Path) -> None:
    page = sited.write(tmp_path / "out")
    assert page.name == "index.html"
    table = pd.read_csv(page.parent / "proposals.csv", encoding="utf-8-sig")
    assert table["rank"].tolist() == [1, 2, 3, 4, 5]
    assert table["gain"].sum() == pytest.approx(sited.plan.gain, abs=3)
    by_service = table[[f"gain_{service}" for service in sited.plan.services]].sum(axis=1)
    assert (by_service - table["gain"]).abs().max() <= len(sited.plan.services)
    assert table["explanation"].str.len().min() > 20
    layer = gpd.read_file(page.parent / "layers.gpkg", layer="proposals")
    assert layer.crs == "EPSG:4326"
    assert layer["id"].tolist() == table["id"].tolist()
    curve = pd.read_csv(page.parent / "curve.csv", encoding="utf-8-sig")
    assert curve["new_stations"].tolist() == [0, 1, 2, 3, 4, 5]
    facts = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))
    assert facts["siting"]["gain_promised"] == facts["siting"]["gain_measured_by_running_again"]
    assert {"proposals.csv", "curve.csv", "unreachable.csv"} <= set(facts["files"])
    again = tmp_path / "again"
    sited.write(again)
    for name in ("proposals.csv", "curve.csv", "index.html", "layers.gpkg", "run.json"):
        assert (again / name).read_bytes() == (page.parent / name).read_bytes(), name


def _rooms(results: Results, count: int, **said: object) -> tuple[Room, ...]:
    """Rooms in the middle of the blocks that lack most services, the worst first."""
    failing = [
        (
            sum(
                results.main.judgment(b, s).share < 0.2 for s in range(len(results.inputs.services))
            ),
            -b,
        )
        for b in range(len(results.blocks))
    ]
    worst = [-b for _, b in sorted(failing, reverse=True)[:count]]
    points = [results.blocks[b].geometry.representative_point() for b in worst]
    return tuple(
        Room(f"R{n}", f"Room {n}", at.x, at.y, cost=100.0, **said)
        for n, at in enumerate(points, start=1)
    )  # type: ignore[arg-type]


def test_rooms_hold_as_many_services_as_fit_and_cost_what_they_cost(gucheng: Results) -> None:
    rooms = _rooms(gucheng, 8, area_m2=75.0, floor=1)
    found = Study(gucheng.inputs).site(
        Findings(gucheng), candidates="rooms", rooms=rooms, budget=250.0, service_m2=30.0
    )
    assert len(found.plan.stations) == 2
    assert found.plan.solution.cost == 200.0
    assert all(len(each.services) <= 2 for each in found.plan.proposals)
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
    assert found.proposals["cost"].tolist() == [100.0, 100.0]

    # 50 are left, and a third room costs 100: the one that adds most of those that are not taken
    further = found.plan.too_dear
    assert further is not None
    assert (further.short, further.proposal.cost) == (50.0, 100.0)
    three = Study(gucheng.inputs).site(
        Findings(gucheng), candidates="rooms", rooms=rooms, budget=300.0, service_m2=30.0
    )
    assert three.plan.gain >= found.plan.gain + further.proposal.gain - EXACT
    lines = found.summary_lines()
    assert "预算250，花费200，剩余50" in lines
    assert [line for line in lines if line.startswith("预算再增加50，可新设站点")]


def test_an_upper_floor_without_elevator_serves_no_wheelchair(gucheng: Results) -> None:
    walkers = ("adult", "wheelchair")
    settings = replace(gucheng.inputs.settings, walkers=walkers)
    inputs = replace(gucheng.inputs, settings=settings, walkers=preset_walkers())
    ground, upstairs = (_rooms(gucheng, 4, floor=floor, elevator=False) for floor in (1, 3))
    run = Study(inputs).run()
    for chosen in (("adult",), ("wheelchair",), walkers):
        found = Study(run.results.inputs).site(
            run, candidates="rooms", rooms=ground, new=2, walkers=chosen
        )
        assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
        assert found.plan.gain > 0
    stairs = Study(run.results.inputs).site(
        run, candidates="rooms", rooms=upstairs, new=2, walkers=("wheelchair",)
    )
    assert stairs.plan.gain == 0
    assert not stairs.plan.proposals
    assert {one.hindrance for one in stairs.plan.unreachable} >= {Hindrance.NOT_ACCESSIBLE}


@pytest.mark.parametrize("places", [8.0, 40.0])
def test_a_new_offer_that_fills_up_serves_what_the_run_counts(
    gucheng: Results, places: float
) -> None:
    needs = tuple(replace(need, places_per_1000=12.0) for need in gucheng.inputs.needs)
    crowded = Study(replace(gucheng.inputs, needs=needs)).run()
    assert {row.verdict for row in rows_of(crowded.results.main)} >= {Verdict.FULL}
    rooms = tuple(
        replace(room, capacity=90.0) if room.id == "R1" else room for room in _rooms(gucheng, 12)
    )
    found = Study(crowded.results.inputs).site(
        crowded,
        candidates="rooms",
        rooms=rooms,
        new=4,
        services_per_site=2,
        station_capacity=places,
        add_services=1,
    )
    assert found.plan.problem.partial
    assert found.plan.gain > 100
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
    for each in found.plan.proposals:
        parts = (
            each.gain_by_service.values(),
            each.gain_by_kind.values(),
            dict(each.gain_by_block).values(),
        )
        assert [sum(part) for part in parts] == pytest.approx([each.gain] * 3, abs=EXACT)
    new = {offer.station: offer.capacity for offer in found.plan.offers}
    assert {new[station.id] for station in found.plan.stations} <= {places, 90.0}
    endless = Study(crowded.results.inputs).site(
        crowded,
        candidates="rooms",
        rooms=_rooms(gucheng, 12),
        new=4,
        services_per_site=2,
        add_services=1,
    )
    assert endless.plan.gain > found.plan.gain + 1


def test_a_room_smaller_than_the_standard_asks_holds_no_such_service(gucheng: Results) -> None:
    needs = tuple(
        replace(need, min_area_m2=80.0) for need in gucheng.inputs.needs if need.service == "*"
    )
    assert needs
    asked = Study(replace(gucheng.inputs, needs=needs)).run()
    small, large = (_rooms(gucheng, 4, area_m2=area) for area in (79.0, 80.0))
    assert (
        Study(asked.results.inputs).site(asked, candidates="rooms", rooms=large, new=1).plan.gain
        > 0
    )
    assert (
        Study(asked.results.inputs).site(asked, candidates="rooms", rooms=small, new=1).plan.gain
        == 0
    )


def test_services_may_be_added_to_standing_stations(gucheng: Results) -> None:
    found = Study(gucheng.inputs).site(
        Findings(gucheng), candidates="rooms", rooms=_rooms(gucheng, 3), new=1, add_services=1
    )
    added = [each for each in found.plan.proposals if each.extends]
    assert added
    assert all(len(each.services) == 1 for each in added)
    assert len(found.plan.stations) <= 1
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
    assert set(found.proposals["action"]) <= {"new_station", "add_services"}


def test_what_cannot_be_decided_is_said(gucheng: Results) -> None:
    findings = Findings(gucheng)
    for wishes, told in (
        ({}, "how many stations"),
        ({"new": 2, "services": ("dinner",)}, "none of this study's"),
        ({"new": 2, "walkers": ("wheelchair",)}, "not judged in this study"),
        (
            {"new": 2, "candidates": "rooms", "rooms": (Room("R", "far", 150.5, 24.0),)},
            "lies on the streets",
        ),
        ({"new": 2, "candidates": "rooms", "rooms": ()}, "no room is listed"),
        ({"new": 0}, "new = 0; ask for 1 station or more"),
        ({"new": -1, "add_services": 2}, "'-1' is out of range"),
        ({"budget": -5.0, "new": 1}, "'-5' is out of range"),
        ({"budget": 70.0}, "a budget of 70 limits nothing where stations have no price"),
        (
            {"budget": 5.0, "candidates": "rooms", "rooms": _rooms(gucheng, 2)},
            "budget of 5 pays for nothing: .* 100;",
        ),
        (
            {"budget": 5.0, "station_cost": 4.0, "service_cost": 2.0, "spacing_m": 400.0},
            "costs 6; raise the budget",
        ),
    ):
        with pytest.raises(InvalidValueError, match=told):
            Study(findings.results.inputs).site(findings, **wishes)  # type: ignore[arg-type]
    unsurveyed = tuple(replace(service, complete=False) for service in gucheng.inputs.services)
    blind = Findings(replace(gucheng, inputs=replace(gucheng.inputs, services=unsurveyed)))
    with pytest.raises(InvalidValueError, match="none is surveyed"):
        Study(blind.results.inputs).site(blind, new=2)


def test_names_of_new_stations_are_free(gucheng: Results) -> None:
    taken = Station("P1", "already", Tier.MICRO, None, (), gucheng.stations[0].geometry, False, {})
    run = Study(replace(gucheng.inputs, stations=(*gucheng.inputs.stations, taken))).run()
    found = Study(run.results.inputs).site(run, candidates="rooms", rooms=_rooms(gucheng, 3), new=1)
    assert found.plan.stations[0].id == "P1+"


@pytest.mark.data
def test_dachang_by_blocks(test_data: Path, tmp_path: Path) -> None:
    """Drafted from the extract, every service declared surveyed, nobody counted: blocks count."""
    folder = tmp_path / "dachang"
    draft(test_data / "osm" / "shanghai_baoshan_dachang.osm.pbf", folder, name="大场")
    file = folder / "study.toml"
    text = file.read_text(encoding="utf-8")
    file.write_text(
        text.replace("complete = false", "complete = true"), encoding="utf-8", newline=os.linesep
    )
    found = read_study(folder).site(new=5, spacing_m=150.0, time_limit_s=20.0)
    plan = found.plan
    assert plan.weighs_blocks
    assert len(plan.stations) == 5
    assert plan.gain > 50
    assert plan.gap < 0.1
    assert found.measured_gain == pytest.approx(plan.gain, abs=EXACT)
    assert "锦龙苑南区" in set(found.unreachable["block_name"])
    assert set(found.unreachable["reason"]) == {"off_network"}


def test_a_room_off_the_streets_is_told(gucheng: Results) -> None:
    rooms = (*_rooms(gucheng, 2), Room("far", "over the hills", 150.02, 23.72))
    found = Study(gucheng.inputs).site(Findings(gucheng), candidates="rooms", rooms=rooms, new=1)
    assert found.plan.notes == (
        "rooms away from the streets that count, and so no candidates: far",
    )
    assert "· 不在有效路网附近、因而不作为备选点的房源：far" in found.summary_lines()
