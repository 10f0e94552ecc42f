"""When each block is served in a week: hours in which its verdict would be ``served``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, frozen
from walkshed.model.judged.coverage import Demand, Week
from walkshed.needs.access.capacity import full_share
from walkshed.needs.access.rows import holders
from walkshed.needs.access.situation import Situation
from walkshed.needs.judging.quantiles import SHARE_TOLERANCE
from walkshed.needs.rules.calendars import DayCalendar
from walkshed.needs.rules.hours import MINUTES_PER_DAY, open_in_week, week_of

HALF_HOURS = 7 * 48
WEEK_MIN = 7 * MINUTES_PER_DAY


@dataclass(frozen=True, slots=True, eq=False)
class ServiceWeek:
    """When each block is served with one service; fields as those of ``Week``."""

    strip: BoolArray  # (b, 336)
    hours: FloatArray  # (b,)


def week(
    parts: Sequence[ServiceWeek], moment: str, calendar: DayCalendar | None = None
) -> Week | None:
    """Return the week of a moment, of all services in their order.

    None where no moment is asked for.
    """
    if not moment:
        return None
    return Week(
        days=week_of(moment, calendar),
        strip=frozen(np.stack([part.strip for part in parts], axis=1)),
        hours=frozen(np.stack([part.hours for part in parts], axis=1)),
    )


def service_week(
    demand: Demand,
    situation: Situation,
    moment: str,
    *,
    min_share: float,
    calendar: DayCalendar | None = None,
) -> ServiceWeek:
    """Return when each block is served with one service in the week of a moment.

    (1) The minutes at which some offer opens or closes; (2) between them, which offers are open;
    (3) for each set of open offers, met once, the blocks whose share suffices, room included; (4)
    exact hours and a half-hour strip, which at the moment itself says what the verdicts say.
    """
    starts, open_then = _patterns(situation, moment, calendar)  # (1), (2)
    distinct, which = np.unique(open_then, axis=0, return_inverse=True)
    served = np.array(
        [_served(demand, situation, open_offers, min_share) for open_offers in distinct]
    )
    of_stretch = served[which.ravel()]  # (3)

    length_h = np.diff(np.append(starts, WEEK_MIN)) / 60.0  # (4)
    halves = np.searchsorted(starts, np.arange(HALF_HOURS) * 30, side="right") - 1
    hours = (of_stretch * length_h[:, None]).sum(axis=0)
    return ServiceWeek(of_stretch[halves].T, hours)


def _patterns(
    situation: Situation, moment: str, calendar: DayCalendar | None
) -> tuple[FloatArray, BoolArray]:
    """Return (k,) the minutes at which anything changes, 0 first, and (k, o) which offers are open from then on."""
    offers = situation.table.offers
    open_by_hours = {
        hours: open_in_week(hours, moment, calendar)
        for hours in {each.hours for each in offers} - {""}
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
    served = points * (1.0 - full_share(then, demand.people))
    share = np.bincount(
        situation.block_of, weights=demand.weight * served, minlength=situation.blocks
    )
    return np.asarray(share >= min_share - SHARE_TOLERANCE, dtype=bool)
