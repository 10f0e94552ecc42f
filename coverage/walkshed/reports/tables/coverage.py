"""Coverage, block by block and service by service: the content of ``coverage.csv``.

Here real people become whole people, meters tenths of a meter, and "never" an empty cell. Every
total sums the printed rows, so that a planner who adds up a column finds the number that stands
below it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from walkshed.model.judged.judgments import DOUBTS
from walkshed.model.results import Results
from walkshed.reports.columns import (
    REASON_COLUMNS,
    by_block,
    chosen,
    judged_columns,
    reason_columns,
    shared,
    whole,
)
from walkshed.reports.declared import (
    MAYBE,
    METERS,
    MINUTES,
    NUMBER,
    SHARE,
    TEXT,
    Column,
    frame_of,
)

COVERAGE_COLUMNS: tuple[Column, ...] = (
    *shared("block_id", "block_name", "kind", "service", "people", "people_served"),
    *shared("share_served", "limit", "unit", "nearest_station", "nearest_m", "verdict", "cure"),
    Column(
        "people_source",
        TEXT,
        "人口来源：given 填报，estimated 估算，none 无",
        "where the people come from: given, estimated or none",
    ),
    Column("min_share", NUMBER, "达标人口比例的要求", "the share that must be served"),
    *REASON_COLUMNS,
    Column(
        "reach_m",
        METERS,
        "要求比例的居民在此距离之内",
        "the distance within which min_share of the people lie",
    ),
    Column("short_m", METERS, "还差多少米", "the meters short"),
    Column("rule", TEXT, "依据：文件或预设及其条目", "the rule: a file or preset, and its row"),
    Column("clause", TEXT, "标准条款", "the clause of the standard"),
    Column(
        "metric",
        TEXT,
        "距离：network 沿路网，radius 直线",
        "the metric that decides: network, or radius as the crow flies",
    ),
    Column("verified", MAYBE, "出处是否已核实", "whether somebody verified the rule"),
    Column("walker", TEXT, "行走方式", "how people walk"),
    *shared("doubt"),
    Column("source", TEXT, "标准出处", "where the standard comes from"),
    Column(
        "nearest_radius_m",
        METERS,
        "到最近站点的直线距离",
        "meters to the nearest station as the crow flies",
    ),
    Column(
        "share_other_metric",
        SHARE,
        "按另一种距离的达标人口比例",
        "share of people served by the metric that does not decide",
    ),
    *shared("cure_people"),
    Column("kind_rule", TEXT, "小区类型的依据", "by which rule the block is of its kind"),
    Column("flags", TEXT, "小区标记，以分号分隔", "flags of the block, ; between"),
    Column("at", TEXT, "时刻；空为不限时", "the moment; empty for any time"),
    Column(
        "crew_station",
        TEXT,
        "最先上门的站点",
        "for a service at the door: whose crew is there first",
    ),
    Column(
        "crew_min",
        MINUTES,
        "最先上门用时（含准备，居民的中位数）",
        "its minutes with getting ready, median over residents",
    ),
    Column(
        "crew_reach_min",
        MINUTES,
        "要求比例的居民在此时间内等到上门",
        "minutes within which it is at the doors of min_share of them",
    ),
    Column(
        "inside",
        TEXT,
        "小区内步行：guessed 为按直线推定",
        "guessed where residents walk straight inside their compound, for want of a mapped way",
    ),
    Column(
        "basis",
        TEXT,
        "依据类别：national_standard 国家标准，local_standard 地方标准，policy 政策文件，"
        "draft 征求意见稿，local_practice 地方做法；空为未注明",
        "what the rule stands on: national_standard, local_standard, policy, draft, "
        "local_practice; empty where nobody says",
    ),
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
    sources = [need.source_in(settings.language) for need in needs]
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
        "basis": chosen([need.basis or "" for need in needs], judgments.need),
        "metric": chosen([need.metric for need in needs], judgments.need),
        "source": chosen(sources, judgments.need),
        "verified": chosen([need.verified for need in needs], judgments.need, without=None),
        "walker": view.answer.walker,
        "at": settings.at,
        "doubt": chosen([doubt.value for doubt in DOUBTS], judgments.doubt),
        # how far it is
        "reach_m": judgments.reach_m.ravel(),
        "short_m": judgments.short_m.ravel(),
        "nearest_radius_m": judgments.nearest_radius_m.ravel(),
        "share_other_metric": judgments.other_share.ravel(),
        "crew_station": chosen(stations, judgments.crew_at),
        "crew_min": judgments.crew_min.ravel(),
        "crew_reach_min": judgments.crew_reach_min.ravel(),
        "inside": np.where(judgments.inside.ravel(), "guessed", ""),
        # what kind of block it is
        "kind_rule": by_block((block.kind_rule for block in blocks), services),
        "flags": by_block((";".join(block.flags) for block in blocks), services),
    }
    return frame_of(columns, COVERAGE_COLUMNS)
