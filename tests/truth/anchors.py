"""Where a place meets the streets: the nearest foot, on each of several streets equally near (definition 3)."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import shapely

from truth.plane import rounded
from truth.streets import USABLE_M, Streets


@dataclass(frozen=True)
class Feet:
    """Where n places meet streets: rows sorted by place; ``at_m`` from the street's start, ``leg_m`` from the place."""

    place: np.ndarray
    street: np.ndarray
    at_m: np.ndarray
    leg_m: np.ndarray
    xy: np.ndarray
    #: Of rows that lead straight across a square to an entry: the square, else -1, where one stands
    #: on it, and the part of the leg that leads there.
    square: np.ndarray | None = None
    own_xy: np.ndarray | None = None
    own_leg_m: np.ndarray | None = None


@dataclass(frozen=True)
class Segments:
    """All straight segments of streets that may be met: those of usable parts, stepped onto anywhere.

    Streets that are entered at their ends only (bridges, tunnels) are not met: their ends are ends
    of other streets too.
    """

    streets: Streets
    begin: np.ndarray
    end: np.ndarray
    from_m: np.ndarray
    to_m: np.ndarray
    owner: np.ndarray
    tree: shapely.STRtree
    usable: np.ndarray | None = None


def segments_of(streets: Streets, usable: np.ndarray | None = None) -> Segments:
    """Return the segments of the components that are marked usable, of all where nothing is marked."""
    open_to = [
        number
        for number, street in enumerate(streets.streets)
        if street.manner.enterable and (usable is None or usable[streets.component[number]])
    ]
    none = [np.zeros((0, 2))]
    begin = np.concatenate(none + [streets.xy[number][:-1] for number in open_to])
    end = np.concatenate(none + [streets.xy[number][1:] for number in open_to])
    from_m = np.concatenate([[], *(streets.at_m[number][:-1] for number in open_to)])
    to_m = np.concatenate([[], *(streets.at_m[number][1:] for number in open_to)])
    sizes = [len(streets.xy[number]) - 1 for number in open_to]
    owner = np.repeat(np.array(open_to, dtype=int), sizes)
    tree = shapely.STRtree(shapely.linestrings(np.stack([begin, end], axis=1)))
    return Segments(streets, begin, end, from_m, to_m, owner, tree, usable)


def feet_of(segments: Segments, xy: np.ndarray, *, max_snap_m: float) -> Feet:
    """Return the feet of the perpendiculars from (n, 2) places on the nearest segments.

    Legs are compared, and kept, in 1/1024 m.
    """
    streets, begin, end = segments.streets, segments.begin, segments.end
    from_m, to_m, owner = segments.from_m, segments.to_m, segments.owner

    # every place with every segment within reach; a leg is at most the limit once rounded
    reach_m = max_snap_m + 1.0
    place, segment = segments.tree.query(shapely.points(xy), predicate="dwithin", distance=reach_m)
    foot, fraction = _perpendicular(xy[place], begin[segment], end[segment])
    leg_m = rounded(np.sqrt(((xy[place] - foot) ** 2).sum(axis=1)))

    # the least leg of each place, and all that equal it
    least = np.full(len(xy), np.inf)
    np.minimum.at(least, place, leg_m)
    kept = (leg_m == least[place]) & (leg_m <= max_snap_m)
    place, segment, foot, fraction = place[kept], segment[kept], foot[kept], fraction[kept]
    at_m = from_m[segment] + fraction * (to_m - from_m)[segment]
    at_m = np.clip(rounded(at_m), 0.0, streets.length_m[owner[segment]])
    order = np.lexsort([at_m, owner[segment], place])
    feet = Feet(place[order], owner[segment][order], at_m[order], leg_m[kept][order], foot[order])
    return _with_squares(feet, segments, xy)


def _with_squares(feet: Feet, segments: Segments, xy: np.ndarray) -> Feet:
    """Return the feet with the entries of squares for whoever stands on one (definition 16).

    Each entry is met with the meters straight across as leg; an ordinary foot stays only where it
    lies straight across.
    """
    streets = segments.streets
    ends: dict[int, tuple[int, float]] = {}
    for number, street in enumerate(streets.streets):
        if segments.usable is None or segments.usable[streets.component[number]]:
            ends.setdefault(street.start, (number, 0.0))
            ends.setdefault(street.end, (number, float(streets.length_m[number])))

    # whoever stands on a square, and the ordinary feet that are seen from there
    on_one, seen = np.zeros(len(xy), dtype=bool), np.zeros(len(feet.place), dtype=bool)
    parts = []
    for number, square in enumerate(streets.squares):
        rows = [row for row, node in enumerate(square.entries) if node in ends]
        if not square.stood_on or not rows:
            continue
        standing = np.flatnonzero(square.holds(xy))
        if not len(standing):
            continue
        on_one[standing] = True
        mine = np.flatnonzero(np.isin(feet.place, standing))
        seen[mine] |= square.sees(xy[feet.place[mine]], feet.xy[mine])
        meters = rounded(square.meters(xy[standing], square.entry_xy[rows]))
        at, column = np.nonzero(np.isfinite(meters))
        street, at_m = np.array([ends[square.entries[row]] for row in rows])[column].T
        parts.append((standing[at], street, at_m, meters[at, column], number, column, rows))
    kept = ~on_one[feet.place] | seen

    # all rows together, by place
    place = np.concatenate([feet.place[kept], *(part[0] for part in parts)]).astype(int)
    street = np.concatenate([feet.street[kept], *(part[1] for part in parts)]).astype(int)
    at_m = np.concatenate([feet.at_m[kept], *(part[2] for part in parts)])
    leg_m = np.concatenate([feet.leg_m[kept], *(part[3] for part in parts)])
    entry_xy = [streets.squares[part[4]].entry_xy[part[6]][part[5]] for part in parts]
    foot = np.concatenate([feet.xy[kept], *entry_xy])
    on = [np.full(int(kept.sum()), -1), *(np.full(len(part[0]), part[4]) for part in parts)]
    square_of = np.concatenate(on)
    order = np.lexsort([leg_m, at_m, street, square_of, place])
    place = place[order]
    own = square_of[order], xy[place], np.zeros(len(place))
    return Feet(place, street[order], at_m[order], leg_m[order], foot[order], *own)


def _perpendicular(
    xy: np.ndarray, begin: np.ndarray, end: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return the nearest point of each segment, and its fraction of the segment; ends are met exactly."""
    along = end - begin
    square = (along**2).sum(axis=1)
    fraction = ((xy - begin) * along).sum(axis=1) / np.where(square > 0, square, 1.0)
    fraction = np.clip(np.where(square > 0, fraction, 0.0), 0.0, 1.0)
    foot = begin + fraction[:, None] * along
    foot[fraction == 1.0] = end[fraction == 1.0]
    return foot, fraction


def usable_components(streets: Streets, station_xy: np.ndarray, *, max_snap_m: float) -> np.ndarray:
    """Return which components count: longer than 500 m, or holding a station by its own foot (definition 3)."""
    usable = streets.component_m > USABLE_M
    held = feet_of(segments_of(streets), station_xy, max_snap_m=max_snap_m)
    usable[streets.component[held.street]] = True
    return usable
