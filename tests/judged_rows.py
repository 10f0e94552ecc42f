"""Judgments row by row, for tests that look at every one of them, and columns made of rows that a test invents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from walkshed.model.judged.answers import Answer
from walkshed.model.judged.judgments import (
    DOUBTS,
    MENDS,
    VERDICTS,
    Judgment,
    Judgments,
)
from walkshed.model.judged.verdicts import REASONS
from walkshed.model.results import Results
from walkshed.model.town.places import Need

#: The columns that hold a value for each block and service.
CELL_COLUMNS: tuple[str, ...] = (
    "need",
    "limit_m",
    "share",
    "reason_shares",
    "nearest",
    "nearest_m",
    "reach_m",
    "verdict",
    "doubt",
    "printed_served",
    "printed_reasons",
    "mend",
    "mend_at",
    "mend_people",
    "other_share",
    "nearest_radius_m",
    "crew_at",
    "crew_min",
    "crew_reach_min",
    "inside",
)
#: The types of the columns whose values are no real numbers.
_TYPES: Mapping[str, type] = {
    **dict.fromkeys(("need", "nearest", "mend_at", "crew_at"), np.int32),
    **dict.fromkeys(("verdict", "doubt", "mend"), np.int8),
    **dict.fromkeys(("printed_served", "printed_reasons"), np.int64),
    "inside": np.bool_,
}


def rows_of(answer: Answer) -> list[Judgment]:
    """Return every judgment, sorted by block, then service."""
    blocks, services = answer.judgments.shape
    return [
        answer.judgment(block, service) for block in range(blocks) for service in range(services)
    ]


def columns_of(rows: Sequence[Judgment], *, counted: Iterable[bool], services: int) -> Judgments:
    """Return the columns of rows sorted by block, then service; ``counted`` (b,) as in ``Judgments``."""
    known = _read_only(list(counted), np.bool_)
    shape = len(known), services
    places = [(block, service) for block in range(shape[0]) for service in range(services)]
    assert [(row.block, row.service) for row in rows] == places

    # what a block has is the same in each of its rows
    heads = rows[:: max(services, 1)]
    for row in rows:
        head = heads[row.block]
        assert (row.people, row.printed_people) == (head.people, head.printed_people)
    needs = tuple(dict.fromkeys(row.need for row in rows if row.need is not None))

    return Judgments(
        needs=needs,
        people=_read_only([head.people for head in heads], np.float64),
        counted=known,
        printed_people=_read_only([head.printed_people for head in heads], np.int64),
        **{name: _column(name, rows, shape, needs) for name in CELL_COLUMNS},
    )


def with_rows(results: Results, rows: Sequence[Judgment]) -> Results:
    """Return the results as if these were all judgments for the first walker."""
    main = results.main
    services = main.judgments.shape[1]
    judgments = columns_of(rows, counted=main.judgments.counted.tolist(), services=services)
    return with_main(results, replace(main, judgments=judgments))


def with_main(results: Results, answer: Answer) -> Results:
    """Return the results with another answer for the first walker, who may be another one, too."""
    others = list(results.answers.items())[1:]
    return replace(results, answers={answer.walker: answer, **dict(others)})


def _column(
    name: str, rows: Sequence[Judgment], shape: tuple[int, int], needs: tuple[Need, ...]
) -> np.ndarray:
    """Return one column of rows; needs, verdicts, doubts and mends as their places."""
    codes: Mapping[str, Sequence[object]] = {
        "need": needs,
        "verdict": VERDICTS,
        "doubt": DOUBTS,
        "mend": MENDS,
    }
    values = [getattr(row, name) for row in rows]
    if name in codes:
        values = [-1 if value is None else codes[name].index(value) for value in values]
    by_reason = (len(REASONS),) if name in {"reason_shares", "printed_reasons"} else ()
    column = np.array(values, dtype=_TYPES.get(name, np.float64))
    return _read_only(column.reshape(*shape, *by_reason), column.dtype)


def _read_only(values: object, dtype: object) -> np.ndarray:
    column = np.array(values, dtype=dtype)
    column.flags.writeable = False
    return column
