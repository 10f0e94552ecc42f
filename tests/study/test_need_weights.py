"""What a need weighs: who comes first, and where to build, on a street drawn by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest

from small import lonlat, table, write_study
from walkshed.findings import Findings
from walkshed.model.plans.siting import Room
from walkshed.study import Study, read_study

SERVICES = """
[[services]]
id = "meals"
zh = "助餐"
en = "Meals"
[[services]]
id = "law"
zh = "法律"
en = "Law"
"""
#: Nobody offers law; meals are served at x = 0 only, so block A (x = 100) is served and the others
#: are not.
STATIONS = table("id,name,services", [("S1", 0, "Hall", "meals")])
BLOCKS = table(
    "id,name,people,kind,community",
    [
        ("A", 100, "Old lane", 40, "old", "East"),
        ("B", 1500, "Old court", 100, "old", "East"),
        ("C", 3500, "New court", 150, "commodity", "West"),
    ],
)
WEIGHTED = """
[[needs]]
service = "*"
limit = 500
source = "drawn"
[[needs]]
kind = "old"
service = "meals"
limit = 500
source = "drawn"
weight = 2.5
[[needs]]
kind = "old"
service = "law"
limit = 500
source = "drawn"
weight = 0.5
"""


def study(folder: Path, needs: str) -> Findings:
    write_study(folder, stations=STATIONS, blocks=BLOCKS, toml=SERVICES, needs=needs)
    return read_study(folder).run()


@pytest.fixture(scope="module")
def weighted(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return study(tmp_path_factory.mktemp("weighted"), WEIGHTED)


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Findings:
    return study(
        tmp_path_factory.mktemp("plain"), WEIGHTED.replace("2.5", "1").replace("0.5", "1.0")
    )


def test_weights_decide_no_verdict(weighted: Findings, plain: Findings) -> None:
    assert weighted.coverage.equals(plain.coverage)
    assert weighted.coverage.set_index(["block_id", "service"])["people_served"].to_dict() == {
        ("A", "meals"): 40,
        ("A", "law"): 0,
        ("B", "meals"): 0,
        ("B", "law"): 0,
        ("C", "meals"): 0,
        ("C", "law"): 0,
    }


def test_who_comes_first(weighted: Findings, plain: Findings) -> None:
    """B: 2.5 × 100 + 0.5 × 100 = 300 of 300; C: 150 + 150 = 300 of 300; A: 0.5 × 40 = 20 of 120."""
    blocks = weighted.priorities.query("level == 'block'")
    assert blocks[["rank", "id", "weighted_left_out", "weighted_share"]].to_numpy().tolist() == [
        [1, "B", 300.0, 1.0],
        [2, "C", 300.0, 1.0],
        [3, "A", 20.0, round(20 / 120, 4)],
    ]
    assert blocks["services_failing"].tolist() == ["Meals;Law", "Meals;Law", "Law"]
    kinds = weighted.priorities.query("level == 'kind'").set_index("id")
    assert kinds["weighted_left_out"].to_dict() == {"old": 320.0, "commodity": 300.0}
    assert kinds["weighted_share"].to_dict() == {"old": round(320 / 420, 4), "commodity": 1.0}
    assert kinds["people"].to_dict() == {"old": 140, "commodity": 150}
    without = plain.priorities.query("level == 'block'")
    assert without[["id", "weighted_left_out"]].to_numpy().tolist() == [
        ["C", 300.0],
        ["B", 200.0],
        ["A", 40.0],
    ]
    assert set(weighted.priorities["level"]) == {"study", "kind", "community", "block"}


def test_who_is_left_out_by_weight(weighted: Findings, plain: Findings) -> None:
    rows = weighted.left_out.query("level == 'study'").set_index("service")
    assert rows["weighted_people"].to_dict() == {"meals": 2.5 * 140 + 150, "law": 0.5 * 140 + 150}
    assert rows["weighted_left_out"].to_dict() == {"meals": 2.5 * 100 + 150, "law": 0.5 * 140 + 150}
    assert rows["weighted_share"].to_dict() == {"meals": 0.8, "law": 1.0}
    assert list(plain.left_out.columns) == [
        c for c in weighted.left_out.columns if not c.startswith("weighted_")
    ]


def test_where_to_build(weighted: Findings, plain: Findings, tmp_path: Path) -> None:
    """One station with one service, at B or at C: C gains 150 people, B 100, but B's meals weigh 2.5."""
    rooms = tuple(Room(name, name, *lonlat(x)) for name, x in (("at B", 1500.0), ("at C", 3500.0)))
    first = Study(plain.results.inputs).site(
        plain, new=1, candidates="rooms", rooms=rooms, services_per_site=1
    )
    assert [row.station.name for row in first.plan.proposals] == ["Proposal 1 (at C)"]
    assert (first.plan.gain, first.plan.people_gain, first.plan.weighs_needs) == (
        150.0,
        150.0,
        False,
    )
    found = Study(weighted.results.inputs).site(
        weighted, new=1, candidates="rooms", rooms=rooms, services_per_site=1
    )
    chosen = found.plan.proposals[0]
    assert (chosen.station.name, chosen.services) == ("Proposal 1 (at B)", ("meals",))
    assert (chosen.gain, chosen.people, chosen.people_by_service) == (
        250.0,
        100.0,
        {"meals": 100.0},
    )
    assert (found.plan.before, found.plan.gain, found.plan.total) == (
        100.0,
        250.0,
        350.0 + 150 + 70 + 150,
    )
    assert found.measured_gain == pytest.approx(250.0)
    assert "100 person-services" in chosen_words(found)
    written = pd.read_csv(
        found.write(tmp_path / "out").parent / "proposals.csv", encoding="utf-8-sig"
    )
    assert written[["unit", "gain", "people_gain"]].to_numpy().tolist() == [
        ["weighted_person_services", 250.0, 100]
    ]
    facts = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert facts["siting"]["unit"] == "weighted_person_services"
    assert "people_gain" not in first.proposals
    assert "weighed by need" in found.summary_lines()[0]


