"""How compounds are governed, beside what they lack: the content of ``governance.csv``."""

from __future__ import annotations

import pandas as pd

from walkshed.model.labels import PARTY_BRANCH
from walkshed.model.results import Results
from walkshed.reports.declared import COUNT, MAYBE, TEXT, WHOLE, Column, frame_of_rows

_BRANCH = " ".join(PARTY_BRANCH)
GOVERNANCE_COLUMNS = (
    Column("block_id", TEXT, "小区编号", "id of the block"),
    Column("block_name", TEXT, "小区名称", "name of the block"),
    Column("branch", TEXT, f"党支部：{_BRANCH}；空为未填", f"party branch: {_BRANCH}, or empty"),
    Column("committee", MAYBE, "有无业委会", "whether it has an owners' committee"),
    Column("management", MAYBE, "有无物业", "whether somebody manages it"),
    Column("manager", TEXT, "物业名称", "who manages it, where named"),
    Column("funds", MAYBE, "有无维修资金", "whether it has a repair fund"),
    Column("orders", WHOLE, "年度物业类工单数", "property work orders a year"),
    Column("services_failing", COUNT, "不达标的服务类别数", "services that it fails"),
    Column(
        "people_left_out",
        WHOLE,
        "各项服务未覆盖人数之和（人·项）",
        "people left out, summed over services",
    ),
)


def governance_frame(results: Results) -> pd.DataFrame:
    """Return one row per block of the ledger, most work orders first, the columns of ``governance.csv``."""
    place = {block.id: number for number, block in enumerate(results.blocks)}
    judgments = results.main.judgments
    failing = judgments.failing
    left_out = (judgments.left_out * failing).sum(axis=1)

    # compounds without a number of orders come last
    rows = []
    kept = [row for row in results.inputs.ledgers.governance if row.block in place]
    for row in sorted(kept, key=lambda row: -1 if row.orders is None else row.orders, reverse=True):
        number = place[row.block]
        block = results.blocks[number]
        rows.append(
            {
                "block_id": block.id,
                "block_name": block.name,
                "branch": row.branch,
                "committee": row.committee,
                "management": row.management,
                "manager": row.manager,
                "funds": row.funds,
                "orders": row.orders,
                "services_failing": int(failing[number].sum()),
                "people_left_out": None if block.people is None else int(left_out[number]),
            }
        )
    return frame_of_rows(rows, GOVERNANCE_COLUMNS)
