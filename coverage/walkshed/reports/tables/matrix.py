"""The service matrix in long form: the content of ``matrix.csv``."""

from __future__ import annotations

import numpy as np
import pandas as pd

from walkshed.model.results import Results
from walkshed.reports.columns import by_block, by_service, chosen
from walkshed.reports.declared import FLAG, TEXT, WHOLE, Column, frame_of
from walkshed.reports.figures import hubs

MATRIX_COLUMNS = (
    Column("station", TEXT, "站点编号", "id of the station"),
    Column("name", TEXT, "站点名称", "name of the station"),
    Column("tier", TEXT, "站点层级", "tier of the station"),
    Column("hub", TEXT, "所属枢纽；空为无", "the top station above it; empty for none"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("offered", FLAG, "本站是否提供", "whether the station offers it"),
    Column(
        "people_in_reach",
        WHOLE,
        "该项服务标准限值之内的人数",
        "people within the limit of the service's standard",
    ),
    Column(
        "unique_gain",
        WHOLE,
        "仅由本站覆盖的人数",
        "people who would lose the service if the station offered it no more",
    ),
    Column(
        "potential",
        WHOLE,
        "增设可惠及人数",
        "people who would gain the service if the station offered it",
    ),
    Column(
        "twin", TEXT, "使仅由本站覆盖人数为零的另一站点", "the station that makes its unique gain 0"
    ),
    Column("counts", TEXT, "计数单位：people 人，blocks 小区", "what is counted: people or blocks"),
    Column("walker", TEXT, "行走方式", "how everybody walks"),
    Column("at", TEXT, "时刻；空为不限时", "the moment; empty for any time"),
    Column(
        "limit",
        TEXT,
        "该项服务标准的限值；各类小区不同时以分号分隔",
        "the limits of the service's standard; ; between those of several kinds of block",
    ),
)


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
        "people_in_reach": matrix.people_in_reach.ravel(),
        "unique_gain": matrix.unique_gain.ravel(),
        "potential": matrix.potential.ravel(),
        "twin": chosen([station.id for station in stations], matrix.twin),
        "counts": "blocks" if matrix.weighs_blocks else "people",
        "walker": results.main.walker,
        "at": results.inputs.settings.at,
        "limit": by_service(_limits(results), len(stations)),
    }
    return frame_of(columns, MATRIX_COLUMNS)


def _limits(results: Results) -> list[str]:
    """Return the limits by which each service is judged, smallest first: ``300 m;500 m``; "" where none is."""
    judgments = results.main.judgments
    told: list[str] = []
    for service in range(judgments.shape[1]):
        used = np.unique(judgments.need[:, service])
        needs = [judgments.needs[place] for place in used.tolist() if place >= 0]
        limits = sorted({(need.unit, need.limit) for need in needs})
        told.append(";".join(f"{limit:g} {unit}" for unit, limit in limits))
    return told
