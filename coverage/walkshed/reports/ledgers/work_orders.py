"""How soon crews were there: the content of ``work_orders.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.measures.work_orders import arrivals
from walkshed.reports.declared import COUNT, MINUTES, SHARE, TEXT, Column, frame_of_rows

WORK_ORDERS_COLUMNS = (
    Column(
        "level",
        TEXT,
        "层级：study 全部，block 小区，crew 站点或班组，kind 类型",
        "study, block, crew (a station or another crew) or kind",
    ),
    Column("id", TEXT, "编号（班组、类型为其名称）", "its id, or the name of a crew or a kind"),
    Column("name", TEXT, "名称", "its name"),
    Column("orders", COUNT, "工单数", "work orders"),
    Column(
        "orders_timed",
        COUNT,
        "其中填了到场时间的；到场率只按这些算",
        "those that say when a crew was there; the share is of these",
    ),
    Column("in_half_hour", COUNT, "其中半小时内到场的", "those with a crew there in half an hour"),
    Column("share_in_half_hour", SHARE, "半小时到场率", "the share with a crew in half an hour"),
    Column("median_min", MINUTES, "到场用时中位数", "minutes until a crew was there, median"),
)


def work_orders_frame(results: Results) -> pd.DataFrame:
    """Return one row for all orders, then one per compound, crew and kind, the columns of ``work_orders.csv``."""
    inputs = results.inputs
    stations = (*results.stations, *inputs.unplaced)
    names = {
        "block": {block.id: block.name for block in results.blocks},
        "crew": {station.id: station.name for station in stations},
    }
    rows = [
        {
            "level": each.level,
            "id": each.key,
            "name": names.get(each.level, {}).get(each.key, each.key),
            "orders": each.orders,
            "orders_timed": each.timed,
            "in_half_hour": each.in_half_hour,
            "share_in_half_hour": each.share,
            "median_min": each.median_min,
        }
        for each in arrivals(inputs.ledgers.work_orders)
    ]
    return frame_of_rows(rows, WORK_ORDERS_COLUMNS)
