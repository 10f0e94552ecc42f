"""When each block is served in a week: hours in which its verdict would be ``served``."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, read_only
from walkshed.model.coverage import Demand, Week
from walkshed.needs.capacity import crowd
from walkshed.needs.hours import MINUTES_PER_DAY, open_in_week, week_of
from walkshed.needs.mending import SHARE_TOLERANCE
from walkshed.needs.rows import holders
from walkshed.needs.situation import Situation

HALF_HOURS = 7 * 48
WEEK_MIN = 7 * MINUTES_PER_DAY


def week(
    demand: Demand, found: tuple[Situation, ...], moment: str, *, min_share: float
) -> Week | None:
    """Return when each block is served in the week of a moment; None where no moment is asked for.

    For each service: (1) the minutes at which some offer opens or closes; (2) between them, which
    offers are open; (3) for each set of open offers, met once, the blocks whose share suffices,
    room included; (4) exact hours and a half-hour strip, which at the moment itself says what the
    verdicts say.
    """
    if not moment:
        return None
    blocks = len(demand.start) - 1
    strip = np.zeros((blocks, len(found), HALF_HOURS), dtype=bool)
    hours = np.zeros((blocks, len(found)))
    for number, situation in enumerate(found):
        starts, open_then = _patterns(situation, moment)  # (1), (2)
        distinct, which = np.unique(open_then, axis=0, return_inverse=True)
        # (3)
        served = np.array([_served(demand, situation, pattern, min_share) for pattern in distinct])
        of_stretch = served[which.ravel()]
        length = np.diff(np.append(starts, WEEK_MIN)) / 60.0
        hours[:, number] = (of_stretch * length[:, None]).sum(axis=0)  # (4)
        halves = np.searchsorted(starts, np.arange(HALF_HOURS) * 30, side="right") - 1
        strip[:, number] = of_stretch[halves].T
    return Week(week_of(moment), read_only(strip, np.bool_), read_only(hours, np.float64))


def _patterns(situation: Situation, moment: str) -> tuple[FloatArray, BoolArray]:
    """Return (k,) the minutes at which anything changes, 0 first, and (k, o) which offers are open from then on."""
    offers = situation.table.offers
    open_by_hours = {
        hours: open_in_week(hours, moment) for hours in {each.hours for each in offers} - {""}
    }
    edges = {
        edge for stretches in open_by_hours.values() for stretch in stretches for edge in stretch
    }
    starts = np.array(sorted({0, *(edge for edge in edges if edge < WEEK_MIN)}))
    open_then = np.ones((len(starts), len(offers)), dtype=bool)
    for number, each in enumerate(offers):
        if each.hours:
            open_then[:, number] = False
            for begin, end in open_by_hours[each.hours]:
                open_then[(starts >= begin) & (starts < end), number] = True
    return starts.astype(np.float64), open_then


def _served(
    demand: Demand, situation: Situation, open_offers: BoolArray, min_share: float
) -> BoolArray:
    """Return (b,) True where enough of a block's people are served, and find room, while these offers are open."""
    then = replace(situation, rows=replace(situation.rows, open=open_offers[situation.rows.offer]))
    rows = then.rows
    points = holders(rows.point, rows.standing & rows.accepted(), len(demand.weight))
    served = points * (1.0 - crowd(then, demand.people).full)
    share = np.bincount(
        situation.block_of, weights=demand.weight * served, minlength=len(situation.needs)
    )
    return np.asarray(share >= min_share - SHARE_TOLERANCE, dtype=bool)
