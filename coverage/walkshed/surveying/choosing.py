"""Which facts are worth a walk: those in doubt on which most people hang, then others; and in which order to walk."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import groupby

import numpy as np

from walkshed.model.messages import Message
from walkshed.model.town.survey import FactKind, Reason
from walkshed.surveying.candidates import Candidate
from walkshed.surveying.ground import gate_candidates, lane_candidates
from walkshed.surveying.stations import station_candidates
from walkshed.surveying.town import Town

#: Facts that are judged again, at most, and lanes of them, whose streets are built anew each time.
MOST_JUDGED, MOST_LANES = 600, 60
#: What only may be: nothing speaks against the fact.
_NOTHING_AGAINST = frozenset({Reason.STATED, Reason.PASSES})
#: Fewer people than this are nobody.
_NOBODY = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A fact on the list, on which so many people hang; ``rank`` counts from 0, most people first."""

    candidate: Candidate
    people: float
    rank: int


@dataclass(frozen=True, slots=True, eq=False)
class Choice:
    """The items as they are walked to, how many facts were judged again, and how many were not for want of time."""

    items: tuple[Item, ...]
    judged: int
    left: int


def chosen(
    town: Town,
    *,
    most: int,
    limit: int = MOST_JUDGED,
    progress: Callable[[str], None] | None = None,
) -> Choice:
    """Return at most so many items; ``progress`` hears how many facts were judged again.

    (1) Facts in doubt come before those that are merely stated, and of each the one that may turn
    most people by its bound is judged first. (2) A fact is on the list for the people whom judging
    again finds. (3) Once the list is full of facts that none of the rest can surpass by its bound,
    the rest is left. (4) What is on the list is sorted by the way on which it lies.
    """
    settled = town.inputs.surveyed.settled
    every = [
        candidate
        for candidates in (station_candidates(town), gate_candidates(town), lane_candidates(town))
        for candidate in candidates
        if candidate.fact.key not in settled
    ]
    doubted = [each for each in every if each.reason not in _NOTHING_AGAINST]
    others = [each for each in every if each.reason in _NOTHING_AGAINST]

    # doubts first
    found, judged, left = _best(_told(doubted, progress), most, limit)
    more, judged_too, left_too = _best(
        _told(others, progress, judged), most - len(found), limit - judged
    )
    items = [Item(each, people, rank) for rank, (people, each) in enumerate([*found, *more])]
    return Choice(tuple(walking_order(items)), judged + judged_too, left + left_too)


def _told(
    candidates: Sequence[Candidate], progress: Callable[[str], None] | None, before: int = 0
) -> list[Candidate]:
    """Return candidates that tell that they are judged again."""
    if progress is None:
        return list(candidates)
    count = [before]

    def judged(people: Callable[[], float]) -> float:
        count[0] += 1
        progress(Message("survey: {judged} judged again", judged=count[0]))
        return people()

    return [replace(each, people=partial(judged, each.people)) for each in candidates]


def _best(
    candidates: Sequence[Candidate], most: int, limit: int
) -> tuple[list[tuple[float, Candidate]], int, int]:
    """Return the facts on which most people hang, how many were judged again, and how many not for want of time."""
    order = sorted(candidates, key=lambda each: (-each.most, each.fact.key))
    found: list[tuple[float, Candidate]] = []
    judged, left, lanes = 0, 0, 0
    for candidate in order if most > 0 else ():
        # nothing that follows can surpass the last of a full list
        is_lane = candidate.fact.kind is FactKind.LANE
        full = len(found) == most and found[-1][0] >= candidate.most
        if full and not is_lane:
            continue
        if judged >= limit or (is_lane and lanes >= MOST_LANES):
            left += 1
            continue
        people = candidate.people()
        judged, lanes = judged + 1, lanes + is_lane
        if people > _NOBODY:
            found = _once([*found, (people, candidate)])[:most]
    return found, judged, left


def _once(found: Iterable[tuple[float, Candidate]]) -> list[tuple[float, Candidate]]:
    """Return facts by their people; of what may be at one end of a way, or where ways pass a compound, the first alone.

    Whoever stands there sees the rest.
    """
    ordered = sorted(found, key=lambda pair: (-round(pair[0], 3), pair[1].fact.key))
    seen: set[object] = set()
    kept = []
    for people, candidate in ordered:
        names: tuple[object, ...] = candidate.ends
        if candidate.reason is Reason.PASSES:
            names = (candidate.fact.subject,)
        if seen.isdisjoint(names):
            kept.append((people, candidate))
            seen.update(names)
    return kept


def walking_order(items: Sequence[Item]) -> list[Item]:
    """Return items by subdistrict and community, in each as one walks: to the nearest that is left, from the west."""
    by_area = sorted(items, key=lambda item: (item.candidate.area, item.candidate.fact.key))
    walked: list[Item] = []
    for _, group in groupby(by_area, key=lambda item: item.candidate.area):
        left = sorted(group, key=lambda item: (item.candidate.xy, item.candidate.fact.key))
        here = left[0].candidate.xy
        while left:
            away = [float(np.hypot(*np.subtract(item.candidate.xy, here))) for item in left]
            item = left.pop(int(np.argmin(away)))
            walked.append(item)
            here = item.candidate.xy
    return walked
