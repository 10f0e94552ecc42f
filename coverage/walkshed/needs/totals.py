"""Totals of some blocks for one service: what every table, the page and its words print, from one place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from walkshed.model.coverage import Judgment
from walkshed.model.places import Block, Need, PeopleSource
from walkshed.model.results import Results
from walkshed.model.verdicts import REASONS, Doubt, Verdict

#: Verdicts that say nothing about whether residents are served.
UNKNOWN: frozenset[Verdict] = frozenset({Verdict.NOT_SURVEYED, Verdict.NO_STANDARD})
#: Why blocks are not judged: one of the two verdicts where it is that of all of them, else both.
Unjudged = Literal["", "not_surveyed", "no_standard", "not_judged"]


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts and whole people of some blocks for one service; every figure sums printed rows.

    ``people`` = ``people_served`` + ``people_left_out`` + ``people_unknown``, the last being those
    who are not known to be served in blocks that are not surveyed or have no standard.
    ``people_in_doubt`` are those of ``people_left_out`` (and ``blocks_in_doubt`` those of
    ``blocks_failing``) whom a station beyond the edge of the map may serve. People are 0 where no
    block has any (``counted`` is then False).
    """

    blocks: int
    blocks_served: int
    blocks_failing: int
    blocks_in_doubt: int
    blocks_not_surveyed: int
    blocks_no_standard: int
    blocks_without_people: int
    people: int
    people_served: int
    people_left_out: int
    people_in_doubt: int
    people_unknown: int

    @property
    def blocks_unknown(self) -> int:
        """Blocks that are not surveyed or have no standard."""
        return self.blocks_not_surveyed + self.blocks_no_standard

    @property
    def unjudged(self) -> Unjudged:
        """Why blocks are not judged, "" where all are."""
        if not self.blocks_unknown:
            return ""
        if not self.blocks_no_standard:
            return "not_surveyed"
        return "not_judged" if self.blocks_not_surveyed else "no_standard"

    @property
    def counted(self) -> bool:
        """Whether anybody stated or estimated the people of some block."""
        return self.blocks_without_people < self.blocks


def totals(results: Results, blocks: Iterable[int], service: int) -> Totals:
    """Return the totals of some blocks for one service, as the study's walker has them."""
    rows = [(results.blocks[block], results.coverage.at(block, service)) for block in blocks]
    counted = [row for block, row in rows if has_people(block)]
    people = sum(row.printed_people for row in counted)
    served = sum(row.printed_served for row in counted)
    unknown = sum(_left_out(row) for row in counted if row.verdict in UNKNOWN)
    verdicts = [row.verdict for _, row in rows]
    doubted = [row for _, row in rows if is_failing(row) and row.doubt is not Doubt.NONE]
    return Totals(
        blocks=len(rows),
        blocks_served=verdicts.count(Verdict.SERVED),
        blocks_failing=sum(is_failing(row) for _, row in rows),
        blocks_in_doubt=len(doubted),
        blocks_not_surveyed=verdicts.count(Verdict.NOT_SURVEYED),
        blocks_no_standard=verdicts.count(Verdict.NO_STANDARD),
        blocks_without_people=len(rows) - len(counted),
        people=people,
        people_served=served,
        people_left_out=people - served - unknown,
        people_in_doubt=sum(_left_out(row) for row in doubted),
        people_unknown=unknown,
    )


def has_people(block: Block) -> bool:
    """Return whether anybody stated or estimated the block's people."""
    return block.people_source != PeopleSource.NONE and block.people is not None


def is_failing(judgment: Judgment) -> bool:
    """Return whether the block is underserved: it has a standard, was surveyed and does not meet the standard."""
    return judgment.verdict in REASONS


def _left_out(row: Judgment) -> int:
    return row.printed_people - row.printed_served


def passing_by_other_metric(results: Results, blocks: Iterable[int], service: int) -> int | None:
    """Return how many blocks would pass by the metric that does not decide, distance alone; None where nobody asks.

    Asked of services whose standard speaks of a service radius (服务半径), on foot or as the crow
    flies.
    """
    rows = [results.coverage.at(block, service) for block in blocks]
    asked = [row for row in rows if row.need is not None and _speaks_of_radius(row.need)]
    if not asked:
        return None
    least = results.coverage.min_share - 1e-9
    return sum(row.other_share >= least for row in asked)


def _speaks_of_radius(need: Need) -> bool:
    return any(
        "服务半径" in text or "service radius" in text.lower()
        for text in (need.source, need.source_en)
    )


def visitors_totals(results: Results, walker: str, service: int) -> tuple[int, int | None]:
    """Return visitors, and how many of them are served as a walker; None where no standard is theirs. 0 without any."""
    judged = results.visitors.get(walker)
    if judged is None:
        return 0, None
    rows = [judged.at(place, service) for place in range(len(results.inputs.visitors))]
    served = [row.printed_served for row in rows if row.need is not None]
    return sum(row.printed_people for row in rows), sum(served) if served else None
