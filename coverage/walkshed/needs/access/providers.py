"""The providers that admit a resident, however far: nearest on foot, as the crow flies, and first at the door."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray, IntArray, read_only
from walkshed.model.ground.walking import Nearest
from walkshed.model.town.places import Mode
from walkshed.model.town.walkers import Walker
from walkshed.needs.access.floors import pace_in_meters
from walkshed.needs.access.rows import measure_of
from walkshed.needs.access.situation import Situation
from walkshed.needs.access.walks import Walks
from walkshed.needs.rules.standards import SECONDS_PER_MINUTE
from walkshed.walk.distances import nearest

#: Blocks whose distances to all places are held in memory together.
BLOCKS_AT_ONCE = 4096
#: Rounding of distances, relative and in meters, that keeps a place from being left out.
MARGIN = 1e-6


def nearest_admitting(walks: Walks, situation: Situation) -> Nearest:
    """Return the nearest and second nearest standing provider that admits each point, for an unrestricted adult.

    Stations open to all are searched together; each narrower one on its own, for those whom it
    admits.
    """
    to_all, narrow = _providers(situation)
    if len(to_all):
        found = nearest(walks.network, walks.demand.anchors, walks.stations.take(to_all))
        station, meters = np.append(to_all, -1)[found.station], found.distance_m.copy()
        inside = walks.inside_cost()
        for each in np.intersect1d(walks.inside.station, to_all).tolist():
            away = walks.inside_from(each, inside)
            _lower(station, meters, each, away)
    else:
        points = len(walks.demand.weight)
        station, meters = np.full((points, 2), -1), np.full((points, 2), np.inf)

    for each, admitted in narrow:
        away = np.where(admitted[situation.block_of], walks.endless(each), np.inf)
        _insert(station, meters, each, away)

    return Nearest(read_only(station, np.int32), read_only(meters, np.float64))


def nearest_on_open_streets(walks: Walks, situation: Situation, walker: Walker) -> FloatArray:
    """Return (p,) the meters to the nearest standing provider that admits each point, on streets open to the walker."""
    pace = pace_in_meters(walks.network, walker)
    to_all, narrow = _providers(situation)
    best = np.full(len(situation.block_of), np.inf)
    if len(to_all):
        stations = walks.stations.take(to_all)
        found = nearest(walks.network, walks.demand.anchors, stations, pace=pace, second=False)
        best = found.distance_m[:, 0].copy()

    inside = walks.inside_cost("m", walker)
    for each in np.intersect1d(walks.inside.station, to_all).tolist():
        best = np.minimum(best, walks.inside_from(each, inside))

    for each, admitted in narrow:
        place = walks.stations.take(np.array([each]))
        found = nearest(walks.network, walks.demand.anchors, place, pace=pace, second=False)
        away = np.minimum(found.distance_m[:, 0], walks.inside_from(each, inside))
        best = np.minimum(best, np.where(admitted[situation.block_of], away, np.inf))

    return best


def straight_to_admitting(walks: Walks, situation: Situation) -> FloatArray:
    """Return (p,) the meters as the crow flies to the nearest standing provider that admits each point, or inf."""
    to_all, narrow = _providers(situation)
    points, places = walks.demand.xy, walks.stations.point_xy
    best = nearest_straight(points, walks.demand.start, places[to_all])
    for each, admitted in narrow:
        away = np.hypot(points[:, 0] - places[each, 0], points[:, 1] - places[each, 1])
        best = np.minimum(best, np.where(admitted[situation.block_of], away, np.inf))
    return best


def nearest_straight(points: FloatArray, start: IntArray, places: FloatArray) -> FloatArray:
    """Return (p,) the meters as the crow flies from each point (p, 2) to the nearest of some places (t, 2), or inf.

    The points of a block (rows ``start[i]:start[i + 1]``) lie close together: a place can be the
    nearest to one of them only if, seen from the middle of the block, it is no farther than the
    nearest place and the block is wide. Those few are measured from every point.
    """
    best = np.full(len(points), np.inf)
    if not len(places) or not len(points):
        return best

    # the middle of each block, and how far its points lie from it
    count, first = np.diff(start), start[:-1]
    block = np.repeat(np.arange(len(count)), count)
    low, high = (each.reduceat(points, first, axis=0) for each in (np.minimum, np.maximum))
    middle = (low + high) / 2
    wide_m = np.hypot(*((high - low) / 2).T) * (1 + MARGIN) + MARGIN

    for begin in range(0, len(count), BLOCKS_AT_ONCE):
        here = slice(begin, begin + BLOCKS_AT_ONCE)
        away = np.hypot(
            middle[here, None, 0] - places[None, :, 0], middle[here, None, 1] - places[None, :, 1]
        )
        near = away <= (away.min(axis=1) * (1 + MARGIN) + 2 * wide_m[here])[:, None]

        # the first place near each block, then the second, and so on
        rows, columns = np.nonzero(near)
        rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
        mine = np.arange(start[begin], start[min(begin + BLOCKS_AT_ONCE, len(count))])
        own = block[mine] - begin
        for number in range(int(rank.max(initial=-1)) + 1):
            place = np.full(len(away), -1, dtype=np.int64)
            place[rows[rank == number]] = columns[rank == number]
            some = mine[place[own] >= 0]
            at = places[place[block[some] - begin]]
            meters = np.hypot(points[some, 0] - at[:, 0], points[some, 1] - at[:, 1])
            best[some] = np.minimum(best[some], meters)
    return best


def quickest_crews(walks: Walks, situation: Situation) -> tuple[IntArray, FloatArray] | None:
    """Return (p,) whose crew is first at each point's door (-1 for none), and (p,) its minutes with getting ready.

    Of stations equally quick the lower one. None for a service that residents go to, and where
    limits are not minutes along streets.
    """
    table = situation.table
    standing = np.flatnonzero(table.standing)
    measures = {measure_of(need) for need in situation.needs}
    if measures != {("min", "network")} or any(
        table.offers[row].mode is not Mode.OUTREACH for row in standing
    ):
        return None

    station = np.full(len(situation.block_of), -1, dtype=np.int64)
    seconds = np.full(len(situation.block_of), np.inf)
    for row in standing[np.argsort(table.station[standing], kind="stable")]:
        each = int(table.station[row])
        before = table.offers[row].readiness_min * SECONDS_PER_MINUTE
        admitted = table.admits[row][situation.block_of]
        away = np.where(admitted, walks.coming(each, situation.crew) + before, np.inf)
        quicker = away < seconds
        station[quicker], seconds[quicker] = each, away[quicker]

    return station, seconds / SECONDS_PER_MINUTE


def _providers(situation: Situation) -> tuple[IntArray, list[tuple[int, BoolArray]]]:
    """Return the stations with an offer that admits every block, and the others with those whom they admit."""
    table = situation.table
    to_all, narrow = [], []
    for station in np.unique(table.station[table.standing]):
        admitted = table.admits[table.standing & (table.station == station)].any(axis=0)
        if admitted.all():
            to_all.append(int(station))
        elif admitted.any():
            narrow.append((int(station), admitted))

    return np.array(to_all, dtype=np.int64), narrow


def _lower(station: IntArray, meters: FloatArray, each: int, away: FloatArray) -> None:
    """Lower the meters of a station that may be among the best two of every point already.

    The first two arguments are changed.
    """
    # where it is the second best it is taken out, and put in anew
    second = (station[:, 1] == each) & (away < meters[:, 1])
    meters[second, 1], station[second, 1] = np.inf, -1
    first = station[:, 0] == each
    meters[first, 0] = np.minimum(meters[first, 0], away[first])
    _insert(station, meters, each, np.where(first | (station[:, 1] == each), np.inf, away))


def _insert(station: IntArray, meters: FloatArray, each: int, away: FloatArray) -> None:
    """Put one more station among the best two of every point, ties to the lower station.

    The first two arguments are changed.
    """

    def before(column: int) -> BoolArray:
        equal = (away == meters[:, column]) & (each < station[:, column])
        return np.asarray(np.isfinite(away) & ((away < meters[:, column]) | equal), dtype=bool)

    first, second = before(0), before(1)
    meters[first, 1], station[first, 1] = meters[first, 0], station[first, 0]
    meters[first, 0], station[first, 0] = away[first], each
    only_second = second & ~first
    meters[only_second, 1], station[only_second, 1] = away[only_second], each
