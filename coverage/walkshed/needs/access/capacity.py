"""Whether there is room: supply against the people who would come (enhanced two-step floating catchment area).

Luo and Qi (2009), "An enhanced two-step floating catchment area (E2SFCA) method for measuring
spatial accessibility to primary care physicians", Health & Place 15(4), 1100-1107: (1) each offer j
has the ratio R_j = S_j / Σ_k P_k W(k, j) of its places to the people within its catchment; (2) each
place i has the supply per head A_i = Σ_j R_j W(i, j). W is a step per third of the limit: 1, 0.68
and 0.22, the paper's weights of rapid decay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.judged.coverage import Burden
from walkshed.model.town.places import Need
from walkshed.needs.access.situation import Situation

DECAY: tuple[tuple[float, float], ...] = ((1 / 3, 1.0), (2 / 3, 0.68), (1.0, 0.22))


def decay(nearness: FloatArray) -> FloatArray:
    """Return the weight of each way, given as a part of its limit; 0 beyond it."""
    bounds, weights = (
        np.array([*(bound for bound, _ in DECAY)]),
        np.array([*(weight for _, weight in DECAY), 0.0]),
    )
    return np.asarray(weights[np.searchsorted(bounds, nearness - 1e-12)], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """What E2SFCA makes of one service: supply per head of each point, and who would come to each offer."""

    supply: FloatArray  # (p,) places per head; inf where an offer of unknown capacity is in reach
    full: FloatArray  # (p,) the share of those otherwise served for whom there is no room
    comers: FloatArray  # (o,) people
    without_room: FloatArray  # (o,) those of them
    short: FloatArray  # (o,) the places that they would need


def two_step(
    point: IntArray | Int32Array,
    offer: IntArray | Int32Array,
    weight: FloatArray,
    people: FloatArray,
    places: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Return supply per head (p,) and, for each row, the share of its point's people who would come to its offer.

    Rows (point, offer, weight); ``people`` (p,), ``places`` (o,), nan for unknown: such an offer is
    never full, gives its points infinite supply, and no people are counted as coming to it.
    """
    demand = np.bincount(offer, weights=people[point] * weight, minlength=len(places))
    known = np.isfinite(places)
    ratio = np.divide(
        np.where(known, places, 0.0), demand, out=np.zeros(len(places)), where=demand > 0
    )

    # what a point gets of each offer; an offer whose places are not known is never full
    part = ratio[offer] * weight
    supply = np.bincount(point, weights=part, minlength=len(people)).astype(np.float64)
    share = np.divide(part, supply[point], out=np.zeros(len(part)), where=supply[point] > 0)

    supply[point[~known[offer]]] = np.inf
    return supply, share


def crowd(situation: Situation, people: FloatArray) -> Crowd:
    """Return who finds room: full = max(0, 1 − supply ÷ required), required being the standard's places per head."""
    rows, table = situation.rows, situation.table
    use = rows.standing & rows.accepted()
    point, offer = rows.point[use], rows.offer[use]
    places = np.array([np.nan if each.capacity is None else each.capacity for each in table.offers])
    supply, share = two_step(point, offer, decay(rows.nearness[use]), people, places)
    required = situation.by_need(_per_head, without=np.nan)[situation.block_of]
    asked = required > 0  # nan: the standard asks nothing
    full = np.zeros(len(people))
    full[asked] = np.maximum(0.0, 1.0 - supply[asked] / required[asked])
    if not np.any(people > 0):
        full[:] = 0.0

    def sums(of_point: FloatArray) -> FloatArray:
        return np.bincount(offer, weights=of_point[point] * share, minlength=len(places)).astype(
            np.float64
        )

    left_out = people * full
    return Crowd(
        supply, full, sums(people), sums(left_out), sums(np.where(asked, left_out * required, 0.0))
    )


def full_share(situation: Situation, people: FloatArray) -> FloatArray:
    """Return (p,) the share of those otherwise served for whom there is no room.

    0 where no standard asks for any.
    """
    if not any(_per_head(need) > 0 for need in situation.needs):
        return np.zeros(len(people))
    return crowd(situation, people).full


def shares(situation: Situation, people: FloatArray, use: BoolArray) -> FloatArray:
    """Return (r,) the share of its point's people for whom each row's offer alone has room.

    0 outside ``use``. Of E2SFCA the ratio of an offer depends on no other's, so that the shares
    of several offers add up: a point is served to min(1, their sum), which is what ``crowd`` finds
    for offers that stand.
    """
    rows, table = situation.rows, situation.table
    point, offer = rows.point[use], rows.offer[use]
    weight = decay(rows.nearness[use])
    places = np.array([_or_nan(each.capacity) for each in table.offers])
    comers = np.bincount(offer, weights=people[point] * weight, minlength=len(places))

    required = situation.by_need(_per_head, without=np.nan)[situation.block_of][point]
    counts = (required > 0) & np.isfinite(places[offer]) & bool(np.any(people > 0))
    supply = np.divide(
        places[offer] * weight, comers[offer], out=np.zeros(len(point)), where=comers[offer] > 0
    )

    found = np.zeros(len(use))
    found[use] = np.where(counts, np.minimum(supply / np.where(counts, required, 1.0), 1.0), 1.0)
    return found


def _or_nan(value: float | None) -> float:
    """Return the value, nan where it is not known."""
    return np.nan if value is None else value


def burdens(situation: Situation, service: int, people: FloatArray) -> tuple[Burden, ...]:
    """Return the burden of every standing offer whose capacity or rooms are known, in the order of stations."""
    table, rows = situation.table, situation.rows
    stated = [
        number
        for number, offer in enumerate(table.offers)
        if table.standing[number] and not (offer.capacity is None and offer.area_m2 is None)
    ]
    if not stated:
        return ()

    # an offer is measured by the strictest row of the standard among the blocks that it serves
    found = crowd(situation, people)
    use = rows.standing & rows.accepted()
    need_of, of_offer = situation.need_of[situation.block_of[rows.point[use]]], rows.offer[use]
    return tuple(
        _burden(
            situation,
            found,
            number,
            service=service,
            needs=[
                situation.needs[place]
                for place in np.unique(need_of[of_offer == number])
                if place >= 0
            ],
        )
        for number in stated
    )


def _burden(
    situation: Situation, found: Crowd, number: int, *, service: int, needs: list[Need]
) -> Burden:
    """Return what one offer has and what the needs of those whom it serves ask of it."""
    offer = situation.table.offers[number]
    per_head = max((_per_head(need) for need in needs if _per_head(need) > 0), default=np.nan)
    areas = [need.min_area_m2 for need in needs if need.min_area_m2 is not None]
    known = 1.0 if offer.capacity is not None else np.nan
    asked = known if per_head > 0 else np.nan

    return Burden(
        station=int(situation.table.station[number]),
        service=service,
        places=_or_nan(offer.capacity),
        people=known * float(found.comers[number]),
        people_full=asked * float(found.without_room[number]),
        places_required=known * float(found.comers[number]) * per_head,
        places_short=asked * float(found.short[number]),
        area_m2=_or_nan(offer.area_m2),
        area_required_m2=max(areas, default=np.nan),
    )


def _per_head(need: Need) -> float:
    return np.nan if need.places_per_1000 is None else need.places_per_1000 / 1000.0
