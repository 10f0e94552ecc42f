"""What changed between two ways of judging, service by service: the table to read before ``changes.csv``."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.arrays import IntArray
from walkshed.model.judged.judgments import Judgments
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.labels import Language
from walkshed.model.results import Results, View
from walkshed.reports.columns import shared
from walkshed.reports.compared.changes import STUDY, changes_between, matched
from walkshed.reports.declared import COUNT, TEXT, Column, empty_frame, frame_of_rows
from walkshed.words.answers.changes import counted_whys
from walkshed.words.verdicts import limit_of, walker_name

FAILING_COLUMNS = (
    Column(
        "blocks_failing_before",
        COUNT,
        "之前未达标的小区（含待核实）",
        "blocks failing before, those to be checked too",
    ),
    Column(
        "blocks_failing_after",
        COUNT,
        "之后未达标的小区（含待核实）",
        "blocks failing after, those to be checked too",
    ),
)
#: What makes served, failing, to be checked and not judged all blocks and all people, before and after.
UNSURE_COLUMNS = (
    Column("blocks_in_doubt_before", COUNT, "之前待核实的小区", "blocks to be checked before"),
    Column("blocks_in_doubt_after", COUNT, "之后待核实的小区", "blocks to be checked after"),
    Column(
        "blocks_unknown_before",
        COUNT,
        "之前待摸底或无标准的小区",
        "blocks not surveyed or without a standard before",
    ),
    Column(
        "blocks_unknown_after",
        COUNT,
        "之后待摸底或无标准的小区",
        "blocks not surveyed or without a standard after",
    ),
    Column("people_in_doubt_before", COUNT, "之前待核实的人数", "people to be checked before"),
    Column("people_in_doubt_after", COUNT, "之后待核实的人数", "people to be checked after"),
    Column(
        "people_unknown_before",
        COUNT,
        "之前待摸底或无标准的人数",
        "people not surveyed or without a standard before",
    ),
    Column(
        "people_unknown_after",
        COUNT,
        "之后待摸底或无标准的人数",
        "people not surveyed or without a standard after",
    ),
)
BY_SERVICE_COLUMNS = (
    *shared("service"),
    Column("name", TEXT, "服务名称", "name of the service"),
    Column("walker_before", TEXT, "之前的行走方式", "walker before"),
    Column("walker_after", TEXT, "之后的行走方式", "walker after"),
    Column("limits_before", TEXT, "之前的限值", "limits before"),
    Column("limits_after", TEXT, "之后的限值", "limits after"),
    Column("blocks", COUNT, "小区数", "blocks"),
    *FAILING_COLUMNS,
    Column("blocks_better", COUNT, "由未达标变为达标的小区", "blocks that failed and are served"),
    Column("blocks_worse", COUNT, "由达标变为未达标的小区", "blocks that were served and fail"),
    Column(
        "blocks_no_standard_after", COUNT, "之后无标准的小区", "blocks without a standard after"
    ),
    Column("people_served_before", COUNT, "之前达标人数", "people served before"),
    Column("people_served_after", COUNT, "之后达标人数", "people served after"),
    Column(
        "why",
        TEXT,
        "评估有何不同，各涉及多少小区",
        "what was judged otherwise, and for how many blocks",
    ),
    STUDY,
    *UNSURE_COLUMNS,
)
#: So many reasons are told, those of most blocks first.
REASONS_TOLD = 3


def changes_by_service(before: View, after: View) -> pd.DataFrame:
    """Return one row per service of both runs, in the later order, for the blocks that both have, matched by id.

    ``blocks_better`` and ``blocks_worse`` pass from failing to served and back; ``people_served``
    sum printed rows; ``why`` names what was judged otherwise, with the number of blocks that
    changed for it.
    """
    language = after.language
    cells, told = matched(before, after), changes_between(before, after)
    count = max(after.judgments.shape[1], 1)
    rows: list[dict[str, Any]] = []
    for number, service in enumerate(after.inputs.services):
        here = cells.after % count == number
        if not here.any():
            continue

        # every block of both runs, before and after
        old = _Side(before.judgments, cells.before[here])
        new = _Side(after.judgments, cells.after[here])

        # the reasons that most blocks changed for
        why = told[told["service"] == service.id]["why"].value_counts(sort=False).sort_index()
        most = why.sort_values(ascending=False, kind="stable").head(REASONS_TOLD)
        rows.append(
            {
                "service": service.id,
                "name": service.called(language),
                "walker_before": walker_name(before, language),
                "walker_after": walker_name(after, language),
                "limits_before": old.limits(language),
                "limits_after": new.limits(language),
                "blocks": int(here.sum()),
                "blocks_failing_before": int(old.failing.sum()),
                "blocks_failing_after": int(new.failing.sum()),
                "blocks_better": int((old.failing & new.served).sum()),
                "blocks_worse": int((new.failing & old.served).sum()),
                "blocks_no_standard_after": int((new.need < 0).sum()),
                "people_served_before": int(old.people_served.sum()),
                "people_served_after": int(new.people_served.sum()),
                "why": counted_whys(most.items(), language),
                "blocks_in_doubt_before": int(old.doubted.sum()),
                "blocks_in_doubt_after": int(new.doubted.sum()),
                "blocks_unknown_before": int(old.unknown.sum()),
                "blocks_unknown_after": int(new.unknown.sum()),
                "people_in_doubt_before": int(old.left_out[old.doubted].sum()),
                "people_in_doubt_after": int(new.left_out[new.doubted].sum()),
                "people_unknown_before": int(old.left_out[old.unknown].sum()),
                "people_unknown_after": int(new.left_out[new.unknown].sum()),
            }
        )
    return frame_of_rows(rows, BY_SERVICE_COLUMNS)


def changes_by_service_and_walker(results: Results) -> pd.DataFrame:
    """Return the same from the study's first walker to each other one that it judges."""
    first, *others = results.answers
    frames = [changes_by_service(results.view(first), results.view(name)) for name in others]
    if not frames:
        return empty_frame(BY_SERVICE_COLUMNS)
    return pd.concat(frames, ignore_index=True)


class _Side:
    """The judgments of one service in one run, by cell of the flattened (b, s)."""

    def __init__(self, judgments: Judgments, cells: IntArray) -> None:
        self.needs = judgments.needs
        self.need = judgments.need.ravel()[cells]
        self.failing = judgments.failing.ravel()[cells]
        self.served = judgments.has(Verdict.SERVED).ravel()[cells]
        self.people_served = judgments.printed_served.ravel()[cells]
        self.doubted = judgments.doubted.ravel()[cells]
        self.unknown = judgments.unknown.ravel()[cells]
        self.left_out = (judgments.left_out * judgments.counted[:, None]).ravel()[cells]

    def limits(self, language: Language) -> str:
        """Return the limits of all kinds of block, each once; a dash without any standard."""
        needs = [self.needs[place] for place in np.unique(self.need) if place >= 0]
        limits = {(need.unit, need.limit, limit_of(need, language)) for need in needs}
        return "/".join(text for _, _, text in sorted(limits)) or "–"
