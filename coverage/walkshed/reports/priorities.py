"""Who comes first: blocks, communities, subdistricts and kinds ranked by the people left out, over all services."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import pandas as pd

from walkshed.model.labels import FLAG, KIND, label
from walkshed.model.results import Results
from walkshed.reports.figures import UNKNOWN, groups, has_people, is_failing, printed_people

PRIORITIES_COLUMNS = (
    *(
        "level",
        "rank",
        "id",
        "name",
        "people",
        "services_failing",
        "weighted_people",
        "weighted_left_out",
    ),
    *("weighted_share", "counts", "subdistrict"),
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """People (or blocks) of some judgments, each times the weight of its need: all of them, and those left out."""

    people: float
    left_out: float

    @property
    def share(self) -> float:
        """What share of the weighed people is left out; nan for nobody."""
        return self.left_out / self.people if self.people > 0 else float("nan")


def weighed(results: Results, blocks: Iterable[int], services: Iterable[int]) -> Weighed:
    """Return the people of blocks who need services, times the weight of each need (printed people, so sums hold).

    Services that are not surveyed or have no standard count for nothing. Where no block of the
    study has people, every block counts as 1 and its share left out as what is left out.
    """
    wanted, everybody, left_out = tuple(services), 0.0, 0.0
    for block in blocks:
        for service in wanted:
            row = results.coverage.at(block, service)
            if row.need is None or row.verdict in UNKNOWN:
                continue
            if results.matrix.weighs_blocks:
                there, missing = 1.0, 1.0 - row.share
            else:
                there, missing = (
                    float(row.printed_people),
                    float(row.printed_people - row.printed_served),
                )
            everybody += row.need.weight * there
            left_out += row.need.weight * missing
    return Weighed(everybody, left_out)


def weighs_needs(results: Results) -> bool:
    """Return whether some need that judges a block weighs other than 1."""
    return any(row.need is not None and row.need.weight != 1.0 for row in results.coverage.rows)


def priorities_frame(results: Results) -> pd.DataFrame:
    """Return one row per study, kind, flag, subdistrict, community and block, each level ranked by itself, worst first.

    ``weighted_left_out`` sums the people left out of each service, times the weight of the need (1
    unless the standard says otherwise); ``weighted_share`` is what share that is of all who need
    them. Ranked by the former, then the latter, then the id. ``services_failing`` are the names of
    the services that a block (or some block) fails, those with most left out first. ``counts`` says
    what is counted: people, or blocks where no block has people.
    """
    rows: list[dict[str, Any]] = []
    for level, key, name, subdistrict, members in _all_groups(results):
        every = weighed(results, members, range(results.coverage.services))
        rows.append(
            {
                "level": level,
                "id": key,
                "name": name,
                "people": _people(results, members),
                "services_failing": ";".join(_failing(results, members)),
                "weighted_people": round(every.people, 1),
                "weighted_left_out": round(every.left_out, 1),
                "weighted_share": round(every.share, 4),
                "counts": "blocks" if results.matrix.weighs_blocks else "people",
                "subdistrict": subdistrict,
            }
        )
    return pd.DataFrame.from_records(list(_ranked(rows)), columns=list(PRIORITIES_COLUMNS)).astype(
        {"rank": "int64", "people": "Int64"}
    )


def _all_groups(results: Results) -> list[tuple[str, str, str, str, list[int]]]:
    language = results.inputs.settings.language
    words = {"kind": KIND, "flag": FLAG}
    found = [
        (
            level,
            name,
            label(words[level], name, language) if level in words else name,
            subdistrict,
            members,
        )
        for level, name, subdistrict, members in groups(results.blocks)
        if name or level not in {"subdistrict", "community"}  # blocks that name none
    ]
    of_blocks = [
        ("block", each.id, each.name, each.subdistrict, [row])
        for row, each in enumerate(results.blocks)
    ]
    return found + of_blocks


def _people(results: Results, blocks: list[int]) -> int | None:
    stated = [block for block in blocks if has_people(results.blocks[block])]
    return sum(printed_people(results, block) for block in stated) if stated else None


def _failing(results: Results, blocks: list[int]) -> list[str]:
    """Return the names of the services that some of the blocks fail, most (weighed) people left out first."""
    zh = results.inputs.settings.language == "zh"
    found = []
    for number, service in enumerate(results.inputs.services):
        if any(is_failing(results.coverage.at(block, number)) for block in blocks):
            missing = weighed(results, blocks, (number,)).left_out
            found.append(
                (-round(missing, 6), number, (service.zh if zh else service.en) or service.id)
            )
    return [name for _, _, name in sorted(found)]


def _ranked(rows: list[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    """Yield the rows level by level, each with its rank; ties share none: they go by share, then by id."""
    for level in dict.fromkeys(row["level"] for row in rows):
        of_level = [row for row in rows if row["level"] == level]
        of_level.sort(
            key=lambda row: (-row["weighted_left_out"], -_or_zero(row["weighted_share"]), row["id"])
        )
        yield from ({**row, "rank": place} for place, row in enumerate(of_level, start=1))


def _or_zero(value: float) -> float:
    return value if math.isfinite(value) else 0.0
