"""Who gains and who loses by what is proposed, as a table: the content of effects.csv."""

from __future__ import annotations

import numpy as np
import pandas as pd

from walkshed.model.results import Results
from walkshed.needs.measures.effects import EVERYBODY, NOBODY, effects
from walkshed.reports.declared import GAIN, TEXT, Column, frame_of
from walkshed.reports.figures import whole_numbers

EFFECTS_COLUMNS = (
    Column("group", TEXT, "人群；people 为全体居民", "group of people; people: all residents"),
    Column("walker", TEXT, "行走方式", "how they walk"),
    Column("block_id", TEXT, "小区编号", "id of the block"),
    Column("block_name", TEXT, "小区名称", "name of the block"),
    Column("kind", TEXT, "小区类型", "kind of block"),
    Column("service", TEXT, "服务编号", "id of the service"),
    Column("unit", TEXT, "计数单位：people 人，blocks 小区", "what is counted: people or blocks"),
    Column("before", GAIN, "之前达标的人数", "people served before"),
    Column("after", GAIN, "之后达标的人数", "people served after"),
    Column("gained", GAIN, "新增达标的人数", "people who gain the service"),
    Column("lost", GAIN, "失去达标的人数", "people who lose the service"),
    Column(
        "gained_in_doubt",
        GAIN,
        "新增中原结论待核实的人数",
        "those of gained whose verdict before was to be checked",
    ),
)


def effects_frame(before: Results, after: Results) -> pd.DataFrame:
    """Return one row per walker or group, block and service where somebody gains or loses, home by home.

    All residents by each walker come first, then each group by its own; the study's order of blocks
    and services.
    """
    blocks_count = before.main.matrix.weighs_blocks
    changes = effects(before, after)
    places = [np.nonzero((each.gained > NOBODY) | (each.lost > NOBODY)) for each in changes]

    def printed(name: str) -> object:
        values = [getattr(each, name)[place] for each, place in zip(changes, places, strict=True)]
        column = np.concatenate([np.empty(0), *values])
        return np.round(column, 1) if blocks_count else whole_numbers(column)

    rows = [
        (each, int(block), int(service))
        for each, place in zip(changes, places, strict=True)
        for block, service in zip(*place, strict=True)
    ]
    services = before.inputs.services
    columns = {
        "group": [each.group for each, _, _ in rows],
        "walker": [each.walker for each, _, _ in rows],
        "block_id": [before.blocks[block].id for _, block, _ in rows],
        "block_name": [before.blocks[block].name for _, block, _ in rows],
        "kind": [before.blocks[block].kind for _, block, _ in rows],
        "service": [services[service].id for _, _, service in rows],
        "unit": [
            "blocks" if blocks_count and each.group == EVERYBODY else "people"
            for each, _, _ in rows
        ],
        "before": printed("before"),
        "after": printed("after"),
        "gained": printed("gained"),
        "lost": printed("lost"),
        "gained_in_doubt": printed("gained_in_doubt"),
    }
    return frame_of(columns, EFFECTS_COLUMNS)
