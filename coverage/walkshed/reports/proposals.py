"""Proposed stations as tables: the content of proposals.csv, curve.csv, unreachable.csv and the layer of proposals."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from walkshed.model.proposals import Proposal, SitePlan
from walkshed.model.results import Results
from walkshed.reports.figures import whole_numbers
from walkshed.siting.places import area_asked_m2
from walkshed.siting.wording import explanation, hindrance_text, not_fixed, place_text


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
    points = shapely.point_on_surface(_objects(row.station.geometry for row in rows))
    columns: dict[str, Any] = {
        "rank": np.array([row.rank for row in rows], dtype=np.int64),
        "id": [row.station.id for row in rows],
        "name": [row.station.name for row in rows],
        "action": [row.action for row in rows],
        "place": [place_text(row, language) for row in rows],
        "streets": [";".join(row.streets) for row in rows],
        "subdistrict": [row.station.subdistrict for row in rows],
        "community": [row.community for row in rows],
        "lon": shapely.get_x(points).round(7),
        "lat": shapely.get_y(points).round(7),
        "candidate": [row.kind for row in rows],
        "services": [";".join(row.services) for row in rows],
        "unit": [unit_of(plan)] * len(rows),
        "gain": printed_gain(plan, [row.gain for row in rows]),
        **{
            f"gain_{each}": printed_gain(plan, [row.gain_by_service.get(each, 0.0) for row in rows])
            for each in plan.services
        },
        **{
            f"gain_kind_{kind or 'unclassified'}": printed_gain(
                plan, [row.gain_by_kind.get(kind, 0.0) for row in rows]
            )
            for kind in kinds
        },
        "blocks_gaining": np.array([len(row.gain_by_block) for row in rows], dtype=np.int64),
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
        "gap": [round(plan.gap, 6)] * len(rows),
        "status": [plan.solution.status.value] * len(rows),
        "not_fixed": [not_fixed(after, plan, row, language) for row in rows],
        "explanation": [explanation(results, plan, row, language) for row in rows],
        "area_required_m2": [area_required_m2(results, row) for row in rows],
        "goal": [plan.settings.goal] * len(rows),
        **{key: np.full(len(rows), meters).round(1) for key, meters in walks_of(plan).items()},
        **(
            {"people_gain": printed_heads(plan, [row.people for row in rows])}
            if plan.weighs_needs
            else {}
        ),
    }
    crs = None if results.network.plane.planar else "EPSG:4326"
    numbers = ("cost", "area_m2", "area_required_m2", "gap")
    typed = {
        key: pd.Series(values, dtype="float64" if key in numbers else "str")
        for key, values in columns.items()
        if isinstance(values, list)
    }
    return gpd.GeoDataFrame(columns | typed, geometry=gpd.GeoSeries(points, crs=crs), crs=crs)


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
        return pd.DataFrame(
            {
                "new_stations": [0],
                "gain": [0.0],
                "added": [0.0],
                "bound": [0.0],
                "status": ["optimal"],
            }
        )
    return pd.DataFrame(
        {
            "new_stations": curve.new_sites,
            "gain": np.round(curve.served, 1),
            "added": np.round(curve.gain, 1),
            "bound": np.round(curve.bound, 1),
            "status": [solution.status.value for solution in curve.solutions],
        }
    )


def unreachable_frame(results: Results, plan: SitePlan) -> pd.DataFrame:
    """Return one row per block and service that no candidate can serve in full: how many people, and why, in words."""
    rows = plan.unreachable
    return pd.DataFrame(
        {
            "block_id": [results.blocks[one.block].id for one in rows],
            "block_name": [results.blocks[one.block].name for one in rows],
            "service": [one.service for one in rows],
            "walker": [one.walker for one in rows],
            "unit": ["blocks" if plan.weighs_blocks else "people"] * len(rows),
            "worth": printed_heads(plan, [one.worth for one in rows]),
            "reason": [one.hindrance.value for one in rows],
            "zh": [hindrance_text(results, one, "zh") for one in rows],
            "en": [hindrance_text(results, one, "en") for one in rows],
        }
    )


def plan_facts(plan: SitePlan, measured_gain: float) -> dict[str, Any]:
    """Return the plan as plain values for run.json; wall seconds are not among them."""
    return {
        "services": list(plan.services),
        "walkers": list(plan.walkers),
        "unit": unit_of(plan),
        "candidates": plan.candidates,
        "spacing_m": plan.spacing_m,
        "new": plan.settings.new,
        "budget": plan.settings.budget,
        "goal": plan.settings.goal,
        **{
            key: round(meters, 3) if np.isfinite(meters) else None
            for key, meters in walks_of(plan).items()
        },
        "before": round(plan.before, 3),
        "after": round(plan.after, 3),
        "bound": round(plan.bound, 3),
        "gain_promised": round(plan.gain, 3),
        "gain_measured_by_running_again": round(measured_gain, 3),
        "status": plan.solution.status.value,
        "cost": round(plan.solution.cost, 3),
        "proposals": [_facts(each) for each in plan.proposals],
    }


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


def printed_gain(plan: SitePlan, values: list[float]) -> Any:  # noqa: ANN401 (whole people, or tenths)
    """Return gains as tables print them."""
    return (
        np.round(np.array(values, dtype=np.float64), 1)
        if plan.weighs_needs
        else printed_heads(plan, values)
    )


def printed_heads(plan: SitePlan, values: list[float]) -> Any:  # noqa: ANN401 (whole people, or tenths of blocks)
    """Return people (or blocks) as tables print them."""
    return (
        np.round(np.array(values, dtype=np.float64), 1)
        if plan.weighs_blocks
        else whole_numbers(values)
    )


def _objects(geometries: Iterable[Any]) -> np.ndarray[Any, Any]:
    listed = list(geometries)
    array = np.empty(len(listed), dtype=object)
    array[:] = listed
    return array
