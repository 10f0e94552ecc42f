"""Who could use which offer: every resident's place, every offer within an adult's limit, and what stands between."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray, ranges
from walkshed.model.town.places import Mode, Need, Offer
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.walks import SECONDS_PER_MINUTE, ByStation, Measure, Walks


@dataclass(frozen=True, slots=True, eq=False)
class OfferTable:
    """The offers that one service has, and those it would have where a station does not offer it.

    ``standing`` tells them apart; ``open`` whether each is open at the moment asked for (True
    without one). ``floors_s`` are the seconds from door to window for one walker, inf where closed.
    """

    offers: tuple[Offer, ...]
    station: IntArray  # (o,)
    standing: BoolArray  # (o,)
    admits: BoolArray  # (o, b)
    open: BoolArray  # (o,)
    floors_s: FloatArray  # (o,)

    @property
    def outreach(self) -> BoolArray:
        """(o,) whether the service comes to the door."""
        return np.array([each.mode is Mode.OUTREACH for each in self.offers], dtype=bool)


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One row per demand point and offer within the limit of an adult's walk (or a crew's way).

    R rows. ``accessible``: this walker gets from home to the window within the limit, floors and
    closed ways counted; ``mendable``: would, if the station had an open ground floor. ``nearness``
    is the walker's way divided by the limit.
    """

    point: Int32Array
    station: Int32Array
    offer: Int32Array
    standing: BoolArray
    entitled: BoolArray
    accessible: BoolArray
    mendable: BoolArray
    open: BoolArray
    nearness: FloatArray

    def accepted(self) -> BoolArray:
        """Return (r,) True where the offer, standing or not, serves the point (capacity aside)."""
        return self.entitled & self.accessible & self.open


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """Rows of some offers in one measure, before what hangs on the offer alone is filled in."""

    point: Int32Array
    offer: Int32Array
    reached: BoolArray
    mendable: BoolArray
    nearness: FloatArray


_NO_IDS, _NO_FLAGS = np.empty(0, dtype=np.int32), np.empty(0, dtype=bool)
_NO_ROWS = _Part(_NO_IDS, _NO_IDS, _NO_FLAGS, _NO_FLAGS, np.empty(0))


def measure_of(need: Need) -> Measure:
    """Return unit and metric of a need."""
    return need.unit, need.metric


def offer_rows(
    walks: Walks,
    needs: Sequence[Need],
    need_of: Int32Array,
    table: OfferTable,
    *,
    walker: Walker,
    crew: Walker,
) -> Rows:
    """Return the rows of one service.

    ``need_of`` (p,) is the place of each point's need in ``needs``, -1 for none. For each measure
    in which some block's limit is given: (1) the points within the limit of an adult's walk to a
    station, or of the crew's way after its readiness; (2) the way of this walker to the same
    station; (3) door to window: floors add time to limits in minutes, and decide only whether the
    window can be reached under limits in meters. Rows go by offer, then measure, then point.
    """
    parts = []
    for measure in dict.fromkeys(map(measure_of, needs)):
        # a point that is judged by another measure has no limit in this one
        limits = [_limit(need) if measure_of(need) == measure else np.nan for need in needs]
        limit = np.array([*limits, np.nan])[need_of]
        parts += [
            _visited(walks, table, limit, measure=measure, walker=walker),
            _visiting(walks, table, limit, measure=measure, crew=crew),
        ]

    return _joined(parts, table, walks.demand.block)


