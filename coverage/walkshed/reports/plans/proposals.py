"""Proposed stations as tables: the content of proposals.csv, curve.csv, unreachable.csv and the layer of proposals."""

from __future__ import annotations

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from walkshed.model.labels import Label
from walkshed.model.plans.proposals import Proposal, SitePlan
from walkshed.model.results import Results
from walkshed.needs.measures.effects import InDoubt, in_doubt
from walkshed.reports.columns import objects, shared
from walkshed.reports.declared import (
    COUNT,
    DEGREES,
    GAIN,
    GAP,
    METERS,
    NUMBER,
    TENTHS,
    TEXT,
    WEIGHTED,
    WHOLE,
    Column,
    column_of,
    drawn_frame,
    frame_of,
    frame_of_rows,
)
from walkshed.reports.figures import whole_numbers
from walkshed.siting.planning.places import area_asked_m2
from walkshed.words.proposals import explanation, hindrance_text, not_fixed, place_text

_WALKS = Label("目标为步行距离时", "where the goal is walks")
UNIT = Column("unit", TEXT, "惠及量的单位", "in what gains are counted")
PROPOSALS_COLUMNS = (
    Column("rank", COUNT, "名次", "rank"),
    Column("id", TEXT, "站点编号", "id of the station"),
    Column("name", TEXT, "站点名称", "name of the station"),
    Column("action", TEXT, "做什么", "what is done"),
    Column("place", TEXT, "地点，一句话", "where, in words"),
    Column("streets", TEXT, "旁边的街道，以分号分隔", "streets beside it, ; between"),
    Column("subdistrict", TEXT, "街道", "subdistrict"),
    Column("community", TEXT, "社区", "community"),
    Column("lon", DEGREES, "经度（WGS84）", "longitude (WGS84)"),
    Column("lat", DEGREES, "纬度（WGS84）", "latitude (WGS84)"),
    Column("candidate", TEXT, "备选点类型", "kind of candidate"),
    Column("services", TEXT, "服务，以分号分隔", "its services, ; between"),
    UNIT,
    Column(
        "gain", GAIN, "名次在前者之外的新增惠及量", "its gain beyond the proposals of lower rank"
    ),
    Column("gain_<service>", GAIN, "其中该服务", "the part of one service"),
    Column("gain_kind_<kind>", GAIN, "其中该类小区", "the part of one kind of block"),
    Column("blocks_gaining", COUNT, "受惠小区数", "blocks that gain"),
    Column("cost", NUMBER, "费用", "cost"),
    Column("area_m2", NUMBER, "面积（平方米）", "floor area, square meters"),
    Column("floor", WHOLE, "楼层", "floor"),
    Column("obtained", TEXT, "房源如何取得", "how the room is obtained"),
    Column("plan_gain", GAIN, "全方案的惠及量", "gain of the whole plan"),
    Column("bound", GAIN, "任何方案都不超过的惠及量", "what no plan's gain exceeds"),
    Column("gap", GAP, "与上界的差距", "how far the plan may lie from the best"),
    Column("status", TEXT, "求解状态", "status of the solution"),
    Column("not_fixed", TEXT, "仍未解决的，一句话", "what it does not mend, in words"),
    Column("explanation", TEXT, "为何选它，一句话", "why there, in words"),
    Column(
        "area_required_m2",
        NUMBER,
        "标准要求的面积（平方米）",
        "square meters that the standard asks for",
    ),
    Column("goal", TEXT, "目标", "the goal"),
    Column("walk_before_m", METERS, "之前的步行距离", "the walk before", _WALKS),
    Column("walk_after_m", METERS, "之后的步行距离", "the walk after", _WALKS),
    Column(
        "walk_bound_m", METERS, "任何方案都不低于的步行距离", "what no plan's walk is below", _WALKS
    ),
    Column(
        "plan_gain_in_doubt",
        GAIN,
        "全方案另使结论待核实者新增达标的人数",
        "those whose verdict is to be checked who gain by the whole plan",
    ),
    Column("people_gain", GAIN, "惠及人数，不计权重", "people who gain, not weighted", WEIGHTED),
)
CURVE_COLUMNS = (
    Column("new_stations", COUNT, "新建站点数", "new stations"),
    Column("gain", TENTHS, "最优方案的惠及量", "what the best plan gains"),
    Column("added", TENTHS, "比少建一个多惠及的", "what one more station adds"),
    Column("bound", TENTHS, "上界", "what no plan exceeds"),
    Column("status", TEXT, "求解状态", "status of the solution"),
)
UNREACHABLE_COLUMNS = (
    Column("block_id", TEXT, "小区编号", "id of the block"),
    Column("block_name", TEXT, "小区名称", "name of the block"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("walker", TEXT, "行走方式", "how people walk"),
    Column("unit", TEXT, "计数单位：people 人，blocks 小区", "what is counted: people or blocks"),
    Column("worth", GAIN, "覆盖不到的人数（或小区）", "people (or blocks) out of reach"),
    Column("reason", TEXT, "原因", "the reason"),
    Column("zh", TEXT, "原因，中文", "the reason in Chinese"),
    Column("en", TEXT, "原因，英文", "the reason in English"),
    *shared("doubt"),
)


def proposals_frame(results: Results, after: Results, plan: SitePlan) -> gpd.GeoDataFrame:
    """Return one row per proposal, by rank (WGS84): where, which services, what it gains, for what, what is left.

    ``gain`` counts in ``unit``: people (or blocks) once for each service gained, beyond the
    proposals of lower rank; ``gain_<service>`` and ``gain_kind_<kind>`` are its parts. ``bound`` is
    what no plan's total gain exceeds. Where needs weigh differently all of these are weighted,
    ``unit`` says so, and ``people_gain`` are the people themselves. Where the ``goal`` is walks,
    ``bound`` is everybody who could gain, ``gap`` and ``status`` are about ``walk_after_m``: no
    plan comes below ``walk_bound_m``.
    """
    language, rows = results.inputs.settings.language, plan.proposals
    kinds = sorted({kind for row in rows for kind in row.gain_by_kind})
    points = shapely.point_on_surface(objects(row.station.geometry for row in rows))

    # what is proposed, and where
    columns: dict[str, Any] = {
        "rank": np.array([row.rank for row in rows], dtype=np.int64),
        "id": [row.station.id for row in rows],
        "name": [row.station.name for row in rows],
        "action": [row.action for row in rows],
        "place": [place_text(row, language) for row in rows],
        "streets": [";".join(row.streets) for row in rows],
        "subdistrict": [row.station.subdistrict for row in rows],
        "community": [row.community for row in rows],
        "lon": shapely.get_x(points),
        "lat": shapely.get_y(points),
        "candidate": [row.kind for row in rows],
        "services": [";".join(row.services) for row in rows],
    }

    # what it gains: by service, by kind of block
    columns["unit"] = [unit_of(plan)] * len(rows)
    columns["gain"] = printed_gain(plan, [row.gain for row in rows])
    for each in plan.services:
        of_service = [row.gain_by_service.get(each, 0.0) for row in rows]
        columns[f"gain_{each}"] = printed_gain(plan, of_service)
    for kind in kinds:
        of_kind = [row.gain_by_kind.get(kind, 0.0) for row in rows]
        columns[f"gain_kind_{kind or 'unclassified'}"] = printed_gain(plan, of_kind)
    gaining = [len(row.gain_by_block) for row in rows]
    columns["blocks_gaining"] = np.array(gaining, dtype=np.int64)

    # what it takes, how good the plan is, and what it does not mend
    columns |= {
        "cost": [row.cost for row in rows],
        "area_m2": [
            np.nan if row.room is None or row.room.area_m2 is None else row.room.area_m2
            for row in rows
        ],
        "floor": whole_numbers(
            [np.nan if row.station.floor is None else row.station.floor for row in rows]
        ),
        "obtained": ["" if row.room is None else row.room.obtained for row in rows],
        "plan_gain": printed_gain(plan, [plan.gain] * len(rows)),
        "bound": printed_gain(plan, [plan.bound - plan.before] * len(rows)),
        "gap": [plan.gap] * len(rows),
        "status": [plan.solution.status.value] * len(rows),
        "not_fixed": [not_fixed(after, plan, row, language) for row in rows],
        "explanation": [explanation(results, plan, row, language) for row in rows],
        "area_required_m2": [area_required_m2(results, row) for row in rows],
        "goal": [plan.settings.goal] * len(rows),
        **{key: np.full(len(rows), meters) for key, meters in walks_of(plan).items()},
    }
    gained = in_doubt(results, after, plan).gained
    columns["plan_gain_in_doubt"] = printed_heads(plan, [gained] * len(rows))
    if plan.weighs_needs:
        columns["people_gain"] = printed_heads(plan, [row.people for row in rows])
    typed = {
        name: pd.Series(values, dtype=_dtype(name))
        for name, values in columns.items()
        if isinstance(values, list)
    }
    return drawn_frame(results, columns | typed, PROPOSALS_COLUMNS, points)


def _dtype(name: str) -> str:
    """Return the type of a column that may have no row."""
    return column_of(name, PROPOSALS_COLUMNS).kind.dtype


def area_required_m2(results: Results, row: Proposal) -> float:
    """Return the most floor area that the standard asks of a station with one of the services; nan where none."""
    services = [service for service in results.inputs.services if service.id in row.services]
    return max((area_asked_m2(results, service) for service in services), default=0.0) or float(
        "nan"
    )


def curve_frame(plan: SitePlan) -> pd.DataFrame:
    """Return one row per number of new stations: what the best such plan gains, what one more adds, and the bound."""
    curve = plan.curve
    if curve is None:
        nothing = {"new_stations": 0, "gain": 0.0, "added": 0.0, "bound": 0.0, "status": "optimal"}
        return frame_of_rows([nothing], CURVE_COLUMNS)
    columns = {
        "new_stations": curve.new_sites,
        "gain": curve.served,
        "added": curve.gain,
        "bound": curve.bound,
        "status": [solution.status.value for solution in curve.solutions],
    }
    return frame_of(columns, CURVE_COLUMNS)


def unreachable_frame(results: Results, plan: SitePlan) -> pd.DataFrame:
    """Return one row per block and service that no candidate can serve in full: how many people, and why, in words.

    ``doubt`` says why their verdict is to be checked; "" where it is certain.
    """
    rows = plan.unreachable
    columns = {
        "block_id": [results.blocks[one.block].id for one in rows],
        "block_name": [results.blocks[one.block].name for one in rows],
        "service": [one.service for one in rows],
        "walker": [one.walker for one in rows],
        "unit": ["blocks" if plan.weighs_blocks else "people"] * len(rows),
        "worth": printed_heads(plan, [one.worth for one in rows]),
        "reason": [one.hindrance.value for one in rows],
        "zh": [hindrance_text(results, one, "zh") for one in rows],
        "en": [hindrance_text(results, one, "en") for one in rows],
        "doubt": [one.doubt.value for one in rows],
    }
    return frame_of(columns, UNREACHABLE_COLUMNS)


def plan_facts(plan: SitePlan, measured_gain: float, doubted: InDoubt) -> dict[str, Any]:
    """Return the plan as plain values for run.json; wall seconds are not among them."""
    walks = {
        key: round(meters, 3) if np.isfinite(meters) else None
        for key, meters in walks_of(plan).items()
    }

    return {
        "services": list(plan.services),
        "walkers": list(plan.walkers),
        "unit": unit_of(plan),
        "candidates": plan.candidates,
        "spacing_m": plan.spacing_m,
        "new": plan.settings.new,
        "budget": plan.settings.budget,
        "goal": plan.settings.goal,
        **walks,
        "before": round(plan.before, 3),
        "after": round(plan.after, 3),
        "bound": round(plan.bound, 3),
        "gain_promised": round(plan.gain, 3),
        "gain_measured_by_running_again": round(measured_gain, 3),
        "status": plan.solution.status.value,
        "cost": round(plan.solution.cost, 3),
        "proposals": [_facts(each) for each in plan.proposals],
        "just_too_dear": _too_dear(plan),
        "price_of_no_losers": _price(plan),
        "doubt": plan.settings.doubt,
        "lacking_in_doubt": round(doubted.lacking, 3),
        "gained_in_doubt": round(doubted.gained, 3),
    }


def _price(plan: SitePlan) -> dict[str, Any] | None:
    """Return what the rule costs that nobody may lose: what more would gain, who would lose; None without it."""
    free = plan.without_rule
    if free is None:
        return None
    return {
        "after_without_rule": round(free.after, 3),
        "more_without_rule": round(max(free.after - plan.after, 0.0), 3),
        "lost_without_rule": {walker: round(lost, 3) for walker, lost in free.lost.items()},
    }


def _too_dear(plan: SitePlan) -> dict[str, Any] | None:
    """Return the act that the budget just does not pay for; None where there is none."""
    if plan.too_dear is None:
        return None
    proposal = plan.too_dear.proposal
    facts = _facts(proposal) | {"cost": round(proposal.cost, 3)}
    return facts | {"short": round(plan.too_dear.short, 3)}


def _facts(one: Proposal) -> dict[str, Any]:
    return {
        "id": one.station.id,
        "action": one.action,
        "services": list(one.services),
        "gain": round(one.gain, 3),
    }


def unit_of(plan: SitePlan) -> str:
    """Return in what gains are counted."""
    counted = "block_services" if plan.weighs_blocks else "person_services"
    return f"weighted_{counted}" if plan.weighs_needs else counted


def walks_of(plan: SitePlan) -> dict[str, float]:
    """Return what the goal of walks comes to, by name; nothing for other goals."""
    return dict(
        zip(("walk_before_m", "walk_after_m", "walk_bound_m"), plan.walk_m or (), strict=False)
    )


def printed_gain(plan: SitePlan, values: list[float]) -> Any:  # noqa: ANN401 (whole, or tenths)
    """Return gains as tables print them."""
    if plan.weighs_needs:
        return np.round(np.array(values, dtype=np.float64), 1)
    return printed_heads(plan, values)


def printed_heads(plan: SitePlan, values: list[float]) -> Any:  # noqa: ANN401 (whole, or tenths)
    """Return people (or blocks) as tables print them."""
    if plan.weighs_blocks:
        return np.round(np.array(values, dtype=np.float64), 1)
    return whole_numbers(values)
