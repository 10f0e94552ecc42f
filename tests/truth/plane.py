"""The plane on which places are drawn, and the meters of lines on the ellipsoid (definition 1)."""

from __future__ import annotations

import functools

import numpy as np
import pyproj

TICKS_PER_M = 1024.0
ELLIPSOID = pyproj.Geod(ellps="WGS84")


@functools.lru_cache(maxsize=64)
def _transformer(crs: str) -> pyproj.Transformer:
    return pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)


class Plane:
    """A transverse Mercator of scale 1, centered on a place in degrees.

    Definition 1 says "centered on the study". Reading: on the middle of the streets' box; any
    center within some kilometers gives the same meters to far less than 1/1024.
    """

    def __init__(self, lon: float, lat: float) -> None:
        crs = f"+proj=tmerc +lon_0={lon:.7f} +lat_0={lat:.7f} +k=1 +ellps=WGS84 +units=m"
        self._there = _transformer(crs)

    def xy(self, lonlat: np.ndarray) -> np.ndarray:
        """Return (n, 2) plane meters of (n, 2) degrees."""
        lonlat = np.asarray(lonlat, dtype=float).reshape(-1, 2)
        return np.column_stack(self._there.transform(lonlat[:, 0], lonlat[:, 1]))


def rounded(values: np.ndarray) -> np.ndarray:
    """Return meters (or seconds) as multiples of 1/1024, so that their sums are exact (definition 1)."""
    return np.rint(np.asarray(values, dtype=float) * TICKS_PER_M) / TICKS_PER_M


def segment_m(lonlat: np.ndarray) -> np.ndarray:
    """Return (n - 1,) geodesic meters between the neighbors of (n, 2) places in degrees."""
    lon, lat = np.asarray(lonlat, dtype=float).T
    return ELLIPSOID.inv(lon[:-1], lat[:-1], lon[1:], lat[1:])[2]
