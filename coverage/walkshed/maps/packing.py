"""Geometry on its way to the page: rounded to 1e-6 degrees and packed into short strings.

Lines are packed as encoded polylines with six decimals (Google, "Encoded Polyline Algorithm
Format"): differences between rounded coordinates, latitude first, zigzag, five bits to a printable
character.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from walkshed.model.arrays import FloatArray, IntArray, ObjectArray
from walkshed.model.ground.plane import Plane

#: Degrees are drawn to 1e-6 (11 cm): finer than a line on any screen.
DRAWN_DECIMALS = 6
#: Planar meters are shown as degrees at the equator, where Web Mercator keeps shapes and the scale
#: bar is right.
METERS_PER_DEGREE = 6378137.0 * np.pi / 180.0
#: So many integers are packed at once: all of a town's coordinates would take much memory.
PACKED_AT_ONCE = 1 << 16

Rings = list[str]  # one polygon: its outline, then its holes
Polygons = list[Rings]


def degrees(plane: Plane, xy: FloatArray) -> FloatArray:
    """Return (n, 2) degrees, longitude first, at which (n, 2) plane meters are drawn."""
    lonlat = plane.to_lonlat(np.asarray(xy, dtype=np.float64).reshape(-1, 2))
    return lonlat / METERS_PER_DEGREE if plane.planar else lonlat


def drawn_point(plane: Plane, xy: FloatArray) -> list[float]:
    """Return [lat, lon] rounded for the page."""
    (lon, lat) = degrees(plane, xy)[0]
    return [round(float(lat), DRAWN_DECIMALS), round(float(lon), DRAWN_DECIMALS)]


def drawn_points(plane: Plane, xy: FloatArray) -> list[list[float]]:
    """Return [lat, lon] of (n, 2) plane meters, rounded for the page."""
    latlon = degrees(plane, xy)[:, ::-1]
    points: list[list[float]] = np.round(latlon, DRAWN_DECIMALS).tolist()
    return points


def pack_column(values: NDArray[Any]) -> str:
    """Return all integers of an array as one text, packed like a row of ``pack_integers``."""
    flat = np.asarray(values).ravel()
    return pack_integers(flat, np.array([0, len(flat)], dtype=np.int64))[0]


def pack_integers(values: IntArray, start: IntArray) -> list[str]:
    """Return one string per row ``start[i]:start[i + 1]`` of signed integers.

    They are zigzag integers, five bits to a character.
    """
    values = np.asarray(values, dtype=np.int64)
    written, sizes = [], [np.zeros(1, dtype=np.int64)]
    for begin in range(0, len(values), PACKED_AT_ONCE):
        characters, size = _characters(values[begin : begin + PACKED_AT_ONCE])
        written.append(characters)
        sizes.append(size)

    # a row ends where its last integer does
    text = b"".join(written).decode("ascii")
    ends = np.cumsum(np.concatenate(sizes))[np.asarray(start, dtype=np.int64)].tolist()
    return [text[begin:end] for begin, end in pairwise(ends)]


def _characters(values: IntArray) -> tuple[bytes, IntArray]:
    """Return signed integers as characters, and how many each takes."""
    # small numbers of either sign become small ones without a sign: 0, -1, 1, -2 → 0, 1, 2, 3
    zigzag = (values << 1) ^ (values >> 63)
    longest = int(zigzag.max(initial=0)).bit_length()

    # five bits at a time, as many as there are, but one at least
    chunks = np.arange(max(1, -(-longest // 5)), dtype=np.int64) * 5
    shifted = zigzag[:, None] >> chunks[None, :]
    used = shifted > 0
    used[:, 0] = True

    # the sixth bit says that more follow
    follows = np.zeros_like(used)
    follows[:, :-1] = used[:, 1:]
    characters = (shifted & 31) + 63 + np.where(follows, 32, 0)
    return characters[used].astype(np.uint8).tobytes(), used.sum(axis=1)


def unpack_integers(text: str) -> IntArray:
    """Return the integers of a packed text."""
    bits = np.frombuffer(text.encode("ascii"), dtype=np.uint8).astype(np.int64) - 63
    if len(bits) == 0:
        return bits

    # an integer begins after the last character of the one before
    last = (bits & 32) == 0
    begin = np.concatenate([[0], np.flatnonzero(last)[:-1] + 1])
    place = np.arange(len(bits)) - np.repeat(begin, np.diff(np.append(begin, len(bits))))
    zigzag = np.add.reduceat((bits & 31) << (5 * place), begin)
    return np.asarray((zigzag >> 1) ^ -(zigzag & 1), dtype=np.int64)


def pack_lines(plane: Plane, xy: FloatArray, start: IntArray) -> list[str]:
    """Return one packed line per row ``start[i]:start[i + 1]`` of plane meters ``xy``."""
    start = np.asarray(start, dtype=np.int64)
    latlon = degrees(plane, xy)[:, ::-1]
    whole = np.round(latlon * 10**DRAWN_DECIMALS).astype(np.int64)

    # differences within a line, whose first point stands as it is
    steps = np.diff(whole, axis=0, prepend=np.zeros((1, 2), dtype=np.int64))
    first = start[:-1][start[:-1] < start[1:]]
    steps[first] = whole[first]
    return pack_integers(steps.reshape(-1), start * 2)


def pack_linestrings(plane: Plane, lines: ObjectArray) -> list[str]:
    """Return one packed line per shapely LineString on the plane."""
    lines = np.asarray(lines, dtype=object)
    counts = shapely.get_num_coordinates(lines)
    return pack_lines(
        plane,
        shapely.get_coordinates(lines),
        np.concatenate([[0], np.cumsum(counts)]).astype(np.int64),
    )


def pack_polygons(plane: Plane, geometry: ObjectArray) -> list[Polygons]:
    """Return the polygons of each geometry on the plane, none for geometries without an area."""
    # a copy: Shapely before 2.2 takes no array that is read-only
    geometry = np.array(geometry, dtype=object)
    packed: list[Polygons] = [[] for _ in geometry]
    parts, owner = shapely.get_parts(geometry, return_index=True)
    areal = shapely.get_dimensions(parts) == 2
    parts, owner = parts[areal], owner[areal]
    if len(parts) == 0:
        return packed

    # rings come part by part, the outline of each first
    rings, part_of = shapely.get_rings(parts, return_index=True)
    lines = pack_linestrings(plane, rings)
    previous = -1
    for line, part in zip(lines, part_of.tolist(), strict=True):
        if part != previous:
            packed[owner[part]].append([])
            previous = part
        packed[owner[part]][-1].append(line)
    return packed
