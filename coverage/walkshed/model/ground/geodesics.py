"""Meters on the WGS84 ellipsoid: short segments by a series, long ones as PROJ has them."""

from __future__ import annotations

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.cores import shared_out

_EQUATOR_M, _FLATTENING = 6_378_137.0, 1 / 298.257223563
_POLE_M = _EQUATOR_M * (1.0 - _FLATTENING)
_ECCENTRIC = (_EQUATOR_M / _POLE_M) ** 2 - 1.0  # the second eccentricity, squared
_CURVATURE_M = _EQUATOR_M**2 / _POLE_M  # the radius of curvature at the poles
#: Differences of longitude and of latitude up to which the series is used. What it leaves out grows
#: with the fifth power: 6e-9 m at 0.05 degrees, and so less than 1e-10 m here (2 km).
SHORT_DEGREES = 0.02
#: Segments are measured so many at once, which stay in the processor's cache.
_AT_ONCE = 1 << 13


def geodesic_m(start: FloatArray, end: FloatArray, *, jumps: BoolArray | None = None) -> FloatArray:
    """Return (n,) geodesic meters between (n, 2) WGS84 degrees, longitude first; 0 for ``jumps``.

    Short segments by Gauss's formulas of mean latitude (Kong, Guo & Liu, 大地测量学基础, Wuhan
    University Press), others by Karney (2013), "Algorithms for geodesics", J. Geodesy 87, as in
    PROJ. Both round by some 1e-9 m.
    """
    meters, long = np.empty(len(start)), np.empty(len(start), dtype=bool)
    for low in range(0, len(start), _AT_ONCE):
        rows = slice(low, low + _AT_ONCE)
        one, other = np.ascontiguousarray(start[rows].T), np.ascontiguousarray(end[rows].T)
        apart = other - one
        long[rows] = (np.abs(apart) > SHORT_DEGREES).any(axis=0)
        meters[rows] = _short_m(apart, 0.5 * (one[1] + other[1]))

    if jumps is not None:
        meters[jumps], long[jumps] = 0.0, False
    rest = np.flatnonzero(long)
    if len(rest):
        meters[rest] = _long_m(start[rest], end[rest])
    return meters


def _short_m(apart: FloatArray, lat: FloatArray) -> FloatArray:
    """Return the meters of segments so many degrees long, (2, n), by the latitude of their middle.

    The square of the meters is that of north and east, each with its terms of the third power,
    without those of the sixth.
    """
    squared = np.square(np.radians(apart))
    east, north = squared
    cos2 = np.square(np.cos(np.radians(lat)))
    sin2 = 1.0 - cos2
    eta2 = _ECCENTRIC * cos2
    v2 = 1.0 + eta2
    v4 = v2 * v2

    # what the squares of north and east have in common, east alone, and north alone
    both = cos2 * (v2 + eta2 * eta2 - 9.0 * _ECCENTRIC * sin2)
    both -= 2.0 * cos2 * v2 + 3.0 * sin2
    both *= north * east / 12.0
    alone = (cos2 - sin2 + 5.0 * _ECCENTRIC * sin2 * cos2 / v2) * (_ECCENTRIC / 4.0)
    alone *= north * north / v2

    fourth = (both + alone) / v4 - cos2 * sin2 * (east * east / 12.0)
    meters = _CURVATURE_M * np.sqrt((cos2 * east + north / v4 + fourth) / v2)
    return np.asarray(meters, dtype=np.float64)


def _long_m(start: FloatArray, end: FloatArray) -> FloatArray:
    from pyproj import Geod

    geod = Geod(ellps="WGS84")

    def meters(rows: slice) -> FloatArray:
        one, other = start[rows], end[rows]
        return np.asarray(geod.inv(one[:, 0], one[:, 1], other[:, 0], other[:, 1])[2])

    return shared_out(meters, len(start))
