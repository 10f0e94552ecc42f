"""Small random problems with every condition, and the published instances."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np

from walkshed.model.plans.siting import Goal, Problem, State
from walkshed.siting import problem


def anything(
    seed: int,
    goal: Goal,
    *,
    capacities: bool = False,
    services: bool = True,
    shares: bool = False,
    apart: bool = False,
) -> Problem:
    """A random problem: up to 12 options; standing, required and forbidden ones; costs, budget, slots, groups."""
    rng = np.random.default_rng([seed, list(Goal).index(goal), capacities, services])
    options = int(rng.integers(1, 9 if capacities else 13))
    rows = int(rng.integers(1, 16))
    sites = max(1, int(rng.integers(options // 3, options + 1))) if services else options
    site = np.sort(rng.integers(0, sites, options)) if services else np.arange(options)
    reach = rng.random((options, rows)) < rng.choice([0.15, 0.3, 0.6])
    if goal in {Goal.MEDIAN, Goal.CENTER} or rng.random() < 0.5:
        # most problems have an answer
        reach[rng.integers(0, options, rows), np.arange(rows)] = True
    if goal in {Goal.MEDIAN, Goal.CENTER} and rng.random() < 0.7:
        reach[:] = True
    option, row = np.nonzero(reach)
    state = rng.choice(
        [State.FREE, State.STANDING, State.REQUIRED, State.FORBIDDEN],
        sites,
        p=[0.75, 0.1, 0.08, 0.07],
    )
    option_state = np.full(options, State.FREE)
    if services:
        stands = (state[site] == State.STANDING) & (rng.random(options) < 0.6)
        option_state = np.where(
            stands, State.STANDING, rng.choice([0, 2, 3], options, p=[0.9, 0.04, 0.06])
        )
    group = np.full(options, -1)
    prerequisite: list[tuple[int, int]] = []
    if services and rng.random() < 0.4:
        group[rng.random(options) < 0.5] = int(rng.integers(0, 2))
        group[option_state == State.STANDING] = -1
        prerequisite = [
            (int(a), int(b))
            for a, b in rng.integers(0, options, (int(rng.integers(0, 3)), 2))
            if a != b
        ]
    whole = rng.random() < 0.5
    weight = rng.integers(0, 30, rows).astype(float) if whole else rng.random(rows) * 30
    budget = float(rng.integers(0, 25)) if rng.random() < 0.5 else None
    return problem(
        goal,
        weight=weight,
        start=np.concatenate([[0], np.cumsum(reach.sum(axis=1))]),
        demand=row,
        distance_m=rng.integers(1, 400, len(option)) if whole else rng.random(len(option)) * 400,
        share=np.random.default_rng([seed, 7]).choice([0.2, 0.35, 0.5, 1.0], len(option))
        if shares
        else None,
        option_site=site if services else None,
        option_cost=rng.integers(0, 6, options) if services and rng.random() < 0.7 else None,
        option_capacity=np.where(rng.random(options) < 0.7, rng.integers(5, 80, options), np.inf)
        if capacities
        else None,
        option_state=option_state if services else None,
        site_cost=rng.integers(0, 8, sites) if rng.random() < 0.7 else np.ones(sites),
        site_state=state,
        site_slots=rng.integers(1, 4, sites) if services and rng.random() < 0.7 else None,
        group=group,
        prerequisite=prerequisite,
        new_sites=int(rng.integers(0, 5)) if budget is None or rng.random() < 0.5 else None,
        budget=budget,
        leave_out_unreachable=bool(rng.random() < 0.5),
        apart=_near(sites, np.random.default_rng([seed, 11])) if apart else None,
    )


def _near(sites: int, rng: np.random.Generator) -> np.ndarray:
    """Pairs of sites closer than 300 m, strewn over a square of 800 m."""
    xy = rng.random((sites, 2)) * 800.0
    gaps = np.hypot(*(xy[:, None] - xy[None]).transpose(2, 0, 1))
    return np.argwhere(np.triu(gaps < 300.0, 1))


def dense(
    goal: Goal, distance_m: np.ndarray, *, weight: np.ndarray | None = None, **conditions: object
) -> Problem:
    """A plain problem from a matrix of distances, (rows, sites)."""
    rows, sites = distance_m.shape
    return problem(
        goal,
        weight=np.ones(rows) if weight is None else weight,
        start=np.arange(sites + 1) * rows,
        demand=np.tile(np.arange(rows), sites),
        distance_m=distance_m.T.ravel(),
        **conditions,
    )


def pmed(folder: Path, name: str) -> tuple[np.ndarray, int]:
    """An OR-Library p-median instance: (distances between all nodes, p); of edges given twice the last counts."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import shortest_path

    numbers = np.array((folder / f"{name}.txt").read_text(encoding="utf-8").split(), dtype=np.int64)
    nodes, _, p = numbers[:3]
    edges = {
        tuple(sorted((int(u), int(v)))): float(cost) for u, v, cost in numbers[3:].reshape(-1, 3)
    }
    ends = np.array(list(edges)) - 1
    graph = coo_array((list(edges.values()), (ends[:, 0], ends[:, 1])), shape=(nodes, nodes))
    return shortest_path(graph.tocsr(), directed=False), int(p)


