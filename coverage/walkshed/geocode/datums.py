"""GCJ-02 and BD-09, the shifted coordinates of Chinese map services, to and from WGS84.

The state's own algorithm is not published. What everybody computes with is the formula that leaked
with the "EvilTransform" sources of 2010 (on4wp7.codeplex.com, changeset 21483), confirmed since
against the services and written down in English in Wikipedia, "Restrictions on geographic data in
China" (GCJ-02, BD-09); BD-09 is Baidu's further shift of GCJ-02. The inverses have no closed form:
they are iterated until the forward formula gives the point back.

All functions take and return (n, 2) degrees, longitude first; not-a-number passes through. Points
where the services do not shift (``is_shifted``) come back as they are.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from walkshed.model.arrays import BoolArray, FloatArray

Shift = Callable[[FloatArray], FloatArray]

# Krasovsky 1940, as in the leaked sources: the ellipsoid on which meters become degrees.
_A_M: Final = 6378245.0
_E2: Final = 0.00669342162296594323

#: The box of the leaked sources: west, south, east, north.
_BOX: Final = (72.004, 0.8293, 137.8347, 55.8271)
#: Ground inside that box that lies abroad on every map (west, south, east, north): the services
#: shift nothing there. Each box keeps clear of the borders, since a point in China left unshifted
#: is the worse mistake.
_ABROAD: Final = (
    (72.004, 0.8293, 108.0, 18.0),  # the south of India, Indochina, Malaya
    (72.004, 18.0, 97.3, 26.4),  # India, Bangladesh, Burma
    (97.3, 18.0, 107.0, 21.1),  # Laos, Thailand, northern Vietnam
    (72.004, 26.4, 78.5, 30.9),  # Delhi, Rajasthan
    (72.004, 42.2, 79.5, 55.8271),  # Kazakhstan, Kyrgyzstan
    (96.5, 45.3, 110.9, 55.8271),  # Mongolia, Siberia
    (72.004, 50.0, 115.0, 55.8271),  # Siberia
    (124.7, 24.6, 137.8347, 38.6),  # southern Korea, Japan
    (118.5, 0.8293, 137.8347, 21.0),  # the Philippines
)

#: A tenth of a millimeter on the ground is about 1e-9 degrees; the iteration goes on well below it.
_CLOSE_DEG: Final = 1e-12
_MOST_ROUNDS: Final = 40


def wgs84_to_gcj02(lonlat: ArrayLike) -> FloatArray:
    """Return GCJ-02 degrees for WGS84 degrees, (n, 2)."""
    return _where_shifted(_points(lonlat), _gcj02)


def gcj02_to_bd09(lonlat: ArrayLike) -> FloatArray:
    """Return BD-09 degrees for GCJ-02 degrees, (n, 2)."""
    return _where_shifted(_points(lonlat), _bd09)


def wgs84_to_bd09(lonlat: ArrayLike) -> FloatArray:
    """Return BD-09 degrees for WGS84 degrees, (n, 2)."""
    return _where_shifted(_points(lonlat), lambda points: _bd09(_gcj02(points)))


def gcj02_to_wgs84(lonlat: ArrayLike) -> FloatArray:
    """Return WGS84 degrees for GCJ-02 degrees, (n, 2): the forward formula gives them back to far under 1 mm."""
    return _where_shifted(_points(lonlat), lambda points: _inverse(points, _gcj02))


def bd09_to_gcj02(lonlat: ArrayLike) -> FloatArray:
    """Return GCJ-02 degrees for BD-09 degrees, (n, 2): the forward formula gives them back to far under 1 mm."""
    return _where_shifted(_points(lonlat), lambda points: _inverse(points, _bd09))


def bd09_to_wgs84(lonlat: ArrayLike) -> FloatArray:
    """Return WGS84 degrees for BD-09 degrees, (n, 2): the forward formulas give them back to far under 1 mm."""
    return _where_shifted(
        _points(lonlat), lambda points: _inverse(points, lambda guess: _bd09(_gcj02(guess)))
    )


def is_shifted(lonlat: ArrayLike) -> BoolArray:
    """Return (n,) whether Chinese services shift coordinates there: the leaked box less what is plainly abroad."""
    points = _points(lonlat)
    inside = _within(points, _BOX)
    for box in _ABROAD:
        inside &= ~_within(points, box)
    return inside


def _points(lonlat: ArrayLike) -> FloatArray:
    return np.asarray(lonlat, dtype=np.float64).reshape(-1, 2)


def _within(points: FloatArray, box: tuple[float, float, float, float]) -> BoolArray:
    lon, lat = points[:, 0], points[:, 1]
    return np.asarray((lon >= box[0]) & (lat >= box[1]) & (lon <= box[2]) & (lat <= box[3]))


def _where_shifted(points: FloatArray, shift: Shift) -> FloatArray:
    moved = points.copy()
    here = is_shifted(points)
    moved[here] = shift(points[here])
    return moved


def _gcj02(points: FloatArray) -> FloatArray:
    """Apply the published forward formula: meters by sines and a polynomial, on an ellipsoid.

    The ellipsoid is Krasovsky's.
    """
    # sines of longitude and latitude, in meters
    x, y = points[:, 0] - 105.0, points[:, 1] - 35.0
    root, both = np.sqrt(np.abs(x)), 0.1 * x * y
    ripple = 20.0 * np.sin(6.0 * np.pi * x) + 20.0 * np.sin(2.0 * np.pi * x)
    waves_north = (
        20.0 * np.sin(np.pi * y)
        + 40.0 * np.sin(np.pi * y / 3.0)
        + 160.0 * np.sin(np.pi * y / 12.0)
        + 320.0 * np.sin(np.pi * y / 30.0)
    )
    waves_east = (
        20.0 * np.sin(np.pi * x)
        + 40.0 * np.sin(np.pi * x / 3.0)
        + 150.0 * np.sin(np.pi * x / 12.0)
        + 300.0 * np.sin(np.pi * x / 30.0)
    )

    # polynomials, with two thirds of the sines
    north_m = (
        -100.0
        + 2.0 * x
        + 3.0 * y
        + 0.2 * y * y
        + both
        + 0.2 * root
        + (ripple + waves_north) * 2.0 / 3.0
    )
    east_m = (
        300.0 + x + 2.0 * y + 0.1 * x * x + both + 0.1 * root + (ripple + waves_east) * 2.0 / 3.0
    )

    # meters as degrees of the ellipsoid, by its radii of curvature
    lat = np.radians(points[:, 1])
    w2 = 1.0 - _E2 * np.sin(lat) ** 2
    north = np.degrees(north_m / (_A_M * (1.0 - _E2) / (w2 * np.sqrt(w2))))
    east = np.degrees(east_m / (_A_M / np.sqrt(w2) * np.cos(lat)))
    return np.asarray(points + np.column_stack([east, north]), dtype=np.float64)


def _bd09(points: FloatArray) -> FloatArray:
    """Baidu's shift of GCJ-02: the degrees taken as plane polar coordinates, jittered, and moved."""
    x, y = points[:, 0], points[:, 1]
    per_degree = np.pi * 3000.0 / 180.0
    radius = np.hypot(x, y) + 0.00002 * np.sin(y * per_degree)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * per_degree)
    return np.column_stack([radius * np.cos(angle) + 0.0065, radius * np.sin(angle) + 0.006])


def _inverse(points: FloatArray, forward: Shift) -> FloatArray:
    """Return the points that ``forward`` moves onto ``points``.

    Fixed-point iteration; the shifts change by less than 2 % of the way, so each round wins nearly
    two digits.
    """
    guess = points.copy()
    for _ in range(_MOST_ROUNDS):
        error = forward(guess) - points
        guess = guess - error
        if not (np.abs(error) > _CLOSE_DEG).any():
            break
    return guess
