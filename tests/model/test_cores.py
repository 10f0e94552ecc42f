"""Work that is shared out among cores: the same answer for any number of them."""

from __future__ import annotations

import threading

import numpy as np
import pytest

from walkshed.model import cores
from walkshed.model.arrays import spread
from walkshed.model.ground.plane import Plane


@pytest.fixture
def lonlat() -> np.ndarray:
    rng = np.random.default_rng(7)
    return np.array([116.6, 23.6]) + rng.uniform(0, 0.1, (25_000, 2))


@pytest.mark.parametrize("count", [1, 2, 3, 16])
def test_a_plane_answers_alike_for_any_number_of_cores(monkeypatch, lonlat, count):
    plane = Plane(lon0=116.65, lat0=23.65)
    monkeypatch.setattr(cores, "cores", lambda: 1)
    xy, meters = plane.to_xy(lonlat), plane.segment_m(lonlat[:-1], lonlat[1:])
    back = plane.to_lonlat(xy)
    monkeypatch.setattr(cores, "cores", lambda: count)
    np.testing.assert_array_equal(plane.to_xy(lonlat), xy)
    np.testing.assert_array_equal(plane.to_lonlat(xy), back)
    np.testing.assert_array_equal(plane.segment_m(lonlat[:-1], lonlat[1:]), meters)


def test_rows_are_shared_out_to_threads_in_their_order(monkeypatch):
    monkeypatch.setattr(cores, "cores", lambda: 3)
    names = set()

    def job(rows: slice) -> np.ndarray:
        names.add(threading.current_thread().name)
        return np.arange(rows.start, rows.stop, dtype=np.float64)

    np.testing.assert_array_equal(cores.shared_out(job, 31_000), np.arange(31_000.0))
    assert threading.current_thread().name not in names
    names.clear()
    np.testing.assert_array_equal(cores.shared_out(job, 500), np.arange(500.0))
    assert names == {threading.current_thread().name}


def test_a_fault_of_one_part_is_raised(monkeypatch):
    monkeypatch.setattr(cores, "cores", lambda: 2)

    def job(rows: slice) -> np.ndarray:
        raise ValueError(rows.start)

    with pytest.raises(ValueError, match="0"):
        cores.shared_out(job, 20_000)


def test_a_table_has_a_row_for_every_number():
    numbers = np.array([0, 1, -1, 5, 5, 2**62, -(2**63)], dtype=np.int64)
    rows = spread(numbers, 10)
    assert rows.max() < 1 << 10
    assert rows[3] == rows[4]
    assert len(np.unique(spread(np.arange(10_000), 20))) > 9_900
