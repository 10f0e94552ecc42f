"""What changed between two ways of judging, and why, in words: the content of ``changes.csv``."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from walkshed.model.arrays import IntArray, ObjectArray
from walkshed.model.judged.judgments import VERDICTS
from walkshed.model.labels import VERDICT, Label, Language, label
from walkshed.model.results import Results, View
from walkshed.reports.columns import chosen, shared, whole
from walkshed.reports.declared import TEXT, WHOLE, Column, empty_frame, frame_of
from walkshed.words.answers.changes import way_text, why_text
from walkshed.words.judgments import cure_column, phrases, reason_column

IN_COMPARISONS = Label("walkshed compare 时", "by walkshed compare")
#: Which study is compared, where several may be.
STUDY = Column("study", TEXT, "相比的项目", "the study compared", IN_COMPARISONS)
CHANGES_COLUMNS = (
    *shared("block_id", "block_name", "kind", "service", "people"),
    Column("before", TEXT, "之前：行走方式和限值", "walker and limit before"),
    Column("after", TEXT, "之后：行走方式和限值", "walker and limit after"),
    Column("verdict_before", TEXT, "之前的结论", "verdict before"),
    Column("verdict_after", TEXT, "之后的结论", "verdict after"),
    Column("people_served_before", WHOLE, "之前达标人数", "people served before"),
    Column("people_served_after", WHOLE, "之后达标人数", "people served after"),
    Column("why", TEXT, "评估有何不同", "what was judged otherwise"),
    Column("now", TEXT, "之后的原因", "the reason after"),
    *shared("cure"),
    STUDY,
)


def changes_by_walker(results: Results) -> pd.DataFrame:
    """Return what changes from the study's first walker to each other one that it judges."""
    first, *others = results.answers
    frames = [changes_between(results.view(first), results.view(name)) for name in others]
    if not frames:
        return empty_frame(CHANGES_COLUMNS)
    return pd.concat(frames, ignore_index=True)


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """Blocks and services that two runs share, by id; n cells, places in each run's flattened (b, s)."""

    before: IntArray
    after: IntArray


def matched(before: View, after: View) -> Matched:
    """Return the judgments that both runs hold, in the later order."""
    block = _places([each.id for each in before.blocks], [each.id for each in after.blocks])
    service = _places(
        [each.id for each in before.inputs.services], [each.id for each in after.inputs.services]
    )
    known = (block >= 0)[:, None] & (service >= 0)[None, :]
    earlier = block[:, None] * len(before.inputs.services) + service[None, :]
    return Matched(before=earlier[known], after=np.flatnonzero(known))


def changes_between(before: View, after: View) -> pd.DataFrame:
    """Return one row per block and service of both runs whose verdict or people served differ, in the later order.

    ``before`` and ``after`` name the walker and rule of each; ``why`` says what was judged
    otherwise, ``now`` the verdict's reason in words, ``cure`` what would mend it. Blocks and
    services are matched by id.
    """
    old, new = before.judgments, after.judgments
    cells = matched(before, after)
    differs = old.verdict.ravel()[cells.before] != new.verdict.ravel()[cells.after]
    differs |= old.printed_served.ravel()[cells.before] != new.printed_served.ravel()[cells.after]
    earlier, later = cells.before[differs], cells.after[differs]

    found = phrases(after)

    # who lives there, and who is served
    services = max(new.shape[1], 1)
    row, column = later // services, later % services
    stated = new.counted[row]
    need_before, need_after = old.need.ravel()[earlier], new.need.ravel()[later]
    words = [label(VERDICT, verdict.value, after.language) for verdict in VERDICTS]
    columns = {
        "block_id": chosen([block.id for block in after.blocks], row),
        "block_name": chosen([block.name for block in after.blocks], row),
        "kind": chosen([block.kind for block in after.blocks], row),
        "service": chosen([service.id for service in after.inputs.services], column),
        "people": whole(new.printed_people[row], stated),
        "people_served_before": whole(
            old.printed_served.ravel()[earlier], stated & (need_before >= 0)
        ),
        "people_served_after": whole(new.printed_served.ravel()[later], stated & (need_after >= 0)),
        "verdict_before": chosen(words, old.verdict.ravel()[earlier]),
        "verdict_after": chosen(words, new.verdict.ravel()[later]),
        # why, in words
        "before": chosen(
            _ways(before, after.language),
            need_before,
            without=way_text(before, None, after.language),
        ),
        "after": chosen(
            _ways(after, after.language), need_after, without=way_text(after, None, after.language)
        ),
        "why": _whys(before, after, need_before, need_after),
        "now": reason_column(after, found, later),
        "cure": cure_column(after, found, later),
    }
    return frame_of(columns, CHANGES_COLUMNS)


def _places(known: list[str], wanted: list[str]) -> IntArray:
    """Return (n,) the place of each wanted id among those known, -1 for none."""
    place = {key: number for number, key in enumerate(known)}
    return np.array([place.get(key, -1) for key in wanted], dtype=np.int64)


def _ways(view: View, language: Language) -> list[str]:
    return [way_text(view, need, language) for need in view.judgments.needs]


def _whys(before: View, after: View, old: IntArray, new: IntArray) -> ObjectArray:
    """Return (n,) why each judgment differs; ``old`` and ``new`` are places in the needs of each run, -1 for none."""
    needs_before = (*before.judgments.needs, None)
    needs_after = (*after.judgments.needs, None)
    pairs, number = np.unique(np.column_stack([old, new]), axis=0, return_inverse=True)
    texts = [why_text(before, after, needs_before[a], needs_after[b]) for a, b in pairs.tolist()]
    return chosen(texts, number)
