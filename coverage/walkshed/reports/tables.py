"""The tables of a run: pure functions from ``Results`` to frames.

Here real people become whole people, meters tenths of a meter, and "never" an empty cell. Every
total sums the printed rows, so that a planner who adds up a column finds the number that stands
below it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pandas as pd

from walkshed.model.coverage import Judgment
from walkshed.model.places import Block
from walkshed.model.results import Results
from walkshed.model.verdicts import REASONS
from walkshed.needs.totals import totals
from walkshed.needs.wording import cure_text, source_text
from walkshed.reports.figures import (
    has_people,
    hubs,
    is_failing,
    printed_people,
    tenths,
    whole_numbers,
)
from walkshed.reports.layers import (
    blocks_frame,
    catchments_frame,
    exits_frame,
    pieces_frame,
    reached_frame,
    stations_frame,
)

__all__ = [
    "COVERAGE_COLUMNS",
    "areas_frame",
    "blocks_frame",
    "catchments_frame",
    "coverage_frame",
    "exits_frame",
    "headline",
    "matrix_frame",
    "pieces_frame",
    "reached_frame",
    "stations_frame",
]

COVERAGE_COLUMNS: tuple[str, ...] = (
    *(
        "block_id",
        "block_name",
        "kind",
        "service",
        "people",
        "people_served",
        "share_served",
        "limit",
        "unit",
    ),
    *("nearest_station", "nearest_m", "verdict", "cure", "people_source", "min_share"),
    *(f"people_{reason.value}" for reason in REASONS),
    *("reach_m", "short_m", "rule", "clause", "metric", "verified", "walker", "doubt"),
    *(
        "source",
        "nearest_radius_m",
        "share_other_metric",
        "cure_people",
        "kind_rule",
        "flags",
        "at",
    ),
    *("crew_station", "crew_min", "crew_reach_min"),
)


def coverage_frame(results: Results) -> pd.DataFrame:
    """Return one row per block and service, the columns of ``coverage.csv`` in their order.

    People are whole numbers, missing where nobody stated them (the shares then weigh points
    equally); without a standard nobody is counted as served or not. Shares have four digits, meters
    one; what does not exist is missing. ``verdict`` and ``doubt`` are values of the enums, ``cure``
    is a sentence in the study's language, ``rule`` names the file or preset and its row.
    ``share_other_metric`` is the share by the metric that does not decide (the radius beside the
    network), ``nearest_radius_m`` the meters as the crow flies; ``cure_people`` what the cure is
    worth in residents of the whole study. For a service that comes to the door within minutes,
    ``crew_station`` is whose crew is there first, ``crew_min`` its minutes with getting ready (the
    median over residents), ``crew_reach_min`` those within which it is at the doors of
    ``min_share`` of them.
    """
    rows = [_coverage_row(results, judgment) for judgment in results.coverage.rows]
    frame = pd.DataFrame.from_records(rows, columns=list(COVERAGE_COLUMNS))
    people = [
        column for column in COVERAGE_COLUMNS if column == "people" or column.startswith("people_")
    ]
    people.remove("people_source")
    people.append("cure_people")
    numbers = (
        "share_served",
        "limit",
        "nearest_m",
        "min_share",
        "reach_m",
        "short_m",
        "nearest_radius_m",
        "share_other_metric",
        "crew_min",
        "crew_reach_min",
    )
    return frame.astype(
        dict.fromkeys(people, "Int64") | dict.fromkeys(numbers, "float64") | {"verified": "boolean"}
    )


def areas_frame(results: Results) -> pd.DataFrame:
    """Return one row per area and service, sorted by level, names, and service in the study's order.

    ``level`` is ``community``, ``subdistrict`` (when a block names one) or ``study``; blocks that
    name no community stand under "". ``people`` = ``people_served`` + ``people_left_out`` +
    ``people_unknown``, the last being those who are not known to be served in blocks that are not
    surveyed or have no standard. ``blocks_in_doubt`` are those of ``blocks_failing`` that a station
    beyond the edge of the map may serve. All people sum the whole people of ``coverage_frame``;
    they are missing where no block of the area has people. Every level sums to the same totals.
    ``blocks_no_standard`` are those of ``blocks_unknown`` to which no standard applies; the others
    are not surveyed.
    """
    levels = ["community", "study"]
    if any(block.subdistrict for block in results.blocks):
        levels.insert(1, "subdistrict")
    rows: list[dict[str, Any]] = []
    for level in levels:
        members: dict[tuple[str, str], list[int]] = {}
        for index, block in enumerate(results.blocks):
            members.setdefault(_area_of(block, level), []).append(index)
        for (subdistrict, community), blocks in sorted(members.items()):
            head = {"level": level, "subdistrict": subdistrict, "community": community}
            for number, service in enumerate(results.inputs.services):
                rows.append(head | {"service": service.id} | area_totals(results, blocks, number))
    people = ("people", "people_served", "people_left_out", "people_unknown")
    counts = (
        "blocks",
        "blocks_failing",
        "blocks_in_doubt",
        "blocks_unknown",
        "blocks_without_people",
    )
    columns = [
        "level",
        "subdistrict",
        "community",
        "service",
        "blocks",
        *people,
        *counts[1:],
        "blocks_no_standard",
    ]
    frame = pd.DataFrame.from_records(rows, columns=columns)
    return frame.astype(
        dict.fromkeys(people, "Int64") | dict.fromkeys((*counts, "blocks_no_standard"), "int64")
    )


def area_totals(results: Results, blocks: Iterable[int], service: int) -> dict[str, int | None]:
    """Return the counts and whole people of some blocks for one service; people are None where no block has any."""
    found = totals(results, blocks, service)
    return {
        "blocks": found.blocks,
        "people": found.people if found.counted else None,
        "people_served": found.people_served if found.counted else None,
        "people_left_out": found.people_left_out if found.counted else None,
        "people_unknown": found.people_unknown if found.counted else None,
        "blocks_failing": found.blocks_failing,
        "blocks_in_doubt": found.blocks_in_doubt,
        "blocks_unknown": found.blocks_unknown,
        "blocks_without_people": found.blocks_without_people,
        "blocks_no_standard": found.blocks_no_standard,
    }


def matrix_frame(results: Results) -> pd.DataFrame:
    """Return the service matrix in long form: one row per station and service, filled or empty.

    ``hub`` is the top station above it by ``parent`` ("" for a station that is linked to none).
    People are whole numbers; ``unique_gain`` is missing in empty cells and ``potential`` in filled
    ones. ``twin`` names the station that makes a filled cell's unique gain 0. ``counts`` says what
    is counted: people, or blocks where no block has people. Everybody counts as ``walker``, at the
    moment ``at`` ("" for any time): what is closed then gives nobody anything.
    """
    matrix, services = results.matrix, results.inputs.services
    tops = hubs(results.stations)
    rows = [
        {
            "station": station.id,
            "name": station.name,
            "tier": str(station.tier),
            "hub": tops[station.id],
            "service": service.id,
            "offered": bool(matrix.filled[t, s]),
            "people_in_reach": matrix.people_in_reach[t, s],
            "unique_gain": matrix.unique_gain[t, s],
            "potential": matrix.potential[t, s],
            "twin": results.stations[matrix.twin[t, s]].id if matrix.twin[t, s] >= 0 else "",
            "counts": "blocks" if matrix.weighs_blocks else "people",
            "walker": results.coverage.walker,
            "at": results.inputs.settings.at,
        }
        for t, station in enumerate(results.stations)
        for s, service in enumerate(services)
    ]
    columns = [
        "station",
        "name",
        "tier",
        "hub",
        "service",
        "offered",
        "people_in_reach",
        "unique_gain",
        "potential",
    ]
    frame = pd.DataFrame.from_records(rows, columns=[*columns, "twin", "counts", "walker", "at"])
    whole = {
        column: whole_numbers(frame[column])
        for column in ("people_in_reach", "unique_gain", "potential")
    }
    return frame.assign(**whole).astype({"offered": "bool"})


def headline(results: Results) -> dict[str, Any]:
    """Return the numbers of the study as a whole: blocks, people, and what each service misses, all from printed rows.

    ``people_missing_something`` are the people of blocks that fail at least one service.
    """
    everything = range(len(results.blocks))
    services = range(len(results.inputs.services))
    failing = [
        b for b in everything if any(is_failing(results.coverage.at(b, s)) for s in services)
    ]
    stated = [b for b in everything if has_people(results.blocks[b])]
    return {
        "blocks": len(results.blocks),
        "blocks_failing_something": len(failing),
        "blocks_without_people": len(results.blocks) - len(stated),
        "people": sum(printed_people(results, b) for b in stated) if stated else None,
        "people_missing_something": sum(printed_people(results, b) for b in failing if b in stated)
        if stated
        else None,
        "services": {
            results.inputs.services[s].id: area_totals(results, everything, s) for s in services
        },
    }


def _coverage_row(results: Results, judgment: Judgment) -> dict[str, Any]:
    settings, need = results.inputs.settings, judgment.need
    block, service = results.blocks[judgment.block], results.inputs.services[judgment.service]
    stated = has_people(block)
    judged = stated and need is not None
    reasons = {
        f"people_{reason.value}": people if judged else None
        for reason, people in zip(REASONS, judgment.printed_reasons, strict=True)
    }
    return {
        "block_id": block.id,
        "block_name": block.name,
        "kind": block.kind,
        "service": service.id,
        "people": judgment.printed_people if stated else None,
        "people_served": judgment.printed_served if judged else None,
        "share_served": round(judgment.share, 4),
        "limit": need.limit if need else None,
        "unit": need.unit if need else "",
        "nearest_station": results.stations[judgment.nearest].id if judgment.nearest >= 0 else "",
        "nearest_m": float(tenths(judgment.nearest_m)),
        "verdict": judgment.verdict.value,
        "cure": cure_text(results, judgment, settings.language),
        "people_source": block.people_source.value,
        "min_share": results.coverage.min_share,
        **reasons,
        "reach_m": float(tenths(judgment.reach_m)),
        "short_m": float(tenths(judgment.short_m)),
        "rule": need.rule if need else "",
        "clause": need.clause if need else "",
        "metric": need.metric if need else "",
        "verified": need.verified if need else None,
        "walker": results.coverage.walker,
        "doubt": judgment.doubt.value,
        "source": source_text(need, settings.language) if need else "",
        "nearest_radius_m": float(tenths(judgment.nearest_radius_m)),
        "share_other_metric": round(judgment.other_share, 4),
        "cure_people": int(judgment.mend_people + 0.5)
        if judgment.mend and not results.matrix.weighs_blocks
        else None,
        "kind_rule": block.kind_rule,
        "flags": ";".join(block.flags),
        "at": settings.at,
        "crew_station": results.stations[judgment.crew_at].id if judgment.crew_at >= 0 else "",
        "crew_min": float(tenths(judgment.crew_min)),
        "crew_reach_min": float(tenths(judgment.crew_reach_min)),
    }


def _area_of(block: Block, level: str) -> tuple[str, str]:
    if level == "study":
        return "", ""
    return block.subdistrict, block.community if level == "community" else ""
