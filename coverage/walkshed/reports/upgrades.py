"""What to do about centers upstairs as tables: the content of upgrades.csv and frontier.csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.results import Results
from walkshed.reports.figures import whole_numbers
from walkshed.reports.proposals import printed_gain, unit_of
from walkshed.siting.upgrades import UpgradePlan
from walkshed.siting.upgrading import Upgrades, frontier
from walkshed.siting.wording import explanation, left_as_it_is, not_fixed

#: Budgets of the frontier, as parts of the plan's.
PARTS = 8
#: Less than this is the rounding of sums.
EXACT = 1e-6


def upgrades_frame(results: Results, after: Results, found: Upgrades) -> pd.DataFrame:
    """Return one row per center upstairs and per new station: what is done, at what cost, whom it serves, what is left.

    Acts come in the order in which each adds most (``rank``), then the centers left as they are.
    ``gain`` counts in ``unit``: people (or blocks) once for each service, beyond the acts of lower
    rank; ``loss`` is what the plan would lose without the act alone; ``bound`` is what no portfolio
    within the budget exceeds.
    """
    language, plan, program = results.inputs.settings.language, found.proposals, found.plan
    acts = plan.proposals
    idle = [each for each in found.chosen if each.action == "leave"]
    kinds = sorted({kind for row in acts for kind in row.gain_by_kind})
    stations = [*(row.station for row in acts), *(each.station for each in idle)]
    none = [0.0] * len(idle)

    def gained(values: list[float]) -> Any:  # noqa: ANN401 (whole people, or tenths of blocks)
        return printed_gain(plan, [*values, *none])

    count = len(stations)
    columns: dict[str, Any] = {
        "center": [station.id for station in stations],
        "name": [station.name for station in stations],
        "action": [*(row.action for row in acts), *("leave" for _ in idle)],
        "target": [*(row.target for row in acts), *("" for _ in idle)],
        "cost": [*(row.cost for row in acts), *none],
        "loss": gained([row.loss for row in acts]),
        "lon": [round(station.geometry.centroid.x, 7) for station in stations],
        "lat": [round(station.geometry.centroid.y, 7) for station in stations],
        "plan_cost": [program.cost] * count,
        "before": [round(program.before, 1)] * count,
        "after": [round(program.after, 1)] * count,
        "bound": [round(program.bound, 1)] * count,
        "status": [program.solution.status.value] * count,
        "walkers": [";".join(found.walkers)] * count,
        "study": [results.inputs.settings.name] * count,
        "rank": whole_numbers([*(row.rank for row in acts), *(np.nan for _ in idle)]),
        "services": [*(";".join(row.services) for row in acts), *("" for _ in idle)],
        "unit": [unit_of(plan)] * count,
        "gain": gained([row.gain for row in acts]),
        **{
            f"gain_{each}": gained([row.gain_by_service.get(each, 0.0) for row in acts])
            for each in plan.services
        },
        **{
            f"gain_kind_{kind or 'unclassified'}": gained(
                [row.gain_by_kind.get(kind, 0.0) for row in acts]
            )
            for kind in kinds
        },
        "obtained": [
            *("" if row.room is None else row.room.obtained for row in acts),
            *("" for _ in idle),
        ],
        "gap": [round(plan.gap, 6)] * count,
        "not_fixed": [
            *(not_fixed(after, plan, row, language) for row in acts),
            *("" for _ in idle),
        ],
        "explanation": [
            *(explanation(results, plan, row, language) for row in acts),
            *(left_as_it_is(each.station, language) for each in idle),
        ],
    }
    return pd.DataFrame(columns)


def _gap(plan: UpgradePlan) -> float:
    """Return how much more than the plan's gain the best could add, as a share of it; nan where nothing is gained."""
    gain, more = plan.after - plan.before, max(0.0, plan.bound - plan.after)
    return round(more / gain, 6) if gain > 0 else 0.0 if more < EXACT else float("nan")


def frontier_frame(
    found: Upgrades, budgets: Sequence[float] | None = None, *, time_limit_s: float
) -> pd.DataFrame:
    """Return one row per budget: what the best plan for it costs and gains, its bound and status, and what it does."""
    whole = found.program.budget
    asked = (
        tuple(budgets)
        if budgets is not None
        else tuple(whole * part / PARTS for part in range(PARTS + 1))
    )
    plans = frontier(found, asked, time_limit_s=time_limit_s)
    plan = found.proposals
    return pd.DataFrame(
        {
            "budget": [float(each) for each in asked],
            "cost": [each.cost for each in plans],
            "unit": [unit_of(plan)] * len(plans),
            "gain": printed_gain(plan, [each.after - each.before for each in plans]),
            "bound": printed_gain(plan, [each.bound - each.before for each in plans]),
            "gap": [_gap(each) for each in plans],
            "status": [each.solution.status.value for each in plans],
            "acts": [
                ";".join(
                    [*(name for name in each.choices.values() if not name.endswith(": leave"))]
                    + [
                        f"{opening}: {len(services)} services"
                        for opening, services in each.opened.items()
                    ]
                )
                for each in plans
            ],
        }
    )
