"""Re-sited centers: the content of ``relocations.csv`` and ``relocations_by_means.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.labels import MEANS
from walkshed.model.results import Results
from walkshed.model.town.relocations import bare_name, mergers
from walkshed.needs.measures.relocations import totals_by_means
from walkshed.reports.declared import COUNT, MAYBE, NUMBER, TEXT, WHOLE, Column, frame_of_rows

_MEANS = " ".join(MEANS)
RELOCATIONS_COLUMNS = (
    Column("center", TEXT, "中心名称", "the center"),
    Column(
        "station_id",
        TEXT,
        "站点编号；不是本项目站点为空",
        "its station; empty for none of the study",
    ),
    Column("communities", TEXT, "社区，以分号分隔", "its communities, ; between"),
    Column(
        "counted_as",
        TEXT,
        "撤并后按此社区统计；未撤并为空",
        "the community as which they count since they merged; empty where they did not",
    ),
    Column("means", TEXT, f"落地方式：{_MEANS}", f"the means: {_MEANS}"),
    Column("old_address", TEXT, "原址", "the address before"),
    Column("old_floor", WHOLE, "原楼层", "the floor before"),
    Column("new_address", TEXT, "现址", "the address now"),
    Column("new_floor", WHOLE, "现楼层", "the floor now"),
    Column("old_area_m2", NUMBER, "原面积（平方米）", "square meters before"),
    Column("new_area_m2", NUMBER, "现面积（平方米）", "square meters now"),
    Column("completed", TEXT, "完成时间；空为未注明", "when it was done; empty where nobody says"),
    Column("visits_before", NUMBER, "落地前日均接待量", "visits a day before"),
    Column("visits_after", NUMBER, "落地后日均接待量", "visits a day after"),
    Column("step_free", MAYBE, "是否做了无障碍改造", "whether it was made step-free"),
)
BY_MEANS_COLUMNS = (
    Column("means", TEXT, f"落地方式：{_MEANS}；空为合计", f"the means: {_MEANS}; empty for all"),
    Column("centers", COUNT, "中心数", "centers"),
    Column("completed", COUNT, "其中已完成", "those that are done"),
    Column("with_area", COUNT, "前后面积都填了的", "those that state both areas"),
    Column("area_before_m2", NUMBER, "其原面积合计（平方米）", "their square meters before"),
    Column("area_after_m2", NUMBER, "其现面积合计（平方米）", "their square meters now"),
    Column("with_floors", COUNT, "前后楼层都填了的", "those that state both floors"),
    Column("upstairs_before", COUNT, "其中原不在首层", "those of them off the ground floor before"),
    Column("upstairs_after", COUNT, "其中现不在首层", "those of them off the ground floor now"),
    Column("with_visits", COUNT, "前后接待量都填了的", "those that state both counts of visits"),
    Column("visits_before", NUMBER, "其落地前日均接待量合计", "their visits a day before"),
    Column("visits_after", NUMBER, "其落地后日均接待量合计", "their visits a day after"),
)


def relocations_frame(results: Results) -> pd.DataFrame:
    """Return one row per center of the ledger, the columns of ``relocations.csv``."""
    kept = results.inputs.ledgers.relocations
    into = mergers(kept)

    rows = []
    for each in kept:
        merged = [into.get((each.subdistrict, bare_name(old)), "") for old in each.communities]
        rows.append(
            {
                "center": each.center,
                "station_id": each.station,
                "communities": ";".join(each.communities),
                "counted_as": ";".join(dict.fromkeys(name for name in merged if name)),
                "means": each.means,
                "old_address": each.old_address,
                "old_floor": each.old_floor,
                "new_address": each.new_address,
                "new_floor": each.new_floor,
                "old_area_m2": each.old_area_m2,
                "new_area_m2": each.new_area_m2,
                "completed": each.completed,
                "visits_before": each.visits_before,
                "visits_after": each.visits_after,
                "step_free": each.step_free,
            }
        )
    return frame_of_rows(rows, RELOCATIONS_COLUMNS)


def by_means_frame(results: Results) -> pd.DataFrame:
    """Return one row per means and one for all, the columns of ``relocations_by_means.csv``."""
    totals = totals_by_means(results.inputs.ledgers.relocations)
    names = [column.name for column in BY_MEANS_COLUMNS]
    rows = [{name: getattr(each, name) for name in names} for each in totals]
    return frame_of_rows(rows if results.inputs.ledgers.relocations else [], BY_MEANS_COLUMNS)
