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
    return Segments(streets, begin, end, from_m, to_m, owner, tree)


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
    return Feet(place[order], owner[segment][order], at_m[order], leg_m[kept][order], foot[order])


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
