"""Published instances: OR-Library's p-median optima, spopt's San Francisco, and the instances that are measured."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from siting.instances import clustered, dense, pmed, san_francisco, uniform
from walkshed.model.plans.siting import Goal, Problem, Status
from walkshed.siting import problem, solve


@pytest.mark.data
@pytest.mark.parametrize("name", [f"pmed{number}" for number in range(1, 9)])
def test_or_library(test_data: Path, name: str) -> None:
    folder = test_data / "benchmarks" / "orlib_pmed"
    with (folder / "optima.csv").open(encoding="utf-8") as file:
        optimum = {row["instance"]: float(row["optimum"]) for row in csv.DictReader(file)}[name]
    distances, p = pmed(folder, name)
    answer = solve(dense(Goal.MEDIAN, distances, new_sites=p))
    assert (answer.objective, answer.status) == (optimum, Status.OPTIMAL)
    assert len(answer.sites) == p


def _within(
    meters: np.ndarray, weight: np.ndarray, limit_m: float, goal: Goal, **conditions: object
) -> Problem:
    site, row = np.nonzero(limit_m >= meters.T)
    start = np.searchsorted(site, np.arange(meters.shape[1] + 1))
    return problem(
        goal, weight=weight, start=start, demand=row, distance_m=meters[row, site], **conditions
    )


#: Objectives of spopt 0.7.0 with PuLP 3.3.2 and CBC: LSCP, MCLP and PMedian and PCenter
#: .from_cost_matrix on the network distances (205 x 16), people POP2000; 5,000 and 8,000 m, four
#: sites. PuLP rounds the p-center's.
SPOPT = {
    "lscp_5000": 8.0,
    "lscp_8000": 3.0,
    "mclp_5000_4": 875247.0,
    "median_4": 2848268129.714512,
    "center_4": 7403.0638,
}


def _san_francisco_answers(folder: Path) -> dict[str, float]:
    meters, people = san_francisco(folder)
    answers = {
        "lscp_5000": solve(_within(meters, people, 5000.0, Goal.COVER_ALL)),
        "lscp_8000": solve(_within(meters, people, 8000.0, Goal.COVER_ALL)),
        "mclp_5000_4": solve(_within(meters, people, 5000.0, Goal.COVER, new_sites=4)),
        "median_4": solve(dense(Goal.MEDIAN, meters, weight=people, new_sites=4)),
        "center_4": solve(dense(Goal.CENTER, meters, weight=people, new_sites=4)),
    }
    assert {answer.status for answer in answers.values()} == {Status.OPTIMAL}
    return {name: answer.objective for name, answer in answers.items()}


@pytest.mark.data
def test_san_francisco_as_spopt_has_it(test_data: Path) -> None:
    found = _san_francisco_answers(test_data / "benchmarks" / "spopt_sf")
    assert found == pytest.approx(SPOPT, rel=1e-8)


@pytest.mark.data
@pytest.mark.filterwarnings("ignore")
def test_spopt_says_so_itself(test_data: Path) -> None:
    pulp = pytest.importorskip("pulp")
    locate = pytest.importorskip("spopt.locate")
    meters, people = san_francisco(test_data / "benchmarks" / "spopt_sf")
    models = {
        "lscp_5000": locate.LSCP.from_cost_matrix(meters, 5000.0),
        "lscp_8000": locate.LSCP.from_cost_matrix(meters, 8000.0),
        "mclp_5000_4": locate.MCLP.from_cost_matrix(meters, people, 5000.0, p_facilities=4),
        "median_4": locate.PMedian.from_cost_matrix(meters, people, p_facilities=4),
        "center_4": locate.PCenter.from_cost_matrix(meters, p_facilities=4),
    }
    solved = {
        name: model.solve(pulp.PULP_CBC_CMD(msg=False)).problem for name, model in models.items()
    }
    assert {name: pulp.value(done.objective) for name, done in solved.items()} == pytest.approx(
        SPOPT, rel=1e-8
    )


def test_uniform_instances_are_proven() -> None:
    for made in (
        uniform(2_000, 500, side_m=10_000.0, new_sites=10),
        uniform(20_000, 2_000, side_m=30_000.0, new_sites=20),
    ):
        answer = solve(made)
        assert (answer.status, answer.gap) == (Status.OPTIMAL, 0.0)


@pytest.mark.slow
def test_clustered_instance_is_within_two_percent() -> None:
    answer = solve(clustered(20_000, 2_000, new_sites=20), time_limit_s=20.0)
    assert answer.gap <= 0.02
    assert answer.found
