"""What to do about centers upstairs as tables: the content of upgrades.csv and frontier.csv."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.labels import Label
from walkshed.model.plans.proposals import SitePlan
from walkshed.model.results import Results
from walkshed.needs.measures.effects import in_doubt
from walkshed.reports.declared import (
    DEGREES,
    GAIN,
    GAP,
    NUMBER,
    TENTHS,
    TEXT,
    WHOLE,
    Column,
    column_of,
    frame_of,
)
from walkshed.reports.figures import whole_numbers
from walkshed.reports.plans.proposals import (
    PROPOSALS_COLUMNS,
    UNIT,
    printed_gain,
    printed_heads,
    unit_of,
)
from walkshed.siting.planning.upgrading import Upgrades, frontier
from walkshed.siting.solver.upgrades import UpgradePlan
from walkshed.words.proposals import explanation, left_as_it_is, not_fixed

_RULED = Label("no_losers 为 true 时", "where no_losers is true")
UPGRADES_COLUMNS = (
    Column("center", TEXT, "站点编号", "id of the station"),
    Column("name", TEXT, "站点名称", "name of the station"),
    Column("action", TEXT, "做什么；leave 为不动", "what is done; leave for nothing"),
    Column("target", TEXT, "搬到哪里", "where it moves to"),
    Column("cost", NUMBER, "费用", "cost"),
    Column("loss", GAIN, "方案若少了它所失的惠及量", "what the plan would lose without it"),
    Column("lon", DEGREES, "经度（WGS84）", "longitude (WGS84)"),
    Column("lat", DEGREES, "纬度（WGS84）", "latitude (WGS84)"),
    Column("plan_cost", NUMBER, "全方案的费用", "cost of the whole plan"),
    Column("before", TENTHS, "之前的达标量", "what is served before"),
    Column("after", TENTHS, "之后的达标量", "what is served after"),
    Column(
        "bound", TENTHS, "预算内任何方案都不超过的达标量", "what no plan within the budget exceeds"
    ),
    Column("status", TEXT, "求解状态", "status of the solution"),
    Column("walkers", TEXT, "行走方式", "for which walkers"),
    Column("study", TEXT, "项目", "the study"),
    Column("rank", WHOLE, "名次", "rank"),
    Column("services", TEXT, "服务，以分号分隔", "its services, ; between"),
    UNIT,
    Column("gain", GAIN, "名次在前者之外的新增惠及量", "its gain beyond the acts of lower rank"),
    Column("gain_<service>", GAIN, "其中该服务", "the part of one service"),
    Column("gain_kind_<kind>", GAIN, "其中该类小区", "the part of one kind of block"),
    Column("obtained", TEXT, "房源如何取得", "how the room is obtained"),
    Column("gap", GAP, "与上界的差距", "how far the plan may lie from the best"),
    Column("not_fixed", TEXT, "仍未解决的，一句话", "what it does not mend, in words"),
    Column("explanation", TEXT, "说明，一句话", "why, in words"),
    column_of("plan_gain_in_doubt", PROPOSALS_COLUMNS),
    Column(
        "more_without_rule",
        TENTHS,
        "不设“无人受损”规则可多达标的量（该规则的代价）",
        "what more would be served without the rule that nobody may lose: its price",
        _RULED,
    ),
    Column(
        "lost_without_rule_<walker>",
        GAIN,
        "不设该规则将失去服务的人数，按行走方式",
        "people who would lose a service without that rule, by walker",
        _RULED,
    ),
)
FRONTIER_COLUMNS = (
    Column("budget", NUMBER, "预算", "the budget"),
    Column("cost", NUMBER, "最优方案的费用", "what the best plan costs"),
    UNIT,
    Column("gain", GAIN, "最优方案的惠及量", "what it gains"),
    Column("bound", GAIN, "任何方案都不超过的惠及量", "what no plan's gain exceeds"),
    Column("gap", GAP, "与上界的差距", "how far the plan may lie from the best"),
    Column("status", TEXT, "求解状态", "status of the solution"),
    Column("acts", TEXT, "做哪些事", "what it does"),
)

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
        "lon": [station.geometry.centroid.x for station in stations],
        "lat": [station.geometry.centroid.y for station in stations],
        "plan_cost": [program.cost] * count,
        "before": [program.before] * count,
        "after": [program.after] * count,
        "bound": [program.bound] * count,
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
        "gap": [plan.gap] * count,
        "not_fixed": [
            *(not_fixed(after, plan, row, language) for row in acts),
            *("" for _ in idle),
        ],
        "explanation": [
            *(explanation(results, plan, row, language) for row in acts),
            *(left_as_it_is(each.station, language) for each in idle),
        ],
        "plan_gain_in_doubt": printed_heads(plan, [in_doubt(results, after, plan).gained] * count),
    }
    return frame_of(columns | _price(results, plan, count), UPGRADES_COLUMNS)


def _price(results: Results, plan: SitePlan, count: int) -> dict[str, Any]:
    """Return ``count`` times what the rule costs that nobody may lose: what more would gain, who would lose."""
    free = plan.without_rule
    if free is None:
        return {}
    losing = {
        f"lost_without_rule_{walker}": printed_heads(plan, [free.lost.get(walker, 0.0)] * count)
        for walker in results.answers
    }
    return {"more_without_rule": [max(free.after - plan.after, 0.0)] * count} | losing


def _gap(plan: UpgradePlan) -> float:
    """Return how much more than the plan's gain the best could add, as a share of it; nan where nothing is gained."""
    gain, more = plan.after - plan.before, max(0.0, plan.bound - plan.after)
    if gain > 0:
        return more / gain
    return 0.0 if more < EXACT else float("nan")


def frontier_frame(
    found: Upgrades, budgets: Sequence[float] | None = None, *, time_limit_s: float
) -> pd.DataFrame:
    """Return one row per budget: what the best plan for it costs and gains, its bound and status, and what it does."""
    # equal parts of the budget, unless the planner names some
    whole = found.program.budget
    asked = tuple(whole * part / PARTS for part in range(PARTS + 1))
    if budgets is not None:
        asked = tuple(budgets)

    plans = frontier(found, asked, time_limit_s=time_limit_s)
    plan = found.proposals
    columns = {
        "budget": [float(each) for each in asked],
        "cost": [each.cost for each in plans],
        "unit": [unit_of(plan)] * len(plans),
        "gain": printed_gain(plan, [each.after - each.before for each in plans]),
        "bound": printed_gain(plan, [each.bound - each.before for each in plans]),
        "gap": [_gap(each) for each in plans],
        "status": [each.solution.status.value for each in plans],
        "acts": [";".join(_acts(each)) for each in plans],
    }
    return frame_of(columns, FRONTIER_COLUMNS)


def _acts(plan: UpgradePlan) -> list[str]:
    """Return what a plan does, without the centers that stay as they are."""
    changes = [name for name in plan.choices.values() if not name.endswith(": leave")]
    opened = [f"{opening}: {len(services)} services" for opening, services in plan.opened.items()]
    return [*changes, *opened]
