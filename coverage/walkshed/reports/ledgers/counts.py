"""People by who is counted: the content of ``population.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.labels import AGE, COUNTED
from walkshed.model.results import Results
from walkshed.reports.declared import FLAG, NUMBER, TEXT, Column, frame_of_rows

_COUNTED = " ".join(COUNTED)
COUNTS_COLUMNS = (
    Column("block_id", TEXT, "小区编号", "id of the block"),
    Column("block_name", TEXT, "小区名称", "name of the block"),
    Column(
        "basis",
        TEXT,
        f"口径：{_COUNTED}；各口径不相加",
        f"who is counted: {_COUNTED}; never to be added up",
    ),
    Column("as_of", TEXT, "截至日期；空为未注明", "the date; empty where nobody says"),
    Column("people", NUMBER, "人口", "people"),
    *(
        Column(
            f"people_{group}",
            NUMBER,
            f"其中{label.zh}",
            f"those of them who are {label.en}",
        )
        for group, label in AGE.items()
    ),
    Column(
        "used", FLAG, "评估是否用此人口", "whether these are the people by whom the study judges"
    ),
)


def counts_frame(results: Results) -> pd.DataFrame:
    """Return one row per count of the ledger, the columns of ``population.csv``."""
    names = {block.id: block.name for block in results.blocks}
    rows = [
        {
            "block_id": count.block,
            "block_name": names.get(count.block, count.block),
            "basis": count.basis,
            "as_of": count.as_of,
            "people": count.people,
            **{f"people_{group}": count.ages.get(group) for group in AGE},
            "used": count.used,
        }
        for count in results.inputs.ledgers.population
    ]
    return frame_of_rows(rows, COUNTS_COLUMNS)
