"""A run's coverage.csv beside the verdicts of this program: what differs, and by how much."""

from __future__ import annotations

import csv
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from truth.verdicts import Judgment

SHARE_APART, METERS_APART = 1e-6, 0.05
#: coverage.csv prints shares with four decimals and meters with one.
HALF_A_SHARE, HALF_A_METER = 0.5e-4, 0.05


@dataclass(frozen=True)
class Difference:
    block: str
    service: str
    walker: str
    what: str
    run: object
    truth: object


@dataclass
class Comparison:
    """How many rows were compared, what differs, and the worst differences of shares and meters."""

    rows: int = 0
    differences: list[Difference] = field(default_factory=list)
    worst_share: float = 0.0
    worst_m: float = 0.0

    def of(self, what: str) -> list[Difference]:
        """Return the differences of one kind: verdict, share, meters, station or row."""
        return [one for one in self.differences if one.what == what]

    def summary(self) -> str:
        """Return rows, verdicts that differ, and the worst differences, in one line."""
        return (
            f"{self.rows} rows, {len(self.of('verdict'))} verdicts differ, share by "
            f"{self.worst_share:.1e} at worst, meters by {self.worst_m:.4f}, "
            f"{len(self.differences)} differences in all"
        )


@dataclass(frozen=True)
class Row:
    """What a run says of one block and service; ``exact`` where its numbers are not rounded for print."""

    verdict: str
    share: float
    nearest_station: str
    nearest_m: float
    doubt: str | None = None
    inside: str | None = None


Key = tuple[str, str, str]


def rows_of(file: Path) -> dict[Key, Row]:
    """Return the rows of coverage.csv (or coverage_by_walker.csv) by block, service and walker."""
    rows = {}
    with file.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            if row.get("group", "people") != "people":
                continue
            rows[row["block_id"], row["service"], row["walker"]] = Row(
                row["verdict"],
                _number(row["share_served"]),
                row["nearest_station"],
                _number(row["nearest_m"]),
                row.get("doubt"),
                row.get("inside"),
            )
    return rows


def compared(
    rows: Mapping[Key, Row], judgments: Sequence[Judgment], *, printed: bool = True
) -> Comparison:
    """Return the comparison of a run's rows with the judgments; each row must have one.

    ``printed``: the rows are rounded for print, so that half of the last digit more may differ.
    """
    comparison = Comparison(rows=len(rows))
    truth = {(one.block, one.service, one.walker): one for one in judgments}
    share_apart = SHARE_APART + (HALF_A_SHARE if printed else 0.0)
    meters_apart = METERS_APART + (HALF_A_METER if printed else 0.0)
    for key in sorted(rows.keys() | {key for key in truth if key[2] in {k[2] for k in rows}}):
        row, judged = rows.get(key), truth.get(key)
        if row is None or judged is None:
            comparison.differences.append(Difference(*key, "row", row, judged))
            continue
        if row.verdict != judged.verdict:
            comparison.differences.append(Difference(*key, "verdict", row.verdict, judged.verdict))
        told = row.doubt is not None and judged.doubt is not None
        if told and row.doubt != judged.doubt:
            comparison.differences.append(Difference(*key, "doubt", row.doubt, judged.doubt))
        guessed = "guessed" if judged.inside else ""
        alone = not judged.equally_near - {judged.nearest_station}
        if row.inside is not None and row.inside != guessed and alone:
            comparison.differences.append(Difference(*key, "inside", row.inside, guessed))
        share, meters = _apart(row.share, judged.share), _apart(row.nearest_m, judged.nearest_m)
        comparison.worst_share = max(comparison.worst_share, share)
        comparison.worst_m = max(comparison.worst_m, meters)
        if share > share_apart:
            comparison.differences.append(Difference(*key, "share", row.share, judged.share))
        if meters > meters_apart:
            comparison.differences.append(
                Difference(*key, "meters", row.nearest_m, judged.nearest_m)
            )
        if row.nearest_station not in judged.equally_near | {judged.nearest_station}:
            comparison.differences.append(
                Difference(*key, "station", row.nearest_station, judged.nearest_station)
            )
    return comparison


def _apart(one: float, other: float) -> float:
    """Return how far two numbers are apart; nothing where neither is one, inf where one is none."""
    if math.isnan(one) and math.isnan(other):
        return 0.0
    return math.inf if math.isnan(one) or math.isnan(other) else abs(one - other)


def _number(text: str) -> float:
    return float(text) if text else math.nan
