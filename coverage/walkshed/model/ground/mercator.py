"""The transverse Mercator of a plane near its center, as two polynomials."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.ground.geodesics import EQUATOR_M, FLATTENING

_ComplexArray = NDArray[np.complex128]
_N = FLATTENING / (2.0 - FLATTENING)  # the third flattening
_E = float(np.sqrt(FLATTENING * (2.0 - FLATTENING)))  # the eccentricity
#: Radius of the rectifying sphere, and the coefficients of Krüger's series, in powers of n
#: (Karney 2011, eqs. 14 and 35).
_RECTIFYING_M = EQUATOR_M / (1.0 + _N) * (1.0 + _N**2 / 4.0 + _N**4 / 64.0 + _N**6 / 256.0)
_ALPHA = (
    np.polyval([7891 / 37800, -127 / 288, 41 / 180, 5 / 16, -2 / 3, 1 / 2, 0.0], _N),
    np.polyval([-1983433 / 1935360, 281 / 630, 557 / 1440, -3 / 5, 13 / 48, 0.0, 0.0], _N),
    np.polyval([167603 / 181440, 15061 / 26880, -103 / 140, 61 / 240, 0.0, 0.0, 0.0], _N),
    np.polyval([6601661 / 7257600, -179 / 168, 49561 / 161280, 0.0, 0.0, 0.0, 0.0], _N),
    np.polyval([-3418889 / 1995840, 34729 / 80640, 0.0, 0.0, 0.0, 0.0, 0.0], _N),
    np.polyval([212378941 / 319334400, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0], _N),
)
#: Differences of longitude and of isometric latitude, in radians, up to which the polynomials are
#: within 1e-10 m (45 km at 45 degrees), and the latitude of centers up to which they are so.
NEAR, MOST_LAT = 0.01, 75.0
_DEGREE = 9
#: Coefficients are found on a circle of so many places and this radius: farther than ``NEAR``, and
#: nearer than the poles.
_PLACES, _RADIUS = 32, 0.05
#: Places are moved so many at once, which stay in the processor's cache.
_AT_ONCE = 1 << 13


@dataclass(frozen=True, slots=True)
class NearCenter:
    """Polynomials of one center: latitude to isometric latitude, and that with longitude onto the plane."""

    lon0: float
    lat0: float
    isometric: tuple[float, ...]  # from the first power on
    meters: tuple[float, ...]

    def xy(self, lonlat: FloatArray) -> tuple[FloatArray, BoolArray]:
        """Return (n, 2) meters on the plane, and (n,) which places are too far away for them."""
        xy, far = np.empty((len(lonlat), 2)), np.empty(len(lonlat), dtype=bool)
        for low in range(0, len(lonlat), _AT_ONCE):
            rows = slice(low, low + _AT_ONCE)
            east = np.radians(lonlat[rows, 0] - self.lon0)
            north = np.radians(lonlat[rows, 1] - self.lat0)
            north = _power_series(self.isometric, north) * north
            far[rows] = ~((np.abs(east) <= NEAR) & (np.abs(north) <= NEAR))
            xy[rows, 0], xy[rows, 1] = _of_complex(self.meters, north, east)
        return xy, far


@lru_cache(maxsize=32)
def near_center(lon0: float, lat0: float) -> NearCenter | None:
    """Return the polynomials of a center; None for one near the poles.

    On the plane, north + i east is an analytic function of isometric latitude + i longitude
    (Krüger 1912; Karney 2011, "Transverse Mercator with an accuracy of a few nanometers",
    J. Geodesy 85), and so its Taylor series follows from its values on a circle around the center,
    by Cauchy's integrals.
    """
    if abs(lat0) > MOST_LAT:
        return None
    circle = _RADIUS * np.exp(2j * np.pi * np.arange(_PLACES) / _PLACES)
    lat = np.radians(lat0)
    center = _isometric(np.array([lat + 0j]))
    meters = _meters(center + circle) - _meters(center)
    isometric = _isometric(lat + circle * np.cos(lat)) - center
    return NearCenter(
        lon0, lat0, _taylor(isometric, _RADIUS * float(np.cos(lat))), _taylor(meters, _RADIUS)
    )


def _isometric(lat: _ComplexArray) -> _ComplexArray:
    """Return isometric latitudes of complex latitudes, in radians."""
    sine = np.sin(lat)
    return np.asarray(np.arctanh(sine) - _E * np.arctanh(_E * sine), dtype=np.complex128)


def _meters(isometric: _ComplexArray) -> _ComplexArray:
    """Return meters north + i east of the equator for isometric latitude + i longitude."""
    sphere = 2.0 * np.arctan(np.tanh(0.5 * isometric))
    plane = sphere.copy()
    for place, alpha in enumerate(_ALPHA):
        plane += alpha * np.sin(2.0 * (place + 1) * sphere)
    return np.asarray(_RECTIFYING_M * plane, dtype=np.complex128)


def _taylor(values: _ComplexArray, radius: float) -> tuple[float, ...]:
    """Return the coefficients of powers 1, 2, … from values on a circle around 0."""
    powers = np.arange(1, _DEGREE + 1)
    found = np.fft.fft(values)[1 : _DEGREE + 1].real / len(values) / radius**powers
    return tuple(found.tolist())


def _power_series(coefficients: tuple[float, ...], x: FloatArray) -> FloatArray:
    """Return c0 + c1 x + c2 x² + …, by Horner's rule."""
    total = np.full(len(x), coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        total *= x
        total += coefficient
    return total


def _of_complex(
    coefficients: tuple[float, ...], real: FloatArray, imaginary: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """Return the imaginary and the real part of c0 z + c1 z² + …, the coefficients being real.

    The remainder of the division by (t - z)(t - z̄) is linear in t (Knuth, The Art of Computer
    Programming 2, 4.6.4, eq. 3).
    """
    twice, squared = 2.0 * real, real * real + imaginary * imaginary
    before, last = np.zeros(len(real)), np.full(len(real), coefficients[-1])
    for coefficient in coefficients[-2::-1]:
        following = twice * last
        following -= squared * before
        following += coefficient
        before, last = last, following
    # one more, of the power that has none
    return imaginary * last, real * last - squared * before
