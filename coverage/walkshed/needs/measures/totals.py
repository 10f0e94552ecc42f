"""Totals of some blocks for one service: what every table, the page and its words print, from one place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray
from walkshed.model.judged.answers import Answer
from walkshed.model.judged.judgments import Judgments
from walkshed.model.judged.verdicts import Verdict
from walkshed.model.town.places import Block, Need, PeopleSource
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE

#: Why blocks are not judged: one of the two verdicts where it is that of all of them, else both.
Unjudged = Literal["", "not_surveyed", "no_standard", "not_judged"]
#: Some blocks, by their numbers.
Members = Sequence[int] | IntArray


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts and whole people of some blocks for one service; every figure sums printed rows.

    ``people`` = ``people_served`` + ``people_left_out`` + ``people_unknown``, the last being those
    who are not known to be served in blocks that are not surveyed or have no standard.
    ``people_in_doubt`` are those of ``people_left_out`` (and ``blocks_in_doubt`` those of
    ``blocks_failing``) that are to be checked: a station beyond the edge of the map may serve them,
    or one without a place, or one to which the map lacks a way. ``people_failing`` live in blocks
    that fail. People are 0 where no block has any (``counted`` is then False).
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
    people_failing: int

    @property
    def blocks_unknown(self) -> int:
        """Blocks that are not surveyed or have no standard."""
        return self.blocks_not_surveyed + self.blocks_no_standard

    @property
    def blocks_out(self) -> int:
        """Blocks that fail, without those to be checked."""
        return self.blocks_failing - self.blocks_in_doubt

    @property
    def people_out(self) -> int:
        """People left out, without those to be checked: out, to be checked, unknown and served are all people."""
        return self.people_left_out - self.people_in_doubt

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
        """Whether the people of some block are stated or estimated."""
        return self.blocks_without_people < self.blocks


def totals_by_service(judgments: Judgments, members: Members | None = None) -> tuple[Totals, ...]:
    """Return the totals of some blocks (by default all) for each service."""
    chosen = np.arange(len(judgments.people)) if members is None else np.asarray(members, np.int64)
    counted = judgments.counted[chosen]

    # columns of the chosen blocks
    failing, unknown = judgments.failing[chosen], judgments.unknown[chosen]
    doubted = judgments.doubted[chosen]
    left_out = judgments.left_out[chosen] * counted[:, None]
    people = int(judgments.printed_people[chosen][counted].sum())
    people_here = (judgments.printed_people[chosen] * counted)[:, None]

    # one sum per service
    served = judgments.printed_served[chosen][counted].sum(axis=0)
    not_known = (left_out * unknown).sum(axis=0)
    in_doubt = (left_out * doubted).sum(axis=0)
    in_failing = (people_here * failing).sum(axis=0)
    blocks = {
        verdict: judgments.has(verdict)[chosen].sum(axis=0)
        for verdict in (Verdict.SERVED, Verdict.NOT_SURVEYED, Verdict.NO_STANDARD)
    }

    return tuple(
        Totals(
            blocks=len(chosen),
            blocks_served=int(blocks[Verdict.SERVED][service]),
            blocks_failing=int(failing[:, service].sum()),
            blocks_in_doubt=int(doubted[:, service].sum()),
            blocks_not_surveyed=int(blocks[Verdict.NOT_SURVEYED][service]),
            blocks_no_standard=int(blocks[Verdict.NO_STANDARD][service]),
            blocks_without_people=int((~counted).sum()),
            people=people,
            people_served=int(served[service]),
            people_left_out=int(people - served[service] - not_known[service]),
            people_in_doubt=int(in_doubt[service]),
            people_unknown=int(not_known[service]),
            people_failing=int(in_failing[service]),
        )
        for service in range(judgments.shape[1])
    )


def blocks_left(judgments: Judgments) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return which blocks lack a service for sure, which of the others are to be checked, which else are unknown.

    The remaining blocks have every service. The four are all blocks, and their people all people.
    """
    sure = np.asarray((judgments.failing & ~judgments.doubted).any(axis=1), dtype=np.bool_)
    failing = np.asarray(judgments.failing.any(axis=1), dtype=np.bool_)
    to_check = failing & ~sure
    unknown = np.asarray(judgments.unknown.any(axis=1), dtype=np.bool_) & ~failing
    return sure, to_check, unknown


def blocks_left_by(judgments: Judgments, service: int) -> tuple[BoolArray, BoolArray, BoolArray]:
    """Return the same for one service."""
    failing, doubted = judgments.failing[:, service], judgments.doubted[:, service]
    return failing & ~doubted, failing & doubted, judgments.unknown[:, service]


def how_left(sure: BoolArray, to_check: BoolArray, unknown: BoolArray) -> list[str]:
    """Return in a word how each block is left, the first that holds: out, to_check, unknown, else served."""
    words = np.select([sure, to_check, unknown], ["out", "to_check", "unknown"], "served")
    return [str(word) for word in words]


@dataclass(frozen=True, slots=True)
class PeopleSources:
    """How many of the printed people were given and how many estimated, and of how many blocks nobody knows them."""

    given: int
    estimated: int
    blocks_without: int


def people_by_source(judgments: Judgments, blocks: Sequence[Block]) -> PeopleSources:
    """Return where the people come from that are counted."""
    guessed = [block.people_source is PeopleSource.ESTIMATED for block in blocks]
    estimated = np.array(guessed, dtype=np.bool_)
    people, counted = judgments.printed_people, judgments.counted
    return PeopleSources(
        given=int(people[counted & ~estimated].sum()),
        estimated=int(people[counted & estimated].sum()),
        blocks_without=int((~counted).sum()),
    )


def passing_by_other_metric(answer: Answer, service: int) -> int | None:
    """Return how many blocks would pass by the metric that does not decide, distance alone.

    None where the standard does not ask: it is asked of services whose standard speaks of a service
    radius (服务半径), on foot or as the crow flies.
    """
    judgments = answer.judgments
    speaks = np.array([*map(_speaks_of_radius, judgments.needs), False], dtype=bool)
    asked = speaks[judgments.need[:, service]]
    if not asked.any():
        return None
    enough = judgments.other_share[:, service] >= answer.min_share - SHARE_TOLERANCE
    return int((asked & enough).sum())


def _speaks_of_radius(need: Need) -> bool:
    return any(
        "服务半径" in text or "service radius" in text.lower()
        for text in (need.source, need.source_en)
    )


def visitors_totals(judgments: Judgments | None, service: int) -> tuple[int, int | None]:
    """Return visitors, and how many of them are served.

    None where no standard is theirs, 0 without any visitors.
    """
    if judgments is None:
        return 0, None
    judged = judgments.need[:, service] >= 0
    served = int(judgments.printed_served[judged, service].sum()) if judged.any() else None
    return int(judgments.printed_people.sum()), served
