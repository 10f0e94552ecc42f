"""Geodesic meters by the series for short segments, beside PROJ's."""

from __future__ import annotations

import numpy as np
import pytest
from pyproj import Geod

from walkshed.model.ground.geodesics import SHORT_DEGREES, geodesic_m
from walkshed.model.ground.plane import Plane

#: What both round away, at most: PROJ misses segments of ten meters by as much.
ROUNDED_M = 6e-9


def proj_m(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    return np.asarray(Geod(ellps="WGS84").inv(*start.T, *end.T)[2])


def segments(count: int, degrees: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Return random segments, at most so many degrees long and high, all over the ellipsoid."""
    random = np.random.default_rng(seed)
    lat = np.degrees(np.arcsin(random.uniform(-1.0, 1.0, count)))
    start = np.column_stack([random.uniform(-180.0, 180.0, count), lat])
    end = start + random.uniform(-degrees, degrees, (count, 2))
    end[:, 1] = np.clip(end[:, 1], -90.0, 90.0)
    return start, end


@pytest.mark.parametrize("degrees", [1e-6, 1e-4, 1e-3, 0.5 * SHORT_DEGREES, SHORT_DEGREES])
def test_a_million_short_segments_are_as_long_as_proj_says(degrees):
    start, end = segments(200_000, degrees, seed=14)
    assert np.abs(geodesic_m(start, end) - proj_m(start, end)).max() < ROUNDED_M


@pytest.mark.parametrize("lat", [0.0, 45.0, 89.995, -90.0])
def test_at_the_equator_and_the_poles(lat):
    random = np.random.default_rng(5)
    start = np.column_stack([np.full(2_000, 12.5), np.full(2_000, lat)])
    end = start + random.uniform(-SHORT_DEGREES, SHORT_DEGREES, start.shape)
    end[:, 1] = np.clip(end[:, 1], -90.0, 90.0)
    assert np.abs(geodesic_m(start, end) - proj_m(start, end)).max() < ROUNDED_M


def test_longer_segments_are_those_of_proj():
    start, end = segments(5_000, 30.0, seed=3)
    np.testing.assert_array_equal(geodesic_m(start, end), proj_m(start, end))


def test_across_the_date_line_and_nowhere():
    start = np.array([[179.9999, 10.0], [20.0, 10.0]])
    end = np.array([[-179.9999, 10.0], [20.0, 10.0]])
    meters = geodesic_m(start, end)
    assert meters[0] == pytest.approx(proj_m(start, end)[0], abs=1e-8)
    assert meters[1] == 0.0


def test_jumps_from_line_to_line_have_no_length():
    line = np.array([[8.0, 50.0], [8.001, 50.0], [30.0, 10.0], [30.001, 10.0]])
    jumps = np.array([False, True, False])
    for plane in (Plane(8.0, 50.0), Plane(planar=True)):
        meters = plane.segment_m(line[:-1], line[1:], jumps=jumps)
        assert meters[1] == 0.0
        np.testing.assert_array_equal(meters[[0, 2]], plane.segment_m(line[[0, 2]], line[[1, 3]]))