def _visited(
    walks: Walks, table: OfferTable, limit: FloatArray, *, measure: Measure, walker: Walker
) -> _Part:
    """Return the rows of offers to which residents go."""
    farthest = float(np.nanmax(limit, initial=0.0))
    adults = walks.reach(measure, walks.adult, within=farthest)
    own = walks.reach(measure, walker) if walker.id != walks.adult.id else adults

    offers = np.flatnonzero(~table.outreach)
    row, offer = _ranges(adults, table.station, offers)  # (1)
    near = adults.cost[row] <= limit[adults.point[row]]
    row, offer = row[near], offer[near]
    point = adults.point[row]

    cost = adults.cost[row] if own is adults else _same_pairs(adults, own)[row]  # (2)
    within, floors_s = limit[point], table.floors_s[offer]
    mendable = cost <= within
    if measure[0] == "min":  # (3)
        reached = cost + floors_s <= within
    else:
        reached = mendable & np.isfinite(floors_s)

    return _Part(point, offer, reached, mendable, cost / within)


def _visiting(
    walks: Walks, table: OfferTable, limit: FloatArray, *, measure: Measure, crew: Walker
) -> _Part:
    """Return the rows of offers that come to the residents' doors."""
    offers = np.flatnonzero(table.outreach)
    if not len(offers):
        return _NO_ROWS

    ready_s = np.array([each.readiness_min for each in table.offers]) * SECONDS_PER_MINUTE
    before = ready_s if measure[0] == "min" else np.zeros(len(table.offers))
    ways = walks.reach(measure, crew, crew=True)
    row, offer = _ranges(ways, table.station, offers)
    cost = ways.cost[row] + before[offer]
    near = cost <= limit[ways.point[row]]
    point, cost = ways.point[row][near], cost[near]
    always = np.ones(len(point), dtype=bool)
    return _Part(point, offer[near], always, always, cost / limit[point])


def _ranges(pairs: ByStation, station: IntArray, offers: IntArray) -> tuple[IntArray, Int32Array]:
    """Return the rows of ``pairs`` of each offer's station, one offer after the other, and whose they are."""
    begin, end = pairs.start[station[offers]], pairs.start[station[offers] + 1]
    return ranges(begin, end - begin), np.repeat(offers, end - begin).astype(np.int32)


def _same_pairs(pairs: ByStation, others: ByStation) -> FloatArray:
    """Return (r,) the cost in ``others`` of each row's point and station.

    Inf for a pair that it lacks.
    """
    points = 1 + max(pairs.point.max(initial=-1), others.point.max(initial=-1))
    keys, known = (
        np.repeat(np.arange(len(each.start) - 1), np.diff(each.start)) * points + each.point
        for each in (pairs, others)
    )

    place = np.searchsorted(known, keys)
    found = place < len(known)
    found[found] = known[place[found]] == keys[found]

    cost = np.full(len(keys), np.inf)
    cost[found] = others.cost[place[found]]
    return cost


def _limit(need: Need) -> float:
    return need.limit * (SECONDS_PER_MINUTE if need.unit == "min" else 1.0)


def _joined(parts: list[_Part], table: OfferTable, block_of: IntArray) -> Rows:
    """Return the rows of all parts, offer by offer."""
    parts = [part for part in parts if len(part.point)] or [_NO_ROWS]
    point, offer, reached, mendable, nearness = (
        np.concatenate([getattr(part, name) for part in parts]) for name in _Part.__slots__
    )

    if len(parts) > 1:
        order = np.argsort(offer, kind="stable")
        point, offer, nearness = point[order], offer[order], nearness[order]
        reached, mendable = reached[order], mendable[order]

    # what hangs on the offer alone
    if table.admits.all():
        entitled = np.ones(len(point), dtype=bool)
    else:
        entitled = table.admits[offer, block_of[point]]

    return Rows(
        point=point,
        station=table.station.astype(np.int32)[offer],
        offer=offer,
        standing=table.standing[offer],
        entitled=entitled,
        accessible=reached,
        mendable=mendable,
        open=table.open[offer],
        nearness=nearness,
    )


def holders(point: IntArray | Int32Array, mask: BoolArray, points: int) -> BoolArray:
    """Return (p,) True for points that have a row in the mask."""
    found = np.zeros(points, dtype=bool)
    found[point[mask]] = True
    return found
