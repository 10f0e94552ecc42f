"""Walks inside compounds are guesses: where they decide, and where a longer one would turn a verdict (definition 3)."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from walkshed.model.arrays import BoolArray, Int8Array, Int32Array
from walkshed.model.ground.walking import Nearest
from walkshed.model.judged.judgments import VERDICTS
from walkshed.model.judged.verdicts import Verdict
from walkshed.needs.access.rows import holders
from walkshed.needs.access.situation import People, Situation
from walkshed.needs.access.walks import Walks
from walkshed.needs.exits.yards import LONGEST_DETOUR
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE
from walkshed.needs.rules.standards import SECONDS_PER_MINUTE


def nearest_inside(walks: Walks, nearest: Int32Array, provider: Nearest) -> BoolArray:
    """Return (b,) whether somebody walks straight to the block's ``nearest`` (b,) station inside their compound.

    ``provider`` tells the nearest station of every point, and its meters.
    """
    inside = walks.inside
    block = walks.demand.block[inside.point]
    counts = inside.guessed & (nearest[block] == inside.station)
    counts &= provider.distance_m[inside.point, 0] == inside.meters
    found = np.bincount(block[counts], minlength=len(nearest)) > 0
    return np.asarray(found, dtype=bool)


def lengthened_where_in_doubt(
    people: People,
    situation: Situation,
    verdict: Int8Array,
    *,
    min_share: float,
    situation_for: Callable[[People], Situation],
) -> tuple[People, BoolArray]:
    """Return the people with longer walks where such a detour turns a verdict, and (b,) where it does.

    (1) Which blocks are served, and by which walks inside that a detour of 1.6 would make too
    long. (2) Their share if all walks inside take that detour. (3) Where it falls short they take
    it; other blocks keep their straight walks.
    """
    walks = people.walks
    none = np.zeros(situation.blocks, dtype=bool)
    detour = LONGEST_DETOUR / walks.demand.yards.detour
    served = verdict == VERDICTS.index(Verdict.SERVED)  # (1)
    if detour <= 1.0 or not (served & _on_the_limit(walks, situation, detour)).any():
        return people, none

    everywhere = People(people.blocks, walks.lengthened(detour, ~none))  # (2)
    longer = situation_for(everywhere)
    rows, weight = longer.rows, walks.demand.weight
    reached = holders(rows.point, rows.standing & rows.accepted(), len(weight))
    share = np.bincount(situation.block_of, weights=weight * reached, minlength=situation.blocks)

    turned = served & (share < min_share - SHARE_TOLERANCE)  # (3)
    if not turned.any():
        return people, none
    return People(people.blocks, walks.lengthened(detour, turned)), np.asarray(turned, dtype=bool)


def _on_the_limit(walks: Walks, situation: Situation, detour: float) -> BoolArray:
    """Return (b,) whether some walk inside to a standing offer is within the limit, and might not be with a detour."""
    inside, table = walks.inside, situation.table
    block = situation.block_of[inside.point]
    offered = np.isin(inside.station, table.station[table.standing])

    # floors and getting ready take their part of limits in minutes
    before_s = [offer.readiness_min * SECONDS_PER_MINUTE for offer in table.offers]
    taken_s = np.where(np.isfinite(table.floors_s), table.floors_s, 0.0) + np.array(before_s)
    left_m = situation.limit_m - situation.walker.speed_m_s * max(taken_s, default=0.0)
    near = inside.meters <= situation.limit_m[block]
    close = inside.guessed & offered & near & (inside.meters * detour > left_m[block])
    found = np.bincount(block[close], minlength=situation.blocks) > 0
    return np.asarray(found, dtype=bool)
