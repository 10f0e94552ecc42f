"""Who could use which offer: every resident's place, every offer within an adult's limit, and what stands between."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, Int32Array, IntArray
from walkshed.model.places import Mode, Need, Offer
from walkshed.model.walkers import Walker
from walkshed.needs.walks import SECONDS_PER_MINUTE, Measure, Walks


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


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """One row per demand point and offer within the limit of an adult's walk (or a crew's way); r rows.

    ``accessible``: this walker gets from home to the window within the limit, floors and closed
    ways counted; ``mendable``: would, if the station had an open ground floor. ``nearness`` is the
    walker's way divided by the limit.
    """

    point: IntArray
    station: IntArray
    offer: IntArray
    standing: BoolArray
    entitled: BoolArray
    accessible: BoolArray
    mendable: BoolArray
    open: BoolArray
    nearness: FloatArray

    def accepted(self) -> BoolArray:
        """Return (r,) True where the offer, standing or not, serves the point (capacity aside)."""
        return self.entitled & self.accessible & self.open


def measure_of(need: Need | None) -> Measure | None:
    """Return unit and metric of a need."""
    return None if need is None else (need.unit, need.metric)


def offer_rows(
    walks: Walks,
    needs: list[Need | None],
    block_of: IntArray,
    table: OfferTable,
    walker: Walker,
    crew: Walker,
) -> Rows:
    """Return the rows of one service; ``needs`` are those of each block, ``block_of`` the block of each point.

    For each offer and each measure in which some block's limit is given: (1) the points within the
    limit of an adult's walk, or of the crew's way after its readiness; (2) the way of this walker
    to the same station; (3) door to window: floors add time to limits in minutes, and decide only
    whether the window can be reached under limits in meters.
    """
    measures = list(dict.fromkeys(each for each in map(measure_of, needs) if each is not None))
    number_of = {measure: number for number, measure in enumerate(measures)}
    of_point = np.array([number_of.get(measure_of(need), -1) for need in needs])[block_of]  # type: ignore[arg-type]
    limit = np.array([np.nan if need is None else _limit(need) for need in needs])[block_of]
    parts: list[tuple[IntArray, int, BoolArray, BoolArray, BoolArray, FloatArray]] = []
    own = np.full(len(block_of), np.inf)
    for offer, each in enumerate(table.offers):
        station = int(table.station[offer])
        outreach = each.mode is Mode.OUTREACH
        for number, measure in enumerate(measures):
            in_minutes = measure[0] == "min"
            before = each.readiness_min * SECONDS_PER_MINUTE if outreach and in_minutes else 0.0
            # (1)
            point, cost = walks.reach(measure, crew if outreach else walks.adult, crew=outreach).of(
                station
            )
            near = (of_point[point] == number) & (cost + before <= limit[point])
            point, cost = point[near].astype(np.int64), cost[near] + before
            within = limit[point]
            if outreach:
                reached = mendable = np.ones(len(point), dtype=bool)
            else:
                other, way = walks.reach(measure, walker).of(station)  # (2)
                own[other] = way
                cost = own[point].copy()
                own[other] = np.inf
                floors = float(table.floors_s[offer])  # (3)
                mendable = cost <= within
                reached = (
                    (cost + floors <= within) if in_minutes else mendable & np.isfinite(floors)
                )
            entitled = table.admits[offer][block_of[point]]
            parts.append((point, offer, entitled, reached, mendable, cost / within))
    return _joined(parts, table)


def _limit(need: Need) -> float:
    return need.limit * (SECONDS_PER_MINUTE if need.unit == "min" else 1.0)


def _joined(
    parts: list[tuple[IntArray, int, BoolArray, BoolArray, BoolArray, FloatArray]],
    table: OfferTable,
) -> Rows:
    if not parts:
        none, no = np.empty(0, dtype=np.int64), np.empty(0, dtype=bool)
        return Rows(none, none, none, no, no, no, no, no, np.empty(0))
    offer = np.repeat([part[1] for part in parts], [len(part[0]) for part in parts])
    return Rows(
        point=np.concatenate([part[0] for part in parts]),
        station=table.station[offer],
        offer=offer,
        standing=table.standing[offer],
        entitled=np.concatenate([part[2] for part in parts]),
        accessible=np.concatenate([part[3] for part in parts]),
        mendable=np.concatenate([part[4] for part in parts]),
        open=table.open[offer],
        nearness=np.concatenate([part[5] for part in parts]),
    )


def holders(point: IntArray | Int32Array, mask: BoolArray, points: int) -> BoolArray:
    """Return (p,) True for points that have a row in the mask."""
    found = np.zeros(points, dtype=bool)
    found[point[mask]] = True
    return found
