"""Stations that are left out for want of a place: the content of ``unplaced.csv``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from walkshed.model.judged.judgments import DOUBTS
from walkshed.model.judged.verdicts import Doubt
from walkshed.model.results import Results
from walkshed.needs.judging.unplaced import may_serve
from walkshed.reports.declared import COUNT, TEXT, Column, frame_of_rows

UNPLACED_COLUMNS = (
    Column("station_id", TEXT, "站点编号", "the station"),
    Column("name", TEXT, "站点名称", "its name"),
    Column("tier", TEXT, "层级", "its tier"),
    Column("services", TEXT, "服务，以分号分隔", "its services, ; between"),
    Column("subdistrict", TEXT, "街道", "its subdistrict"),
    Column("community", TEXT, "社区", "its community"),
    Column("address", TEXT, "地址", "its address"),
    Column(
        "blocks_to_check",
        COUNT,
        "因它有一项以上服务待核实的小区",
        "blocks of which some service is to be checked for its sake",
    ),
)


def unplaced_frame(results: Results) -> pd.DataFrame:
    """Return one row per station without a place, by id, the columns of ``unplaced.csv``."""
    doubted = results.main.judgments.doubt == DOUBTS.index(Doubt.UNPLACED)
    services = [service.id for service in results.inputs.services]
    rows = []
    for station in results.inputs.unplaced:
        offered = np.array([service in station.services for service in services], dtype=bool)
        here = may_serve(station, results.blocks) & (doubted & offered).any(axis=1)
        rows.append(
            {
                "station_id": station.id,
                "name": station.name,
                "tier": station.tier.value,
                "services": ";".join(station.services),
                "subdistrict": station.subdistrict,
                "community": station.community,
                "address": station.details.get("address", ""),
                "blocks_to_check": int(here.sum()),
            }
        )
    return frame_of_rows(rows, UNPLACED_COLUMNS)
