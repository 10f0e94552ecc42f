"""Who is left out: by kind, flag, community and subdistrict, as city check-ups (城市体检) ask; and how unevenly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.measures.totals import totals_by_service
from walkshed.reports.declared import (
    COUNT,
    METERS,
    NUMBER,
    SHARE,
    TENTHS,
    TEXT,
    WEIGHTED,
    WHOLE,
    Column,
    frame_of_rows,
)
from walkshed.reports.figures import groups
from walkshed.reports.tables.areas import area_totals
from walkshed.reports.tables.priorities import weighed_people, weighs_needs

LEFT_OUT_COLUMNS = (
    Column(
        "level",
        TEXT,
        "层级：study 全项目，kind 类型，flag 标记，subdistrict 街道，community 社区",
        "study, kind, flag, subdistrict or community",
    ),
    Column("name", TEXT, "名称", "its name"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("blocks", COUNT, "小区数", "blocks"),
    Column(
        "blocks_failing", COUNT, "未达标小区（含待核实）", "blocks failing, those to be checked too"
    ),
    Column(
        "blocks_unknown",
        COUNT,
        "待摸底或无标准的小区",
        "blocks not surveyed, or without a standard",
    ),
    Column("people", WHOLE, "人数", "people"),
    Column("people_failing", WHOLE, "未达标小区的人数", "people who live in blocks that fail"),
    Column("people_left_out", WHOLE, "未覆盖人数", "people who are not served"),
    Column(
        "<weight>",
        NUMBER,
        "小区计数之和，如工单",
        "a count of the blocks, such as work orders, summed",
    ),
    Column("<weight>_failing", NUMBER, "其中未达标小区的", "the same of blocks that fail"),
    Column(
        "weighted_people", TENTHS, "人数，计权重", "people times the weight of their need", WEIGHTED
    ),
    Column(
        "weighted_left_out", TENTHS, "未覆盖人数，计权重", "people left out, weighted", WEIGHTED
    ),
    Column(
        "weighted_to_check",
        TENTHS,
        "待核实人数，计权重",
        "people to be checked, weighted",
        WEIGHTED,
    ),
    Column(
        "weighted_share",
        SHARE,
        "未覆盖人数占比，计权重",
        "weighted_left_out as a share of weighted_people",
        WEIGHTED,
    ),
    Column("subdistrict", TEXT, "社区所属街道", "the subdistrict that a community belongs to"),
    Column("blocks_in_doubt", COUNT, "待核实的小区", "blocks that are to be checked"),
    Column("people_in_doubt", WHOLE, "待核实的人数", "people who are to be checked"),
    Column("blocks_out", COUNT, "确定未达标的小区", "blocks that surely fail"),
    Column("people_out", WHOLE, "确定未覆盖的人数", "people who surely are left out"),
    Column("people_served", WHOLE, "达标人数", "people served"),
    Column(
        "people_unknown",
        WHOLE,
        "待摸底或无标准的人数",
        "people not surveyed, or without a standard",
    ),
)
#: What tells people and blocks apart: people = out + in doubt + served + unknown.
_APART = (
    *("blocks_in_doubt", "people_in_doubt", "blocks_out", "people_out"),
    *("people_served", "people_unknown"),
)
INEQUALITY_COLUMNS = (
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("group", TEXT, "人群：people 为全体", "group of people: people are all of them"),
    Column("people", WHOLE, "人数", "people"),
    Column("people_unreached", WHOLE, "走不到任何站点的人数", "people who reach no station at all"),
    Column("median_m", METERS, "步行距离的中位数", "median walk"),
    Column(
        "worst_tenth_m",
        METERS,
        "最远十分之一居民的平均步行距离",
        "mean walk of the tenth that walks farthest",
    ),
    Column("gini", SHARE, "步行距离的基尼系数", "Gini coefficient of the walk"),
    Column("walker", TEXT, "行走方式", "how they walk"),
)
OVERLAPS_COLUMNS = (
    Column("hub", TEXT, "枢纽编号", "id of the hub"),
    Column("name", TEXT, "枢纽名称", "name of the hub"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("stations", COUNT, "枢纽内提供的站点数", "stations of the hub that offer it"),
    Column("people_once", WHOLE, "仅一个站点可达的人数", "people in reach of one of them"),
    Column("people_twice", WHOLE, "两个以上站点可达的人数", "people in reach of two or more"),
    Column(
        "second_nearest_m",
        METERS,
        "到第二近站点的步行距离（中位数）",
        "median walk to the second nearest provider",
    ),
)


def left_out_frame(results: Results) -> pd.DataFrame:
    """Return one row per level, name and service: blocks and people failing; all people sum printed rows.

    ``level`` is ``study``, ``kind``, ``flag`` (blocks may have several or none), ``subdistrict`` or
    ``community`` (with the ``subdistrict`` that it belongs to in a column of its own).
    ``people_failing`` live in blocks that fail, ``people_left_out`` are those of them (and of other
    blocks) who are not served. Of both, ``blocks_in_doubt`` and ``people_in_doubt`` are to be
    checked; ``blocks_out`` and ``people_out`` are the others, and ``people`` = out + in doubt +
    ``people_served`` + ``people_unknown``. For each weight of the study (work
    orders), ``<weight>`` and ``<weight>_failing`` sum it over the blocks. Where needs weigh
    differently, ``weighted_left_out`` are the people left out times the weight of their need,
    without those to be checked (``weighted_to_check``), and ``weighted_share`` what share that is of
    ``weighted_people``, all who need the service, weighed alike.
    """
    answer = results.main
    judgments = answer.judgments
    weighed = weighed_people(answer) if weighs_needs(judgments) else None
    weights = {
        name: np.array([block.weights.get(name, 0.0) for block in results.blocks])
        for name in sorted({name for block in results.blocks for name in block.weights})
    }
    rows: list[dict[str, Any]] = []
    for level, name, subdistrict, members in groups(results.blocks):
        every = totals_by_service(judgments, members)
        for number, service in enumerate(results.inputs.services):
            totals = area_totals(every[number])
            row: dict[str, Any] = {"level": level, "name": name, "service": service.id}
            row |= {
                key: totals[key] for key in ("blocks", "blocks_failing", "blocks_unknown", "people")
            }
            known = every[number].counted
            row["people_failing"] = every[number].people_failing if known else None
            row["people_left_out"] = totals["people_left_out"]

            # counts beside people, such as work orders
            failing = judgments.failing[members, number]
            for weight, counts in weights.items():
                row[weight] = counts[members].sum()
                row[f"{weight}_failing"] = counts[members][failing].sum()

            if weighed is not None:
                sums = weighed.sums(members, number)
                row["weighted_people"] = sums.people
                row["weighted_left_out"] = sums.left_out
                row["weighted_to_check"] = sums.to_check
                row["weighted_share"] = sums.share
            apart = {key: totals[key] for key in _APART}
            rows.append(row | {"subdistrict": subdistrict} | apart)
    return frame_of_rows(rows, LEFT_OUT_COLUMNS)


def inequality_frame(results: Results) -> pd.DataFrame:
    """Return one row per service and group: median walk, mean walk of the worst-off tenth, Gini of the walk.

    Everybody walks as an adult, a group on the streets that are open to its own ``walker``.
    """
    of_groups = results.inputs.settings.group_walkers
    rows = [
        {
            "service": results.inputs.services[each.service].id,
            "group": each.group,
            "people": each.people,
            "people_unreached": each.people_unreached,
            "median_m": each.median_m,
            "worst_tenth_m": each.worst_tenth_m,
            "gini": each.gini,
            "walker": of_groups.get(each.group, "adult"),
        }
        for each in results.main.inequality
    ]
    return frame_of_rows(rows, INEQUALITY_COLUMNS)


def overlaps_frame(results: Results) -> pd.DataFrame:
    """Return one row per hub and service: how many of its stations offer it, who is served once, who twice or more.

    ``stations`` 0 is a service that no station of the hub offers. ``second_nearest_m`` is the
    median walk to the second nearest provider for those whose nearest stands under the hub.
    """
    rows = [
        {
            "hub": results.stations[each.hub].id,
            "name": results.stations[each.hub].name,
            "service": results.inputs.services[each.service].id,
            "stations": each.stations,
            "people_once": each.people_once,
            "people_twice": each.people_twice,
            "second_nearest_m": each.second_m,
        }
        for each in results.main.overlaps
    ]
    return frame_of_rows(rows, OVERLAPS_COLUMNS)
