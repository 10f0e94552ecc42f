"""The tables of a run: pure functions from ``Results`` to frames.

Here real people become whole people, meters tenths of a meter, and "never" an empty cell. Every
total sums the printed rows, so that a planner who adds up a column finds the number that stands
below it.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.judgments import DOUBTS
from walkshed.model.places import Block
from walkshed.model.results import Results
from walkshed.model.verdicts import REASONS
from walkshed.needs.totals import Totals, totals_by_service
from walkshed.needs.wording import source_text
from walkshed.reports.columns import (
    by_block,
    by_service,
    chosen,
    frame_of,
    judged_columns,
    reason_columns,
    whole,
)
from walkshed.reports.figures import hubs, tenths, whole_numbers
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
    "inside",
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
    ``min_share`` of them. ``inside`` is "guessed" where residents walk to ``nearest_station`` inside
    their compound, straight for want of a mapped way.
    """
    view = results.view()
    judgments, settings, blocks = view.judgments, results.inputs.settings, results.blocks
    needs, services = judgments.needs, judgments.shape[1]
    stated = np.repeat(judgments.counted, services)
    judged = judgments.counted[:, None] & (judgments.need >= 0)
    people = np.repeat(judgments.printed_people, services)
    sources = [source_text(need, settings.language) for need in needs]
    stations = [station.id for station in results.stations]

    columns = judged_columns(view) | reason_columns(judgments.printed_reasons, judged)
    columns |= {
        # who lives there, and who is served
        "people": whole(people, stated),
        "people_served": whole(judgments.printed_served, judged),
        "people_source": by_block((block.people_source.value for block in blocks), services),
        "min_share": view.answer.min_share,
        # by which rule, for whom and when
        "rule": chosen([need.rule for need in needs], judgments.need),
        "clause": chosen([need.clause for need in needs], judgments.need),
        "metric": chosen([need.metric for need in needs], judgments.need),
        "source": chosen(sources, judgments.need),
        "verified": chosen([need.verified for need in needs], judgments.need, without=None),
        "walker": view.answer.walker,
        "at": settings.at,
        "doubt": chosen([doubt.value for doubt in DOUBTS], judgments.doubt),
        # how far it is
        "reach_m": tenths(judgments.reach_m.ravel()),
        "short_m": tenths(judgments.short_m.ravel()),
        "nearest_radius_m": tenths(judgments.nearest_radius_m.ravel()),
        "share_other_metric": np.round(judgments.other_share.ravel(), 4),
        "crew_station": chosen(stations, judgments.crew_at),
        "crew_min": tenths(judgments.crew_min.ravel()),
        "crew_reach_min": tenths(judgments.crew_reach_min.ravel()),
        "inside": np.where(judgments.inside.ravel(), "guessed", ""),
        # what kind of block it is
        "kind_rule": by_block((block.kind_rule for block in blocks), services),
        "flags": by_block((";".join(block.flags) for block in blocks), services),
    }
    return frame_of(columns, COVERAGE_COLUMNS).astype({"verified": "boolean"})


def areas_frame(results: Results) -> pd.DataFrame:
    """Return one row per area and service, sorted by level, names, and service in the study's order.

    ``level`` is ``community``, ``subdistrict`` (when a block names one) or ``study``; blocks that
    name no community stand under "". ``people`` = ``people_served`` + ``people_left_out`` +
    ``people_unknown``, the last being those who are not known to be served in blocks that are not
    surveyed or have no standard. ``blocks_in_doubt`` are those of ``blocks_failing`` that are to be
    checked: a station beyond the edge of the map may serve them, or the map lacks a way. All people
    sum the whole people of ``coverage_frame``; they are missing where no block of the area has
    people. Every level sums to the same totals. ``people_out`` and ``blocks_out`` are without those
    to be checked: ``people`` = served + out + in doubt + unknown.
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
            every = totals_by_service(results.main.judgments, blocks)
            for service, found in zip(results.inputs.services, every, strict=True):
                rows.append(head | {"service": service.id} | area_totals(found))
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


def area_totals(found: Totals) -> dict[str, int | None]:
    """Return counts and whole people as tables have them; people are None where no block has any."""
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
        "people_in_doubt": found.people_in_doubt if found.counted else None,
        "people_out": found.people_out if found.counted else None,
        "blocks_out": found.blocks_out,
    }


def matrix_frame(results: Results) -> pd.DataFrame:
    """Return the service matrix in long form: one row per station and service, filled or empty.

    ``hub`` is the top station above it by ``parent`` ("" for a station that is linked to none).
    People are whole numbers; ``unique_gain`` is missing in empty cells and ``potential`` in filled
    ones. ``twin`` names the station that makes a filled cell's unique gain 0. ``counts`` says what
    is counted: people, or blocks where no block has people. Everybody counts as ``walker``, at the
    moment ``at`` ("" for any time): what is closed then gives nobody anything.
    """
    matrix, services = results.main.matrix, results.inputs.services
    stations, tops = results.stations, hubs(results.stations)
    count = len(services)
    columns = {
        "station": by_block((station.id for station in stations), count),
        "name": by_block((station.name for station in stations), count),
        "tier": by_block((str(station.tier) for station in stations), count),
        "hub": by_block((tops[station.id] for station in stations), count),
        "service": by_service((service.id for service in services), len(stations)),
        "offered": matrix.filled.ravel(),
        "people_in_reach": whole_numbers(matrix.people_in_reach.ravel()),
        "unique_gain": whole_numbers(matrix.unique_gain.ravel()),
        "potential": whole_numbers(matrix.potential.ravel()),
        "twin": chosen([station.id for station in stations], matrix.twin),
        "counts": "blocks" if matrix.weighs_blocks else "people",
        "walker": results.main.walker,
        "at": results.inputs.settings.at,
    }
    return frame_of(columns, tuple(columns))


def headline(results: Results) -> dict[str, Any]:
    """Return the numbers of the study as a whole: blocks, people, and what each service misses, all from printed rows.

    ``people_missing_something`` are the people of blocks that fail at least one service, or would
    if what is to be checked is so. ``blocks_out`` and ``people_where_out`` are sure;
    ``blocks_to_check`` and ``people_where_to_check`` are the others.
    """
    judgments = results.main.judgments
    failing, counted = judgments.failing.any(axis=1), judgments.counted
    sure = (judgments.failing & ~judgments.doubted).any(axis=1)
    people = judgments.printed_people
    every = totals_by_service(judgments)
    return {
        "blocks": len(results.blocks),
        "blocks_failing_something": int(failing.sum()),
        "blocks_without_people": int((~counted).sum()),
        "people": int(people[counted].sum()) if counted.any() else None,
        "people_missing_something": (
            int(people[counted & failing].sum()) if counted.any() else None
        ),
        "blocks_out": int(sure.sum()),
        "blocks_to_check": int((failing & ~sure).sum()),
        "people_where_out": int(people[counted & sure].sum()) if counted.any() else None,
        "people_where_to_check": (
            int(people[counted & failing & ~sure].sum()) if counted.any() else None
        ),
        "services": {
            service.id: area_totals(found)
            for service, found in zip(results.inputs.services, every, strict=True)
        },
    }


def _area_of(block: Block, level: str) -> tuple[str, str]:
    if level == "study":
        return "", ""
    return block.subdistrict, block.community if level == "community" else ""
