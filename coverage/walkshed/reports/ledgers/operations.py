"""Which stations run, and which compounds share one: the content of ``operations.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.rules.offers import shared_by
from walkshed.reports.declared import MAYBE, TEXT, WHOLE, Column, frame_of_rows

OPERATIONS_COLUMNS = (
    Column("station_id", TEXT, "站点编号", "the station"),
    Column("name", TEXT, "站点名称", "its name"),
    Column("tier", TEXT, "层级", "its tier"),
    Column(
        "running",
        MAYBE,
        "是否实体化运行；空为未填，按运行计",
        "whether it runs; empty where nobody says so: it counts as running",
    ),
    Column("head", MAYBE, "有无站长", "whether it has a head"),
    Column("staff", WHOLE, "常驻人数", "how many people staff it"),
    Column(
        "services_not_counted",
        TEXT,
        "因未运行而不计入的服务编号，以分号分隔",
        "services that it lists and that do not count, because it does not run; ; between",
    ),
    Column(
        "shared_by",
        TEXT,
        "以它为共用站点的小区编号，以分号分隔",
        "blocks that share it as their own, ; between",
    ),
)


def operations_frame(results: Results) -> pd.DataFrame:
    """Return one row per station, those without a place last, the columns of ``operations.csv``."""
    by_station = {each.station: each for each in results.inputs.ledgers.operations}
    sharing = shared_by(results.blocks)
    rows = []
    for station in (*results.stations, *results.inputs.unplaced):
        said = by_station.get(station.id)
        blocks = [results.blocks[number].id for number in sharing.get(station.id, [])]
        rows.append(
            {
                "station_id": station.id,
                "name": station.name,
                "tier": station.tier.value,
                "running": None if said is None else said.running,
                "head": None if said is None else said.head,
                "staff": None if said is None else said.staff,
                "services_not_counted": ";".join(station.idle_services),
                "shared_by": ";".join(blocks),
            }
        )
    return frame_of_rows(rows, OPERATIONS_COLUMNS)
