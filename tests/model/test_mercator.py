"""The plane near its center by polynomials, beside PROJ's transverse Mercator."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Proj

from walkshed.model.ground.mercator import MOST_LAT, near_center
from walkshed.model.ground.plane import Plane

#: What PROJ rounds away at far longitudes: half a unit in the last place of π, on a globe.
ROUNDED_M = 6e-9


def around(lon0: float, lat0: float, degrees: float, count: int = 40_000) -> np.ndarray:
    random = np.random.default_rng(1912)
    aside = random.uniform(-degrees, degrees, (count, 2))
    aside[:, 1] *= np.cos(np.radians(lat0))
    return np.array([lon0, lat0]) + aside


def proj_xy(plane: Plane, lonlat: np.ndarray) -> np.ndarray:
    return np.column_stack(Proj(plane.crs)(*lonlat.T, errcheck=True))


@pytest.mark.parametrize("lon0", [-179.0, -8.6, 0.0, 116.636])
@pytest.mark.parametrize("lat0", [-MOST_LAT, -33.9, 0.0, 0.001, 23.6649, 41.15, 60.2, MOST_LAT])
def test_a_town_lies_where_proj_puts_it(lon0, lat0):
    plane, lonlat = Plane(lon0, lat0), around(lon0, lat0, 0.55)
    _, far = near_center(lon0, lat0).xy(lonlat)
    assert not far.any()
    assert np.abs(plane.to_xy(lonlat) - proj_xy(plane, lonlat)).max() < ROUNDED_M


@pytest.mark.parametrize("lat0", [10.0, 80.0, -89.0])
def test_beyond_and_near_the_poles_the_plane_is_that_of_proj(lat0):
    plane = Plane(20.0, lat0)
    lonlat = np.array([[20.0, lat0], [24.0, lat0], [20.0, 0.95 * lat0], [-179.9, lat0]])
    np.testing.assert_allclose(plane.to_xy(lonlat), proj_xy(plane, lonlat), atol=ROUNDED_M, rtol=0)


def test_across_the_date_line():
    plane, lonlat = Plane(179.999, -16.5), np.array([[-179.999, -16.5], [179.998, -16.51]])
    np.testing.assert_allclose(plane.to_xy(lonlat), proj_xy(plane, lonlat), atol=ROUNDED_M, rtol=0)


def test_there_and_back():
    plane, lonlat = Plane(116.65, 23.65), around(116.65, 23.65, 0.3)
    assert np.abs(plane.to_lonlat(plane.to_xy(lonlat)) - lonlat).max() < 1e-12


def test_a_place_lies_alike_among_any_others():
    plane, lonlat = Plane(2.3, 48.8), around(2.3, 48.8, 0.5, 20_011)
    alone = np.vstack([plane.to_xy(place) for place in lonlat[::500]])
    np.testing.assert_array_equal(plane.to_xy(lonlat)[::500], alone)
    assert plane.to_xy(np.zeros((0, 2))).shape == (0, 2)