def san_francisco(folder: Path) -> tuple[np.ndarray, np.ndarray]:
    """spopt's instance: (205 tracts x 16 stores meters, people of the tracts), in the order of the files."""
    with (folder / "SF_demand_205_centroid_uniform_weight.csv").open(encoding="utf-8") as file:
        tracts = list(csv.DictReader(file))
    with (folder / "SF_store_site_16_longlat.csv").open(encoding="utf-8") as file:
        stores = {row["NAME"]: number for number, row in enumerate(csv.DictReader(file))}
    number = {row["NAME"]: position for position, row in enumerate(tracts)}
    meters = np.full((len(tracts), len(stores)), np.inf)
    with (folder / "SF_network_distance_candidateStore_16_censusTract_205_new.csv").open(
        encoding="utf-8"
    ) as file:
        for row in csv.DictReader(file):
            meters[number[row["DestinationName"]], stores[row["name"]]] = float(row["distance"])
    return meters, np.array([float(row["POP2000"]) for row in tracts])


def uniform(
    rows: int, sites: int, *, side_m: float, new_sites: int, limit_m: float = 800.0, seed: int = 0
) -> Problem:
    """MCLP: demand and sites uniform in a square, whole weights from 1 to 399."""
    rng = np.random.default_rng(seed)
    points, places = rng.uniform(0, side_m, (rows, 2)), rng.uniform(0, side_m, (sites, 2))
    return _coverage(points, places, rng.integers(1, 400, rows), limit_m, new_sites)


def clustered(
    rows: int, sites: int, *, new_sites: int, limit_m: float = 1_250.0, seed: int = 0
) -> Problem:
    """MCLP: 40 cluster centers uniform in 12 km; demand normal around them (700 m), sites likewise (900 m)."""
    rng = np.random.default_rng(seed)
    centers = rng.uniform(0, 12_000.0, (40, 2))
    points = centers[rng.integers(0, 40, rows)] + rng.normal(0, 700.0, (rows, 2))
    places = centers[rng.integers(0, 40, sites)] + rng.normal(0, 900.0, (sites, 2))
    return _coverage(points, places, rng.integers(1, 400, rows), limit_m, new_sites)


def _coverage(
    points: np.ndarray, places: np.ndarray, weight: np.ndarray, limit_m: float, new_sites: int
) -> Problem:
    from scipy.spatial import cKDTree

    reached = [np.sort(rows) for rows in cKDTree(points).query_ball_point(places, limit_m)]
    return problem(
        Goal.COVER,
        weight=weight,
        start=np.concatenate([[0], np.cumsum([len(rows) for rows in reached])]),
        demand=np.concatenate(reached).astype(np.int64),
        new_sites=new_sites,
    )
