"""Who comes first: blocks, communities, subdistricts and kinds ranked by the people left out, over all services."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.judgments import Judgments
from walkshed.model.labels import FLAG, KIND, label
from walkshed.model.results import Results
from walkshed.reports.declared import COUNT, SHARE, TENTHS, TEXT, WHOLE, Column, frame_of
from walkshed.reports.figures import groups

PRIORITIES_COLUMNS = (
    Column(
        "level",
        TEXT,
        "层级：study、kind、flag、subdistrict、community、block",
        "study, kind, flag, subdistrict, community or block",
    ),
    Column("rank", COUNT, "本层级内的名次", "rank within its level, worst first"),
    Column("id", TEXT, "编号", "id"),
    Column("name", TEXT, "名称", "name"),
    Column("people", WHOLE, "人数", "people"),
    Column(
        "services_failing",
        TEXT,
        "未达标的服务，人数多者在前",
        "services that fail, most left out first",
    ),
    Column(
        "weighted_people", TENTHS, "需要服务的人次，计权重", "people who need services, weighted"
    ),
    Column("weighted_left_out", TENTHS, "未覆盖人次，计权重", "people left out, weighted"),
    Column(
        "weighted_share",
        SHARE,
        "未覆盖占比",
        "weighted_left_out as a share of weighted_people",
    ),
    Column("counts", TEXT, "计数单位：people 人，blocks 小区", "what is counted: people or blocks"),
    Column("subdistrict", TEXT, "所属街道", "the subdistrict that it belongs to"),
    Column("services_to_check", TEXT, "待核实的服务", "services that are to be checked"),
    Column("weighted_to_check", TENTHS, "待核实人次，计权重", "people to be checked, weighted"),
)


@dataclass(frozen=True, slots=True)
class Sums:
    """People (or blocks) of some judgments, each times the weight of its need: all, left out, and to be checked."""

    people: float
    left_out: float
    to_check: float

    @property
    def share(self) -> float:
        """What share of the weighed people is left out; nan for nobody."""
        return self.left_out / self.people if self.people > 0 else float("nan")


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """People (or blocks) of every judgment, times the weight of its need; b blocks, s services."""

    people: FloatArray  # (b, s)
    left_out: FloatArray  # (b, s)
    to_check: FloatArray  # (b, s) not served either, as far as the map tells

    def sums(self, blocks: Sequence[int], service: int) -> Sums:
        """Return the sums of some blocks for one service."""
        columns = (self.people, self.left_out, self.to_check)
        return Sums(*(float(column[blocks, service].sum()) for column in columns))


def weighed_people(answer: Answer) -> Weighed:
    """Return the people of blocks who need services, times the weight of each need (printed people, so sums hold).

    Services that are not surveyed or have no standard count for nothing. Those who are not served
    are left out, or to be checked where their verdict is. Where no block of the
    study has people, every block counts as 1 and its share left out as what is left out.
    """
    judgments = answer.judgments
    counts = (judgments.need >= 0) & ~judgments.unknown
    if answer.matrix.weighs_blocks:
        # sums of shares may exceed 1 by a rounding
        there = np.ones(judgments.shape)
        missing = np.maximum(1.0 - np.nan_to_num(judgments.share), 0.0)
    else:
        there = np.repeat(judgments.printed_people[:, None], judgments.shape[1], axis=1)
        missing = judgments.left_out.astype(np.float64)
    weight = np.where(counts, judgments.need_weight, 0.0)
    missing = weight * missing
    return Weighed(
        weight * there,
        np.where(judgments.doubted, 0.0, missing),
        np.where(judgments.doubted, missing, 0.0),
    )


def weighs_needs(judgments: Judgments) -> bool:
    """Return whether some need that judges a block weighs other than 1."""
    return any(need.weight != 1.0 for need in judgments.needs)


def priorities_frame(results: Results) -> pd.DataFrame:
    """Return one row per study, kind, flag, subdistrict, community and block, each level ranked by itself, worst first.

    ``weighted_left_out`` sums the people left out of each service, times the weight of the need (1
    unless the standard says otherwise); ``weighted_share`` is what share that is of all who need
    them. Ranked by the former, then the latter, then the id. ``services_failing`` are the names of
    the services that a block (or some block) fails, those with most left out first. What is to be
    checked stands beside it, in ``services_to_check`` and ``weighted_to_check``. ``counts`` says
    what is counted: people, or blocks where no block has people.
    """
    answer = results.main
    weighed = weighed_people(answer)
    levels = _levels(results, weighed)
    levels.append(_blocks(results, weighed))
    ranked = [_ranked(level) for level in levels if len(level)]
    counts = "blocks" if answer.matrix.weighs_blocks else "people"
    frame = pd.concat(ranked, ignore_index=True) if ranked else _blocks(results, weighed)
    return frame_of(frame.assign(counts=counts), PRIORITIES_COLUMNS)


def _levels(results: Results, weighed: Weighed) -> list[pd.DataFrame]:
    """Return the rows of study, kinds, flags, subdistricts and communities, a frame per level, not ranked yet."""
    language, judgments = results.inputs.settings.language, results.main.judgments
    words = {"kind": KIND, "flag": FLAG}
    rows: dict[str, list[dict[str, Any]]] = {}
    for level, key, subdistrict, members in groups(results.blocks):
        if not key and level in {"subdistrict", "community"}:  # blocks that name none
            continue

        # who lives there
        counted = judgments.counted[members]
        people = judgments.printed_people[members][counted]

        # what fails for sure, and what is to be checked
        doubted = judgments.doubted[members]
        failing = np.asarray((judgments.failing[members] & ~doubted).any(axis=0), dtype=bool)
        to_check = np.asarray(doubted.any(axis=0), dtype=bool)
        left_out = weighed.left_out[members].sum(axis=0)
        unsure = weighed.to_check[members].sum(axis=0)

        rows.setdefault(level, []).append(
            {
                "level": level,
                "id": key,
                "name": label(words[level], key, language) if level in words else key,
                "people": int(people.sum()) if counted.any() else None,
                "services_failing": _names(results, [failing], [left_out])[0],
                "everybody": float(weighed.people[members].sum()),
                "left_out": float(left_out.sum()),
                "subdistrict": subdistrict,
                "services_to_check": _names(results, [to_check], [unsure])[0],
                "to_check": float(unsure.sum()),
            }
        )
    return [_rounded(pd.DataFrame.from_records(level)) for level in rows.values()]


def _blocks(results: Results, weighed: Weighed) -> pd.DataFrame:
    """Return one row per block, not ranked yet."""
    judgments, blocks = results.main.judgments, results.blocks
    people = pd.arrays.IntegerArray(judgments.printed_people.copy(), ~judgments.counted)
    sure = judgments.failing & ~judgments.doubted

    columns = {
        "level": "block",
        "rank": 0,
        "id": [block.id for block in blocks],
        "name": [block.name for block in blocks],
        "people": people,
        "services_failing": _names(results, sure, weighed.left_out),
        "everybody": weighed.people.sum(axis=1),
        "left_out": weighed.left_out.sum(axis=1),
        "subdistrict": [block.subdistrict for block in blocks],
        "services_to_check": _names(results, judgments.doubted, weighed.to_check),
        "to_check": weighed.to_check.sum(axis=1),
    }
    return _rounded(pd.DataFrame(columns))


def _rounded(frame: pd.DataFrame) -> pd.DataFrame:
    """Return rows with people weighed, left out and to be checked, and what share is left out, as they are printed."""
    everybody, left_out = frame["everybody"].to_numpy(), frame["left_out"].to_numpy()
    share = np.divide(left_out, everybody, out=np.full(len(frame), np.nan), where=everybody > 0)
    return frame.assign(
        weighted_people=np.round(everybody, 1),
        weighted_left_out=np.round(left_out, 1),
        weighted_share=np.round(share, 4),
        weighted_to_check=np.round(frame["to_check"].to_numpy(), 1),
    )


def _names(
    results: Results,
    failing: Sequence[BoolArray] | BoolArray,
    left_out: Sequence[FloatArray] | FloatArray,
) -> list[str]:
    """Return, by row, the names of the services that fail, most (weighed) people left out first.

    ``failing`` and ``left_out`` are (n, s); rows of one order of services share their text.
    """
    fails, missing = np.array(failing, dtype=bool), np.array(left_out, dtype=np.float64)
    language = results.inputs.settings.language
    names = [service.called(language) for service in results.inputs.services]
    if not names:
        return [""] * len(fails)

    # services that do not fail go last
    order = np.argsort(np.where(fails, -np.round(missing, 6), np.inf), axis=1, kind="stable")
    said = np.where(np.arange(len(names)) < fails.sum(axis=1)[:, None], order, -1)
    distinct, which = np.unique(said, axis=0, return_inverse=True)
    texts = [";".join(names[number] for number in row if number >= 0) for row in distinct.tolist()]
    return [texts[number] for number in which.ravel().tolist()]


def _ranked(frame: pd.DataFrame) -> pd.DataFrame:
    """Return the rows of one level, worst first, each with its rank; ties share none: they go by share, then by id."""
    share = frame["weighted_share"].fillna(0.0)
    order = np.lexsort(
        [frame["id"].to_numpy(dtype=str), -share.to_numpy(), -frame["weighted_left_out"].to_numpy()]
    )
    ranked = frame.iloc[order]
    return ranked.assign(rank=np.arange(1, len(frame) + 1))
