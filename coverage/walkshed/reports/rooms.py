"""Rooms and places: who would come to each offer, what a standard asks, and rooms per 100 households."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.offers import station_homes
from walkshed.reports.figures import tenths, whole_numbers


def capacity_frame(results: Results) -> pd.DataFrame:
    """Return one row per offer whose places or rooms are known: who would come, what is asked, what is short.

    ``people`` would come (E2SFCA with weights 1, 0.68 and 0.22 per third of the limit, each person
    shared among the offers in reach); ``people_full`` of them find no room, and would need
    ``places_short``. What a standard asks is missing where it asks nothing. Nobody comes to what is
    closed at the moment ``at`` ("" for any time).
    """
    rows = [
        {
            "station": results.stations[each.station].id,
            "name": results.stations[each.station].name,
            "service": results.inputs.services[each.service].id,
            "places": each.places,
            "people": each.people,
            "people_full": each.people_full,
            "places_required": _up(each.places_required),
            "places_short": _up(each.places_short),
            "area_m2": each.area_m2,
            "area_required_m2": each.area_required_m2,
            "area_short_m2": _short(each.area_required_m2, each.area_m2),
            "at": results.inputs.settings.at,
        }
        for each in results.main.capacity
    ]
    columns = [
        "station",
        "name",
        "service",
        "places",
        "people",
        "people_full",
        "places_required",
        "places_short",
    ]
    frame = pd.DataFrame.from_records(
        rows, columns=[*columns, "area_m2", "area_required_m2", "area_short_m2", "at"]
    )
    return frame.assign(**{name: whole_numbers(frame[name].astype(float)) for name in columns[3:]})


def rooms_frame(results: Results) -> pd.DataFrame:
    """Return one row per community: households, service rooms of its stations, and square meters per 100 households.

    Stations count for the community they name, else for that of the block in which they stand.
    ``stations`` are those, ``stations_without_area`` those of them whose rooms nobody has measured:
    where that is all of them the square meters are missing, not 0. ``required`` and ``short_m2``
    are missing where the standard asks nothing of communities.
    """
    rule = results.inputs.community_rule
    homes = station_homes(results.stations, results.blocks, results.network)
    area: dict[tuple[str, str], float] = {}
    count: dict[tuple[str, str], list[bool]] = {}
    for station, home in zip(results.stations, homes):
        block = results.blocks[home] if home >= 0 else None
        community = station.community or (block.community if block else "")
        subdistrict = station.subdistrict or (block.subdistrict if block else "")
        if community:
            key = (subdistrict, community)
            count.setdefault(key, []).append(station.area_m2 is None)
            area[key] = area.get(key, 0.0) + (station.area_m2 or 0.0)
    households: dict[tuple[str, str], float] = {}
    for each in results.blocks:
        if each.community and each.households is not None:
            key = (each.subdistrict, each.community)
            households[key] = households.get(key, 0.0) + each.households
    required = math.nan if rule is None else rule.area_m2_per_100_households
    rows: list[dict[str, Any]] = []
    for key in sorted({*area, *households}):
        unknown = count.get(key, [])
        homes_of, rooms = (
            households.get(key, math.nan),
            math.nan if unknown and all(unknown) else area.get(key, 0.0),
        )
        rows.append(
            {
                "subdistrict": key[0],
                "community": key[1],
                "households": homes_of,
                "area_m2": rooms,
                "per_100_households_m2": float(tenths(rooms / homes_of * 100))
                if homes_of > 0
                else math.nan,
                "required_m2": required,
                "short_m2": float(tenths(_short(required * homes_of / 100, rooms))),
                "stations": len(unknown),
                "stations_without_area": sum(unknown),
            }
        )
    columns = [
        "subdistrict",
        "community",
        "households",
        "area_m2",
        "per_100_households_m2",
        "required_m2",
        "short_m2",
    ]
    columns += ["stations", "stations_without_area"]
    return pd.DataFrame.from_records(rows, columns=columns)


def _up(value: float) -> float:
    """Return whole places, rounded up: half a place serves nobody."""
    return math.ceil(value - 1e-9) if math.isfinite(value) else value


def _short(required: float, there: float) -> float:
    return (
        max(0.0, required - there) if math.isfinite(required) and math.isfinite(there) else math.nan
    )
