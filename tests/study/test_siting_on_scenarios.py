"""Siting on top of a scenario: what is promised is what a run of the scenario with the plan finds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from walkshed.findings import Findings
from walkshed.inputs.study.walkers import preset_walkers
from walkshed.model.results import Results
from walkshed.study import Study

EXACT = 1e-6
#: A station closes, one moves, one is opened; services come and go; a center gets an elevator,
#: another loses its floor.
SCENARIO = """
[scenario]
name = "next year"

[[close]]
station = "M05"

[[move]]
station = "M06"
lon = 150.0035
lat = 23.6999

[[add]]
id = "N1"
name = "New one"
lon = 149.9945
lat = 23.6990
services = ["meals", "jobs"]
floor = 2
elevator = false

[[offers]]
station = "M09"
add = ["meals"]
remove = ["culture", "mediation"]

[[offers]]
station = "C5"
remove = ["meals"]

[[premises]]
station = "C2"
floor = 4
elevator = false

[[premises]]
station = "C4"
elevator = true
"""


@pytest.fixture(scope="module")
def later(gucheng: Results, tmp_path_factory: pytest.TempPathFactory) -> Findings:
    file = tmp_path_factory.mktemp("scenario") / "next.toml"
    file.write_text(SCENARIO, encoding="utf-8")
    settings = replace(gucheng.inputs.settings, walkers=("adult", "wheelchair"))
    study = Study(replace(gucheng.inputs, settings=settings, walkers=preset_walkers()))
    return study.with_scenario(file).run()


def test_proposals_on_top_of_a_scenario(later: Findings) -> None:
    study = Study(later.results.inputs)
    found = study.site(
        later, new=3, spacing_m=250.0, candidates="streets", services_per_site=3, add_services=2
    )
    assert found.plan.gain > 100
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
    extended = {each.station.id for each in found.plan.proposals if each.extends}
    assert extended
    after = {station.id: station for station in found.after.results.stations}
    assert "M05" not in after
    assert after["M06"].geometry.equals(
        next(s for s in later.results.stations if s.id == "M06").geometry
    )


def test_a_service_that_the_scenario_takes_away_may_come_back(
    later: Findings, gucheng: Results
) -> None:
    """Only M09 may change: it may offer culture again, which the scenario takes from it; N1 is the scenario's own."""
    study = Study(later.results.inputs)
    found = study.site(
        later,
        new=1,
        candidates="rooms",
        rooms=gucheng.inputs.siting.rooms[:1],
        add_services=9,
        services=("culture",),
    )
    assert {"M09", "N1"} <= {each.station.id for each in found.plan.proposals if each.extends}
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
    after = {station.id: station for station in found.after.results.stations}
    assert "culture" in after["M09"].services
    assert "mediation" not in after["M09"].services
    assert "meals" in after["M09"].services


def test_upgrades_on_top_of_a_scenario(later: Findings) -> None:
    study = Study(later.results.inputs)
    # with the rule that nobody loses, new stations alone take this budget
    found = study.upgrade(later, budget=300.0, walkers=("wheelchair",), no_losers=False)
    acts = {each.station.id: each.action for each in found.plan.proposals if each.extends}
    assert acts
    assert acts.get("C4") != "elevator"  # the scenario gives it one
    assert found.measured_gain == pytest.approx(found.plan.gain, abs=EXACT)
