"""The coordinate systems in which a planner's table may stand, and what its numbers mean in each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np

from walkshed.geocode.datums import bd09_to_wgs84, gcj02_to_wgs84
from walkshed.model.arrays import FloatArray
from walkshed.model.messages import Message

Convert = Callable[[FloatArray], FloatArray]

#: EPSG codes of CGCS2000 in Gauss-Krüger: first code, first zone, first central meridian and step
#: of each family.
_FAMILIES: Final = (
    (4534, 75.0, 3.0, 21),  # 3-degree, no zone before the easting: CM 75E to 135E
    (4513, 75.0, 3.0, 21),  # 3-degree zones 25 to 45, zone before the easting
    (4502, 75.0, 6.0, 11),  # 6-degree, no zone before the easting
    (4491, 75.0, 6.0, 11),  # 6-degree zones 13 to 23, zone before the easting
)
_MOST_FROM_MERIDIAN: Final = 4.5  # degrees; surveys use the zone next door at most
_WEB_MERCATOR: Final = 3857
_DEGREES: Final = (180.0, 90.0)


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """One reading of two columns of numbers."""

    crs: str
    swapped: bool
    to_wgs84: Convert

    @property
    def label(self) -> str:
        """The name in messages."""
        return Message("{crs}, columns swapped", crs=self.crs) if self.swapped else self.crs

    def lonlat(self, columns: FloatArray) -> FloatArray:
        """Return (n, 2) WGS84 degrees; nan where the numbers are no place in this system."""
        first = columns[:, ::-1] if self.swapped else columns
        return self.to_wgs84(np.ascontiguousarray(first))


def hypotheses_for(center: tuple[float, float]) -> tuple[Hypothesis, ...]:
    """Return the readings that can put a table near ``center`` (lon, lat), the plainest first.

    Where two of them agree the earlier one names the finding: WGS84 before GCJ-02 outside China.
    """
    readings: list[tuple[str, Convert]] = [
        ("wgs84", _plain_degrees),
        ("gcj02", lambda columns: gcj02_to_wgs84(_plain_degrees(columns))),
        ("bd09", lambda columns: bd09_to_wgs84(_plain_degrees(columns))),
    ]
    readings += [(f"EPSG:{code}", _projected(code)) for code in _projected_codes(center)]

    return tuple(
        Hypothesis(crs, swapped, convert) for swapped in (False, True) for crs, convert in readings
    )


def form_of(columns: FloatArray) -> tuple[str, ...]:
    """Return for each row what its numbers can be at all.

    That is "degrees", "swapped degrees", "meters" or "nothing". Rows of different forms never share
    a system. Small numbers that may be either order count as degrees.
    """
    first, second = np.abs(columns[:, 0]), np.abs(columns[:, 1])
    with np.errstate(invalid="ignore"):
        degrees = (first <= _DEGREES[0]) & (second <= _DEGREES[1])
        swapped = (first <= _DEGREES[1]) & (second <= _DEGREES[0])
        meters = (first > 1000.0) & (second > 1000.0)

    # the first form that fits
    forms = np.full(len(columns), "nothing", dtype=object)
    forms[meters] = "meters"
    forms[swapped] = "swapped degrees"
    forms[degrees] = "degrees"
    return tuple(forms.tolist())


def _plain_degrees(columns: FloatArray) -> FloatArray:
    """Return the columns as degrees, nan where they are none."""
    lonlat = columns.astype(np.float64, copy=True)
    with np.errstate(invalid="ignore"):
        beyond = (np.abs(lonlat[:, 0]) > _DEGREES[0]) | (np.abs(lonlat[:, 1]) > _DEGREES[1])
    lonlat[beyond] = np.nan
    return lonlat


def _projected_codes(center: tuple[float, float]) -> list[int]:
    """Return the EPSG codes of the planes in which a table near ``center`` may stand."""
    lon, lat = center
    codes = []
    for first, meridian, step, count in _FAMILIES:
        codes += [
            first + zone
            for zone in range(count)
            if abs(meridian + step * zone - lon) <= _MOST_FROM_MERIDIAN
        ]

    # UTM zones 1 to 60, north and south
    hemisphere = 32600 if lat >= 0 else 32700
    utm = int((lon + 180.0) // 6.0) + 1
    return [*codes, _WEB_MERCATOR, hemisphere + min(max(utm, 1), 60)]


def _projected(code: int) -> Convert:
    """Return a function that gives WGS84 degrees for meters of the plane with an EPSG code."""

    def convert(columns: FloatArray) -> FloatArray:
        from pyproj import CRS, Proj

        # numbers below a kilometer are degrees or a plant's own grid, and would be a place near the
        # origin here
        with np.errstate(invalid="ignore"):
            here = np.isfinite(columns).all(axis=1) & (np.abs(columns).min(axis=1) >= 1000.0)

        # the projection alone: CGCS2000 and WGS84 differ by centimeters
        lonlat = np.full(columns.shape, np.nan)
        if here.any():
            plane = Proj(CRS.from_epsg(code))
            lonlat[here] = np.column_stack(plane(columns[here, 0], columns[here, 1], inverse=True))
        lonlat[~np.isfinite(lonlat).all(axis=1)] = np.nan
        return lonlat

    return convert