def test_what_to_bring_down(tmp_path: Path) -> None:
    """One of two centers upstairs can move: West serves 150 people then, East 100 whose meals weigh 2.5."""
    stations = table(
        "id,name,tier,services,floor,step_free",
        [
            ("E", 1450, "East", "center", "meals", 4, "no"),
            ("W", 3450, "West", "center", "meals", 4, "no"),
        ],
    )
    rooms = tuple(
        Room(name, name, *lonlat(x), floor=1, cost=10.0)
        for name, x in (("at B", 1500.0), ("at C", 3500.0))
    )
    chosen = {}
    for name, needs in (
        ("plain", WEIGHTED.replace("2.5", "1").replace("0.5", "1.0")),
        ("weighted", WEIGHTED),
    ):
        write_study(
            tmp_path / name,
            stations=stations,
            blocks=BLOCKS,
            toml=SERVICES + '[walk]\nwalkers = ["wheelchair"]\n',
            needs=needs,
        )
        found = read_study(tmp_path / name).upgrade(
            new=0, budget=10.0, candidates="rooms", rooms=rooms, services=("meals",)
        )
        plan = found.plan
        assert found.measured_gain == pytest.approx(plan.gain)
        chosen[name] = [
            (each.station.id, each.target, each.gain, each.people) for each in plan.proposals
        ]
    assert chosen["plain"] == [("W", "at C", 150.0, 150.0)]
    assert chosen["weighted"] == [("E", "at B", 250.0, 100.0)]


def test_whom_nothing_can_serve_is_told_before_solving(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    findings = study(tmp_path / "study", WEIGHTED.replace("2.5", "1").replace("0.5", "1.0"))
    asked = Study(findings.results.inputs)
    rooms = (Room("at B", "at B", *lonlat(1500.0)),)
    line = "out of reach of every candidate: 340 person-services in 2 blocks: Old lane, New court"
    said: list[str] = []
    found = asked.site(findings, new=1, candidates="rooms", rooms=rooms, say=said.append)
    assert len(said) == 1
    assert said[0].startswith(line)  # law for A; meals and law for C
    assert said[0] in found.summary_lines()
    assert sum(one.worth for one in found.plan.unreachable) == 40 + 2 * 150

    def unsolved(*_arguments: object, **_options: object) -> None:
        raise InterruptedError

    monkeypatch.setattr("walkshed.siting.planning.proposing.solve", unsolved)
    with pytest.raises(InterruptedError):
        asked.site(findings, new=1, candidates="rooms", rooms=rooms, say=said.append)
    assert said[1:] == said[:1]


def chosen_words(found: object) -> str:
    return str(found.proposals["explanation"].iloc[0])  # type: ignore[attr-defined]


def test_a_need_that_weighs_nothing_asks_for_no_station(tmp_path: Path) -> None:
    findings = study(tmp_path / "zero", WEIGHTED.replace("2.5", "0").replace("0.5", "0"))
    rooms = (Room("at B", "at B", *lonlat(1500.0)), Room("at C", "at C", *lonlat(3500.0)))
    found = Study(findings.results.inputs).site(findings, new=2, candidates="rooms", rooms=rooms)
    assert [row.station.name for row in found.plan.proposals] == ["Proposal 1 (at C)"]
    assert findings.priorities.query("level == 'block'")["id"].tolist()[0] == "C"


def test_communities_of_one_name_in_two_subdistricts_are_two(tmp_path: Path) -> None:
    blocks = table(
        "id,name,people,subdistrict,community",
        [
            ("A", 100, "Lane", 40, "Harbor", "South gate"),
            ("B", 1500, "Court", 100, "Hill", "South gate"),
        ],
    )
    write_study(tmp_path, stations=STATIONS, blocks=blocks, toml=SERVICES)
    found = read_study(tmp_path).run()
    rows = found.left_out.query("level == 'community' and service == 'meals'")
    assert rows[["name", "subdistrict", "people", "people_left_out"]].to_numpy().tolist() == [
        ["South gate", "Harbor", 40, 0],
        ["South gate", "Hill", 100, 100],
    ]
    ranked = found.priorities.query("level == 'community'")
    assert ranked[["rank", "subdistrict", "weighted_left_out"]].to_numpy().tolist() == [
        [1, "Hill", 200.0],
        [2, "Harbor", 40.0],
    ]
