"""Who is served, and nothing else: the first steps of judging, for whoever asks many times what would turn."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from walkshed.model.arrays import FloatArray
from walkshed.model.judged.judgments import VERDICTS
from walkshed.model.judged.verdicts import Verdict
from walkshed.needs.access.capacity import full_share
from walkshed.needs.access.rows import holders
from walkshed.needs.access.situation import People, Situation
from walkshed.needs.judging.guessing import lengthened_where_in_doubt
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE


def served_points(
    people: People, situation_for: Callable[[People], Situation], *, min_share: float
) -> FloatArray:
    """Return (p,) the share of each point that is served; 0 without a need.

    What ``judged_service`` finds, verdicts that hang on a guess inside compounds judged with care.
    """
    situation = situation_for(people)
    served = _served(people, situation)

    # blocks that are served by straight walks alone
    weight = people.walks.demand.weight
    share = np.bincount(situation.block_of, weights=weight * served, minlength=situation.blocks)
    enough = (share >= min_share - SHARE_TOLERANCE) & (situation.need_of >= 0)
    verdict = np.where(enough, VERDICTS.index(Verdict.SERVED), -1).astype(np.int8)
    careful, in_doubt = lengthened_where_in_doubt(
        people, situation, verdict, min_share=min_share, situation_for=situation_for
    )
    if in_doubt.any():
        situation = situation_for(careful)
        served = _served(careful, situation)
    return np.where((situation.need_of >= 0)[situation.block_of], served, 0.0)


def _served(people: People, situation: Situation) -> FloatArray:
    """Return (p,) the share of each point that some offer takes and has room for."""
    rows, demand = situation.rows, people.walks.demand
    taken = holders(rows.point, rows.standing & rows.accepted(), len(demand.weight))
    room = 1.0 - full_share(situation, demand.people)
    return np.where(taken, room, 0.0)
