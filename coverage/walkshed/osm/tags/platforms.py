"""What stops at a platform that does not say so: trams where the nearest track is a tram's."""

from __future__ import annotations

from collections.abc import Sequence
from types import MappingProxyType

import numpy as np
import shapely

from walkshed.model.arrays import FloatArray
from walkshed.model.ground.extract import Tags

#: Values of ``railway`` that are tracks. Platforms beside the first kind lie in the street.
TRAM = "tram"
TRACKS = frozenset({TRAM, "rail", "subway", "light_rail", "monorail", "narrow_gauge", "funicular"})
#: Tags by which a platform says what stops there.
_STOPS = frozenset({"train", "subway", "light_rail", "monorail", "tram", "bus", "funicular"})
#: A platform's outline lies no farther from the track that it serves.
BESIDE_M = 15.0
METERS_PER_DEGREE = 111_320.0


def is_silent(tags: Tags) -> bool:
    """Return whether these are the tags of a railway's platform that does not say what stops there."""
    return tags.get("railway") == "platform" and _STOPS.isdisjoint(tags)


def silent_rows(tags: Sequence[Tags]) -> list[int]:
    """Return the rows of ways whose tags are silent."""
    return [row for row, own in enumerate(tags) if "railway" in own and is_silent(own)]


def with_trams(
    tags: Sequence[Tags],
    lines: Sequence[FloatArray | None],
    tracks: Sequence[tuple[str, FloatArray]],
) -> list[Tags]:
    """Return the tags of ways, with ``tram=yes`` for silent platforms whose nearest track is a tram's.

    ``lines`` holds the places of the nodes (degrees) of each silent platform, None for other ways;
    ``tracks`` the kind and the places of each track.
    """
    told = list(tags)
    rows = [row for row, line in enumerate(lines) if line is not None and len(line)]
    drawn = [(kind, line) for kind, line in tracks if len(line) > 1]
    if not rows or not drawn:
        return told

    # Meters near the first platform are good enough for a distance of a few of them.
    south = float(np.asarray(lines[rows[0]])[0, 1])
    scale = METERS_PER_DEGREE * np.array([np.cos(np.radians(south)), 1.0])
    tree = shapely.STRtree([shapely.LineString(line * scale) for _, line in drawn])
    platforms = [shapely.MultiPoint(np.asarray(lines[row]) * scale) for row in rows]
    near, track = tree.query_nearest(platforms, max_distance=BESIDE_M)

    kinds: dict[int, set[str]] = {}
    for at, line in zip(near.tolist(), track.tolist(), strict=True):
        kinds.setdefault(rows[at], set()).add(drawn[line][0])
    for row, found in kinds.items():
        if found == {TRAM}:
            told[row] = MappingProxyType({**tags[row], TRAM: "yes"})
    return told
