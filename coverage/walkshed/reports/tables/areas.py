"""Totals of communities, subdistricts and the study: the content of ``areas.csv``, and the numbers of run.json."""

from __future__ import annotations

from typing import Any

import pandas as pd

from walkshed.model.arrays import BoolArray
from walkshed.model.results import Results
from walkshed.model.town.places import Block
from walkshed.needs.measures.totals import Totals, blocks_left, totals_by_service
from walkshed.reports.declared import COUNT, TEXT, WHOLE, Column, frame_of_rows

AREAS_COLUMNS = (
    Column(
        "level",
        TEXT,
        "层级：community 社区，subdistrict 街道，study 全项目",
        "community, subdistrict or study",
    ),
    Column("subdistrict", TEXT, "街道", "subdistrict"),
    Column("community", TEXT, "社区", "community"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("blocks", COUNT, "小区数", "blocks"),
    Column("people", WHOLE, "人数", "people"),
    Column("people_served", WHOLE, "达标人数", "people served"),
    Column(
        "people_left_out",
        WHOLE,
        "未覆盖人数（含待核实）",
        "people left out, those to be checked among them",
    ),
    Column(
        "people_unknown",
        WHOLE,
        "待摸底或无标准的人数",
        "people not surveyed, or without a standard",
    ),
    Column(
        "blocks_failing", COUNT, "未达标小区（含待核实）", "blocks failing, those to be checked too"
    ),
    Column("blocks_in_doubt", COUNT, "其中待核实的小区", "those of them that are to be checked"),
    Column(
        "blocks_unknown",
        COUNT,
        "待摸底或无标准的小区",
        "blocks not surveyed, or without a standard",
    ),
    Column("blocks_without_people", COUNT, "没有人口数的小区", "blocks whose people nobody stated"),
    Column("blocks_no_standard", COUNT, "其中无标准的小区", "blocks without a standard"),
    Column("people_in_doubt", WHOLE, "其中待核实的人数", "people who are to be checked"),
    Column("people_out", WHOLE, "确定未覆盖的人数", "people who surely are left out"),
    Column("blocks_out", COUNT, "确定未达标的小区", "blocks that surely fail"),
)


def areas_frame(results: Results) -> pd.DataFrame:
    """Return one row per area and service, sorted by level, names, and service in the study's order.

    ``level`` is ``community``, ``subdistrict`` (when a block names one) or ``study``; blocks that
    name no community stand under "". ``people`` = ``people_served`` + ``people_left_out`` +
    ``people_unknown``, the last being those who are not known to be served in blocks that are not
    surveyed or have no standard. ``blocks_in_doubt`` are those of ``blocks_failing`` that are to be
    checked: a station beyond the edge of the map may serve them, or one without a place, or the map
    lacks a way. All people
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
    return frame_of_rows(rows, AREAS_COLUMNS)


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


def headline(results: Results) -> dict[str, Any]:
    """Return the numbers of the study as a whole: blocks, people, and what each service misses, all from printed rows.

    ``people_missing_something`` are the people of blocks that fail at least one service, or would
    if what is to be checked is so. Each block is one of four: ``out`` lacks a service for sure,
    ``to_check`` lacks none so but one in doubt, ``unknown`` neither, but one is not surveyed or
    without a standard, ``served`` has all. The four are all blocks; ``people_where_…`` are all
    people.
    """
    judgments = results.main.judgments
    people, counted = judgments.printed_people, judgments.counted
    out, to_check, unknown = blocks_left(judgments)
    failing, served = out | to_check, ~(out | to_check | unknown)
    every = totals_by_service(judgments)

    def whole(of: BoolArray) -> int | None:
        """Return the people of some blocks; None where no block has any."""
        return int(people[counted & of].sum()) if counted.any() else None

    return {
        "blocks": len(results.blocks),
        "blocks_failing_something": int(failing.sum()),
        "blocks_without_people": int((~counted).sum()),
        "people": whole(counted),
        "people_missing_something": whole(failing),
        "blocks_served": int(served.sum()),
        "blocks_out": int(out.sum()),
        "blocks_to_check": int(to_check.sum()),
        "blocks_unknown": int(unknown.sum()),
        "people_where_served": whole(served),
        "people_where_out": whole(out),
        "people_where_to_check": whole(to_check),
        "people_where_unknown": whole(unknown),
        "services": {
            service.id: area_totals(found)
            for service, found in zip(results.inputs.services, every, strict=True)
        },
    }


def _area_of(block: Block, level: str) -> tuple[str, str]:
    if level == "study":
        return "", ""
    return block.subdistrict, block.community if level == "community" else ""
