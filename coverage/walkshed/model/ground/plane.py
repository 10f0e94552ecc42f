"""The plane on which a study is computed: one transverse Mercator, centered on it, scale 1."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from threading import get_ident
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from walkshed.model.arrays import BoolArray, FloatArray, ObjectArray
from walkshed.model.cores import shared_out
from walkshed.model.ground.geodesics import geodesic_m

if TYPE_CHECKING:
    from pyproj import CRS, Proj


@dataclass(frozen=True, slots=True)
class Plane:
    """A local plane in meters: transverse Mercator (WGS84) through ``lon0``, ``lat0`` with scale 1.

    Distances on it are longer than the geodesic by the factor 1 + x²/(2R²): 5 parts in a million 20
    km from the center (Snyder, Map Projections: A Working Manual, USGS Professional Paper 1395,
    1987, eq. 8-8). Lengths of streets are geodesic all the same; the plane carries legs, drawings
    and searches.

    A ``planar`` plane stands for lines that came without a CRS: coordinates are meters already.
    """

    lon0: float = 0.0
    lat0: float = 0.0
    planar: bool = False

    @property
    def crs(self) -> CRS | None:
        """The plane as a ``pyproj.CRS``; None when planar."""
        if self.planar:
            return None

        from pyproj import CRS

        center = f"+lat_0={self.lat0:.6f} +lon_0={self.lon0:.6f}"
        return CRS.from_proj4(
            f"+proj=tmerc {center} +k=1 +x_0=0 +y_0=0 +ellps=WGS84 +units=m +no_defs"
        )

    def to_xy(self, lonlat: FloatArray) -> FloatArray:
        """Return (n, 2) meters on the plane for (n, 2) WGS84 degrees, longitude first."""
        return self._convert(lonlat, inverse=False)

    def to_lonlat(self, xy: FloatArray) -> FloatArray:
        """Return (n, 2) WGS84 degrees, longitude first, for (n, 2) meters on the plane."""
        return self._convert(xy, inverse=True)

    def geometry_to_xy(self, geometry: ObjectArray) -> ObjectArray:
        """Return an array of shapely geometries moved from WGS84 degrees onto the plane."""
        return self._geometry(geometry, inverse=False)

    def geometry_to_lonlat(self, geometry: ObjectArray) -> ObjectArray:
        """Return an array of shapely geometries moved from the plane to WGS84 degrees."""
        return self._geometry(geometry, inverse=True)

    def segment_m(
        self, start: FloatArray, end: FloatArray, *, jumps: BoolArray | None = None
    ) -> FloatArray:
        """Return the geodesic meters between (n, 2) WGS84 starts and ends; on a planar plane the straight meters.

        0 for ``jumps``, as from the end of one line to the beginning of the next.
        """
        start, end = np.asarray(start, dtype=np.float64), np.asarray(end, dtype=np.float64)
        if not self.planar:
            return geodesic_m(start, end, jumps=jumps)
        meters = np.hypot(end[:, 0] - start[:, 0], end[:, 1] - start[:, 1])
        if jumps is not None:
            meters[jumps] = 0.0
        return np.asarray(meters, dtype=np.float64)

    def _convert(self, points: FloatArray, *, inverse: bool) -> FloatArray:
        points = np.asarray(points, dtype=np.float64).reshape(-1, 2)
        if self.planar or len(points) == 0:
            return points.copy()

        def moved(rows: slice) -> FloatArray:
            x, y = points[rows].T
            convert = _projection(self, get_ident())
            return np.column_stack(convert(x, y, inverse=inverse, errcheck=True))

        return shared_out(moved, len(points))

    def _geometry(self, geometry: ObjectArray, *, inverse: bool) -> ObjectArray:
        array = np.asarray(geometry, dtype=object)
        moved: Any = shapely.transform(array, lambda points: self._convert(points, inverse=inverse))
        return np.asarray(moved, dtype=object)


@lru_cache(maxsize=32)
def _projection(plane: Plane, thread: int) -> Proj:  # noqa: ARG001
    """Return PROJ's object for a plane: making one takes as long as moving ten thousand points.

    Each ``thread`` has its own, since an object is not for two of them at once.
    """
    from pyproj import Proj

    return Proj(plane.crs)
