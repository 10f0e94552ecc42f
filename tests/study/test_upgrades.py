"""The upstairs centers of the invented town: the best of all portfolios, and a run gains what it promises."""

from __future__ import annotations

from dataclasses import replace
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from walkshed.errors import InvalidValueError
from walkshed.inputs.walkers import preset_walkers
from walkshed.model.results import Results
from walkshed.model.siting import Status
from walkshed.siting.upgrading import Upgrades, propose_upgrades, with_upgrades
from walkshed.study import Findings, Study, run

WALKERS = ("older", "wheelchair")
BUDGET = 160.0


@pytest.fixture(scope="module")
def town(gucheng: Results) -> Results:
    """The invented town, judged for an older person and somebody in a wheelchair too."""
    settings = replace(gucheng.inputs.settings, walkers=("adult", *WALKERS))
    return Study(replace(gucheng.inputs, settings=settings, walkers=preset_walkers())).run().results


def _measured(results: Results) -> float:
    rows = (row for walker in WALKERS for row in results.by_walker[walker].rows if row.need is not None)
    return sum(row.served for row in rows) / len(WALKERS)


def _best_portfolio(found: Upgrades) -> float:
    """Return the most people that any portfolio within the budget serves, each one tried."""
    program = found.program
    best = 0.0
    masks = {}
    for choices in program.centers.values():
        for choice in choices:
            masks[choice.name] = np.zeros(len(program.weight), dtype=bool)
            masks[choice.name][choice.serves] = True
    always = np.zeros(len(program.weight), dtype=bool)
    always[program.served] = True
    counts = np.flatnonzero((program.weight > 0) & np.any([*masks.values()], axis=0) & ~always)
    patterns, group = np.unique(np.array([mask[counts] for mask in masks.values()]), axis=1, return_inverse=True)
    people = np.bincount(group.ravel(), weights=program.weight[counts])
    short = dict(zip(masks, patterns, strict=True))
    for portfolio in product(*program.centers.values()):
        names = {choice.name for choice in portfolio}
        rooms = [choice.room for choice in portfolio if choice.room]
        fits = len(set(rooms)) == len(rooms) and all(set(choice.needs) <= names for choice in portfolio)
        if fits and sum(choice.cost for choice in portfolio) <= program.budget:
            served = np.any([short[name] for name in names], axis=0)
            best = max(best, float(people[served].sum()))
    return float(program.weight[always].sum()) + best


def test_the_plan_is_the_best_of_all_portfolios(town: Results) -> None:
    settings = replace(town.inputs.siting, budget=BUDGET, walkers=WALKERS)
    assert len(settings.rooms) == 7
    found = propose_upgrades(town, settings, near_m=550.0)
    assert len(found.program.centers) == 6
    assert {each.action for each in found.listed} == {"leave", "elevator", "room", "merge"}
    assert found.plan.solution.status is Status.OPTIMAL
    assert found.plan.cost <= BUDGET
    assert found.plan.after > found.plan.before + 1000
    assert found.plan.after == pytest.approx(_best_portfolio(found), abs=1e-6)
    after = run(with_upgrades(town.inputs, found.chosen))
    assert _measured(town) == pytest.approx(found.plan.before, abs=1e-6)
    assert _measured(after) == pytest.approx(found.plan.after, abs=1e-6)


def test_upgrades_as_table_words_and_files(town: Results, tmp_path: Path) -> None:
    down = Study(town.inputs).upgrade(Findings(town), budget=60.0, walkers=("wheelchair",))
    table = down.upgrades
    assert table["center"].tolist() == ["C1", "C2", "C3", "C4", "C5", "C6"]
    assert table["cost"].sum() <= 60
    assert (table.loc[table["action"] == "leave", "loss"] == 0).all()
    lines = down.summary_lines()
    assert "乘轮椅" in lines[0]
    assert len(lines) == 7
    written = pd.read_csv(down.write(tmp_path / "out"), encoding="utf-8-sig")
    assert written["action"].tolist() == table["action"].tolist()


def test_upgrades_need_a_budget(town: Results) -> None:
    with pytest.raises(InvalidValueError, match="upgrades need a budget"):
        Study(town.inputs).upgrade(Findings(town))
