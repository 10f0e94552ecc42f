"""Siting against spopt and published optima, in one run: ``python benchmarks/siting.py [--data FOLDER]``.

Instances (seed 0) are those of tests/siting/instances.py. ``--data`` names a folder with
benchmarks/orlib_pmed. spopt gets the same answer to find, by CBC through PuLP as it comes; its
dense cost matrix is made beforehand, free of charge, and it has as long as ``LIMIT_S``. Where its
table of distances alone would take gigabytes, it is left out and said so.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

import numpy as np

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tests" / "siting"))

from instances import clustered, dense, pmed, uniform  # noqa: E402
from table import OURS, Table  # noqa: E402

from walkshed.model.plans.siting import Goal, Problem  # noqa: E402
from walkshed.siting import solve  # noqa: E402

LIMIT_S = 60.0
LARGEST_DENSE = 2_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """One engine and one instance."""

    instance: str
    engine: str
    seconds: float | None  # None: left out
    objective: float | None
    bound: float | None
    gap: float | None
    status: str


def ours(name: str, made: Problem, *, limit_s: float = 60.0) -> Row:
    answer = solve(made, time_limit_s=limit_s)
    return Row(
        name,
        f"walkshed ({answer.solver})",
        answer.seconds,
        answer.objective,
        answer.bound,
        answer.gap,
        str(answer.status),
    )


def theirs(name: str, made: Problem) -> Row:
    rows, sites = len(made.weight), len(made.site_cost)
    if rows * sites > LARGEST_DENSE:
        return Row(
            name, "spopt", None, None, None, None, f"left out: a dense matrix of {rows} x {sites}"
        )
    try:
        import pulp
        from spopt.locate import MCLP, PMedian
    except ImportError:
        return Row(
            name, "spopt", None, None, None, None, "not installed: pip install 'walkshed[peers]'"
        )
    cost = np.full((rows, sites), 2.0)
    cost[made.demand, made.option_of_pair] = 1.0 if made.goal is Goal.COVER else made.distance_m
    begun = time.perf_counter()
    if made.goal is Goal.COVER:
        model = MCLP.from_cost_matrix(cost, made.weight, 1.0, p_facilities=made.new_sites)
    else:
        model = PMedian.from_cost_matrix(cost, made.weight, p_facilities=made.new_sites)
    try:
        solved = model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=LIMIT_S)).problem
    except RuntimeError:  # what spopt makes of a solver that ran out of time
        return Row(
            name,
            "spopt (CBC)",
            time.perf_counter() - begun,
            None,
            None,
            None,
            f"none within {LIMIT_S:.0f} s",
        )
    seconds = time.perf_counter() - begun
    # PuLP calls a plan optimal that CBC had when its time ran out.
    status = pulp.LpStatus[solved.status] if seconds < LIMIT_S else f"stopped after {LIMIT_S:.0f} s"
    return Row(name, "spopt (CBC)", seconds, pulp.value(solved.objective), None, None, status)


def instances(data: str | None) -> dict[str, Problem]:
    """Return the problems by name; those of the OR-Library where their folder is given."""
    made = {
        "MCLP uniform 2,000 x 500, p = 10": uniform(2_000, 500, side_m=10_000.0, new_sites=10),
        "MCLP uniform 20,000 x 2,000, p = 20": uniform(
            20_000, 2_000, side_m=30_000.0, new_sites=20
        ),
        "MCLP clustered 20,000 x 2,000, p = 20": clustered(20_000, 2_000, new_sites=20),
    }
    for number in range(1, 9) if data else ():
        distances, p = pmed(Path(data) / "benchmarks" / "orlib_pmed", f"pmed{number}")
        made[f"p-median pmed{number}, p = {p}"] = dense(Goal.MEDIAN, distances, new_sites=p)
    return made


def solved(name: str, made: Problem) -> tuple[Row, Row]:
    return ours(name, made, limit_s=20.0 if "clustered" in name else 60.0), theirs(name, made)


def warm_up() -> None:
    ours("warm-up", uniform(200, 50, side_m=3_000.0, new_sites=3))
    ours("warm-up", dense(Goal.MEDIAN, np.random.default_rng(0).random((20, 20)), new_sites=3))


def siting(table: Table) -> None:
    """Add siting to the table of everything; the difference is that of what the plans are worth."""
    warm_up()
    for name, made in instances(None).items():
        first = table.measure(
            "siting", name, OURS, partial(ours, name, made, limit_s=20.0), repeats=1, warm_up=False
        )
        other = table.measure(
            "siting", name, "spopt (CBC)", partial(theirs, name, made), repeats=1, warm_up=False
        )
        if other.objective is None:
            table.drop()
            table.skip("spopt", f"{name}: {other.status}")
        else:
            table.compare(abs(other.objective / first.objective - 1.0) * 100.0, "% of people")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--data",
        default=os.environ.get("WALKSHED_TEST_DATA"),
        help="a folder with benchmarks/orlib_pmed",
    )
    data = parser.parse_args().data
    warm_up()
    table = []
    for name, made in instances(data).items():
        pair = solved(name, made)
        for row in pair:
            table.append(row)
            worth = "" if row.objective is None else f"{row.objective:14,.0f}"
            seconds = "" if row.seconds is None else f"{row.seconds:.2f} s"
            gap = "" if row.gap is None else f"{row.gap:8.3%}"
            print(
                f"{row.instance:40} {row.engine:24} {seconds:>10} {worth:>14} {gap:>8}  {row.status}",
                flush=True,
            )
        if pair[1].seconds is not None and pair[0].seconds:
            print(f"{name:40} {'ratio':24} {pair[1].seconds / pair[0].seconds:>9.0f}x", flush=True)
    target = ROOT / "benchmarks" / "results" / "siting.json"
    target.parent.mkdir(exist_ok=True)
    target.write_text(json.dumps([asdict(row) for row in table], indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
