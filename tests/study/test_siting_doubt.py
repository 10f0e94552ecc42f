"""Those whose verdict is to be checked count apart: a street of two compounds, the larger one in doubt."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from small import lonlat, table, write_study
from walkshed.errors import InputFaultsError
from walkshed.findings import Findings
from walkshed.maps.payload.proposals import of_plan
from walkshed.model.judged.judgments import DOUBTS
from walkshed.model.judged.verdicts import Doubt
from walkshed.model.plans.siting import Room, Status
from walkshed.proposed import ProposedSites
from walkshed.study import Study, read_study

#: 1,330 m of street, and the only station 820 m beside its south end.
STREET = """<osm version="0.6"><bounds minlat="22.999" minlon="112.999" maxlat="23.013" maxlon="113.011"/>
<node id="1" version="1" lat="23.000" lon="113.000"/><node id="3" version="1" lat="23.012" lon="113.000"/>
<node id="4" version="1" lat="23.000" lon="113.008"/>
<way id="1" version="1"><nd ref="1"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="2" version="1"><nd ref="1"/><nd ref="4"/><tag k="highway" v="residential"/></way>
</osm>
"""
TOWN = """
[study]
name = "street"
language = "en"
[streets]
file = "t.osm"
beyond = "nothing"
[stations]
file = "stations.csv"
crs = "wgs84"
[blocks]
file = "blocks.csv"
crs = "wgs84"
[[services]]
id = "a"
zh = "a"
en = "a"
complete = true
[needs]
preset = "illustrative-500"
"""


@pytest.fixture
def found(tmp_path: Path) -> Findings:
    """40 people in the south, 70 in the north, too far apart for one station; the north is in doubt."""
    write_town(tmp_path, "S,south,113.0002,23.0005,40\nN,north,113.0002,23.0115,70\n")
    return in_doubt(read_study(tmp_path).run(), ("N",))


def write_town(folder: Path, blocks: str) -> None:
    """Write the street with some blocks."""
    files = {
        "t.osm": STREET,
        "study.toml": TOWN,
        "stations.csv": "id,name,tier,lon,lat,services\nS1,s,micro,113.008,23.000,a\n",
        "blocks.csv": "id,name,lon,lat,people\n" + blocks,
    }
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")


def in_doubt(found: Findings, blocks: tuple[str, ...]) -> Findings:
    """Say of some blocks that their verdicts are to be checked, and of no others."""
    results, answers = found.results, {}
    for walker, answer in results.answers.items():
        doubt = np.full(answer.judgments.doubt.shape, DOUBTS.index(Doubt.NONE), dtype=np.int8)
        named = [number for number, block in enumerate(results.blocks) if block.id in blocks]
        doubt[named] = DOUBTS.index(Doubt.EDGE)
        answers[walker] = replace(answer, judgments=replace(answer.judgments, doubt=doubt))
    return Findings(replace(results, answers=answers))


def sited(found: Findings, doubt: str, new: int = 1) -> ProposedSites:
    return Study(found.results.inputs).site(found, new=new, candidates="streets", doubt=doubt)


def test_they_are_left_out_or_weighed(found: Findings) -> None:
    apart, weighed = sited(found, "apart"), sited(found, "weigh")
    assert found.results.inputs.siting.doubt == "apart"
    assert (apart.plan.total, apart.plan.gain, apart.measured_gain) == (40.0, 40.0, 40.0)
    assert (weighed.plan.total, weighed.plan.gain, weighed.measured_gain) == (110.0, 70.0, 70.0)
    assert (apart.in_doubt.lacking, apart.in_doubt.gained) == (70.0, 0.0)
    assert (weighed.in_doubt.lacking, weighed.in_doubt.gained) == (70.0, 70.0)

    # nobody opens a second station for them, unless they are weighed
    assert len(sited(found, "apart", 2).plan.proposals) == 1
    assert sited(found, "weigh", 2).measured_gain == 110.0


def test_tables_sentences_and_the_page_tell_them_apart(found: Findings, tmp_path: Path) -> None:
    for doubt, gained, said in (
        ("apart", 0, "70 person-services lack a service, of them 0 person-services would gain it"),
        ("weigh", 70, "lack a service, of what is gained 70 person-services are theirs"),
    ):
        plan = sited(found, doubt)
        rows = plan.effects[plan.effects["group"] == "people"]
        assert rows["gained_in_doubt"].sum() == gained
        assert plan.proposals["plan_gain_in_doubt"].tolist() == [gained]
        assert any(said in line for line in plan.summary_lines())
        shown = of_plan(plan.before.results, plan.plan, plan.after.results)
        assert any(said in line for line in shown.told["en"])
        page = plan.write(tmp_path / doubt)
        facts = json.loads((page.parent / "run.json").read_text(encoding="utf-8"))["siting"]
        assert facts["doubt"] == doubt
        assert (facts["lacking_in_doubt"], facts["gained_in_doubt"]) == (70.0, gained)


def test_who_gains_is_told_apart_by_every_walker(found: Findings) -> None:
    """Both of them weighed: of the 110 who gain, 70 are in doubt."""
    lines = sited(found, "weigh", 2).summary_lines()
    assert any(
        "110 person-services (of them 70 person-services to be checked) gained" in line
        for line in lines
    )
    assert not any(
        "to be checked) gained" in line for line in sited(found, "apart").summary_lines()
    )


def test_whom_no_station_serves_stays_told(found: Findings, tmp_path: Path) -> None:
    """A room in the south: the north, in doubt, is beyond its reach, counted in the plan or not."""
    room = (Room("south", "south", 113.0, 23.0005, cost=1.0),)
    wishes = {"new": 1, "candidates": "rooms", "rooms": room}
    for doubt in ("apart", "weigh"):
        plan = Study(found.results.inputs).site(found, doubt=doubt, **wishes)
        assert plan.plan.gain == 40.0
        rows = plan.unreachable
        assert rows[["block_id", "worth", "reason", "doubt"]].to_numpy().tolist() == [
            ["N", 70, "no_candidate", "edge"]
        ]
        told = "to be checked, and out of reach of every candidate: 70 person-services in 1 block"
        assert any(line.startswith(told) for line in plan.summary_lines())

    # whom a room could serve is not among them, though the plan leaves them out
    both = (*room, Room("north", "north", 113.0, 23.0115, cost=1.0))
    plan = Study(found.results.inputs).site(found, **(wishes | {"rooms": both}))
    assert (plan.plan.gain, len(plan.unreachable)) == (40.0, 0)


def test_blocks_off_the_streets_stay_told_with_their_reason(tmp_path: Path) -> None:
    """A block 500 m from the street may stand at a way that the map lacks: to be checked, and told."""
    write_town(tmp_path, "S,south,113.0002,23.0005,40\nF,field,113.006,23.006,25\n")
    plan = read_study(tmp_path).site(new=1, candidates="streets")
    assert (plan.plan.total, plan.plan.gain) == (40.0, 40.0)
    assert plan.unreachable[["block_id", "worth", "reason", "doubt"]].to_numpy().tolist() == [
        ["F", 25, "off_network", "streets"]
    ]


def test_walks_are_those_of_whom_the_plan_counts(found: Findings, tmp_path: Path) -> None:
    """Left out, the north changes no walk: the plan is that of a town without it."""
    write_town(tmp_path, "S,south,113.0002,23.0005,40\n")
    alone = read_study(tmp_path)
    wishes = {
        "new": 1,
        "candidates": "rooms",
        "rooms": tuple(
            Room(name, name, 113.0, lat) for name, lat in (("A", 23.0008), ("B", 23.0115))
        ),
    }
    for goal in ("distance", "worst"):
        plan = Study(found.results.inputs).site(found, goal=goal, **wishes)
        of_alone = alone.site(goal=goal, **wishes)
        assert plan.plan.walk_m == pytest.approx(of_alone.plan.walk_m)
        assert [each.room.name for each in plan.plan.proposals if each.room] == ["A"]


def test_nobody_left_out_is_nobody_of_whom_the_plan_counts(found: Findings) -> None:
    """South and north are too far apart for one station: the north needs one only where it is weighed."""
    for doubt, stations in (("apart", 1), ("weigh", 2)):
        plan = Study(found.results.inputs).site(
            found, goal="all", candidates="streets", doubt=doubt
        )
        assert len(plan.plan.stations) == stations
        assert plan.plan.solution.status is Status.OPTIMAL


def test_everybody_in_doubt_asks_for_nothing(found: Findings) -> None:
    plan = sited(in_doubt(found, ("S", "N")), "apart")
    assert (plan.plan.total, plan.plan.gain, plan.plan.proposals) == (0.0, 0.0, ())
    assert any("110 person-services lack a service" in line for line in plan.summary_lines())
    assert any('doubt = "weigh" counts them' in line for line in plan.summary_lines())


def test_upgrades_leave_them_out_too(tmp_path: Path) -> None:
    """One of two centers upstairs can move: to 100 people who are sure, or to 150 in doubt."""
    stations = [
        ("E", 1450, "East", "center", "meals", 4, "no"),
        ("W", 3450, "West", "center", "meals", 4, "no"),
    ]
    write_study(
        tmp_path,
        stations=table("id,name,tier,services,floor,step_free", stations),
        blocks=table("id,name,people", [("B", 1500, "Court", 100), ("C", 3500, "Tower", 150)]),
        toml='[[services]]\nid = "meals"\nzh = "助餐"\nen = "Meals"\n'
        '[walk]\nwalkers = ["wheelchair"]\n',
    )
    study = read_study(tmp_path)
    found = in_doubt(study.run(), ("C",))
    rooms = tuple(
        Room(name, name, *lonlat(x), floor=1, cost=10.0)
        for name, x in (("at B", 1500.0), ("at C", 3500.0))
    )
    for doubt, target, gain in (("apart", "at B", 100.0), ("weigh", "at C", 150.0)):
        plan = study.upgrade(
            found, budget=10.0, new=0, candidates="rooms", rooms=rooms, doubt=doubt
        )
        assert [each.target for each in plan.plan.proposals] == [target]
        assert (plan.plan.gain, plan.measured_gain) == (gain, gain)
        lacking, gained = plan.in_doubt.lacking, plan.in_doubt.gained
        assert (lacking, gained) == (150.0, 150.0 if doubt == "weigh" else 0.0)
        assert plan.plan.unreachable == ()

    # nobody in doubt is served: the room at C is gone, and that is told
    plan = study.upgrade(found, budget=10.0, new=0, candidates="rooms", rooms=rooms[:1])
    assert [
        (found.results.blocks[one.block].id, one.worth, one.doubt) for one in plan.plan.unreachable
    ] == [("C", 150.0, Doubt.EDGE)]


def test_nothing_is_said_where_nobody_is_in_doubt(found: Findings) -> None:
    sure = Study(found.results.inputs)
    plan = sure.site(sure.run(), new=1, candidates="streets")
    assert plan.plan.gain == 70.0
    assert not any("doubt" in line for line in plan.summary_lines())


def test_another_word_is_told(tmp_path: Path) -> None:
    write_study(
        tmp_path,
        stations=table("id,name,services", [("S1", 0, "Hall", "meals")]),
        blocks=table("id,name,people", [("A", 100, "Lane", 40)]),
        toml='[siting]\ndoubt = "wiegh"\n[[services]]\nid = "meals"\nzh = "a"\nen = "a"\n',
    )
    with pytest.raises(InputFaultsError, match="weigh"):
        read_study(tmp_path)
