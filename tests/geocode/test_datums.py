"""GCJ-02 and BD-09 against stored values of an independent library, and there and back."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyproj import Geod

from walkshed.geocode import datums

# lon, lat in WGS84; the same in GCJ-02; the same in BD-09. Values of prcoords 1.0.2 (PyPI, CC0:
# wgs_gcj, wgs_bd), to the last digit but rounding those of coord-convert 0.2.1 (PyPI), which
# computes by another route.
STORED = np.array(
    [
        (
            116.397428,
            39.90923,
            116.40367162595768,
            39.91063350638631,
            116.41004410170474,
            39.916972856075134,
        ),
        (
            121.399,
            31.317,
            121.4036587599959,
            31.315200924156926,
            121.41018456715467,
            31.321080964036604,
        ),
        (
            104.0753,
            30.7673,
            104.07782810421186,
            30.764942745861916,
            104.08437848607795,
            30.77082234229326,
        ),
        (
            117.222,
            28.302,
            117.22717933827074,
            28.29871785473989,
            117.23359541144117,
            28.304989015961493,
        ),
        (
            113.947,
            22.5497,
            113.95188194383014,
            22.546692222454013,
            113.95842431902973,
            22.552411927302636,
        ),
        (
            116.6475,
            23.6637,
            116.65190881600681,
            23.660986927923826,
            116.65836864908307,
            23.667274568039108,
        ),
        (
            121.2647,
            37.4975,
            121.26973240240555,
            37.498341133148884,
            121.27633226160023,
            37.50402405982144,
        ),
        (
            87.6168,
            43.8256,
            87.61964994946926,
            43.82680539311119,
            87.62609977081571,
            43.83294979479328,
        ),
        (
            126.6424,
            45.7567,
            126.64836981630474,
            45.75865110185797,
            126.65499932897167,
            45.76434556386758,
        ),
        (
            91.1172,
            29.6469,
            91.11876034131424,
            29.64419210647111,
            91.12530385944267,
            29.650072418580592,
        ),
        (
            110.3312,
            20.0319,
            110.33557088545713,
            20.02985300118148,
            110.3421193958586,
            20.035529045649497,
        ),
        (105.0, 35.0, 105.00328624145706, 34.99909863223526, 105.00966682831948, 35.00540366845696),
        (
            127.528,
            50.2454,
            127.53528408209371,
            50.24702362460498,
            127.5417245236255,
            50.253120893867795,
        ),
        (
            97.8519,
            24.0128,
            97.85208004079689,
            24.00982076746139,
            97.85865551845369,
            24.015554436494117,
        ),
        (
            124.3847,
            40.1244,
            124.39053285892801,
            40.12599156147227,
            124.39714813185806,
            40.1316778266662,
        ),
    ]
)
WGS84, GCJ02, BD09 = STORED[:, 0:2], STORED[:, 2:4], STORED[:, 4:6]
A_BILLIONTH = 1e-9  # degrees: a tenth of a millimeter


@pytest.mark.parametrize(
    ("convert", "given_there", "expected"),
    [
        (datums.wgs84_to_gcj02, WGS84, GCJ02),
        (datums.wgs84_to_bd09, WGS84, BD09),
        (datums.gcj02_to_bd09, GCJ02, BD09),
        (datums.gcj02_to_wgs84, GCJ02, WGS84),
        (datums.bd09_to_wgs84, BD09, WGS84),
        (datums.bd09_to_gcj02, BD09, GCJ02),
    ],
)
def test_each_way_gives_the_values_of_an_independent_library(convert, given_there, expected):
    before = given_there.copy()
    np.testing.assert_allclose(convert(given_there), expected, rtol=0, atol=A_BILLIONTH)
    np.testing.assert_array_equal(given_there, before)


def test_the_shifts_at_chaozhou_are_those_that_planners_meet():
    """541 m for GCJ-02 and 1,176 m for BD-09, more than a catchment of 300 m."""
    geod = Geod(ellps="WGS84")
    old_town = np.array([[116.6475, 23.6637]])
    for convert, meters in ((datums.wgs84_to_gcj02, 541.0), (datums.wgs84_to_bd09, 1176.0)):
        moved = convert(old_town)
        _, _, shift = geod.inv(*old_town[0], *moved[0])
        assert shift == pytest.approx(meters, abs=5.0)


INSIDE = st.tuples(st.floats(98.0, 122.0), st.floats(22.0, 41.0))


@given(st.lists(INSIDE, min_size=1, max_size=30))
def test_there_and_back_is_well_under_a_millimeter(points):
    lonlat = np.array(points)
    for there, back in (
        (datums.wgs84_to_gcj02, datums.gcj02_to_wgs84),
        (datums.gcj02_to_bd09, datums.bd09_to_gcj02),
        (datums.wgs84_to_bd09, datums.bd09_to_wgs84),
    ):
        returned = back(there(lonlat))
        geod = Geod(ellps="WGS84")
        _, _, meters = geod.inv(lonlat[:, 0], lonlat[:, 1], returned[:, 0], returned[:, 1])
        assert np.max(meters) < 0.001


ABROAD = [
    ("Helsinki", 24.94, 60.17),
    ("Monaco", 7.42, 43.73),
    ("Porto Alegre", -51.2, -30.03),
    ("Seoul", 126.98, 37.57),
    ("Tokyo", 139.69, 35.69),
    ("Delhi", 77.21, 28.61),
    ("Bangkok", 100.5, 13.76),
    ("Hanoi", 105.85, 21.03),
    ("Ulaanbaatar", 106.92, 47.92),
    ("Almaty", 76.89, 43.24),
]


@pytest.mark.parametrize(("name", "lon", "lat"), ABROAD)
def test_points_outside_china_pass_unshifted(name, lon, lat):
    point = np.array([[lon, lat]])
    for convert in (
        datums.wgs84_to_gcj02,
        datums.gcj02_to_wgs84,
        datums.wgs84_to_bd09,
        datums.bd09_to_wgs84,
        datums.gcj02_to_bd09,
        datums.bd09_to_gcj02,
    ):
        np.testing.assert_array_equal(convert(point), point)


# Towns close to the borders: the coarse boxes must not cut them off.
BORDER_TOWNS = [
    ("Heihe", 127.528, 50.245),
    ("Manzhouli", 117.378, 49.598),
    ("Mohe", 122.539, 52.972),
    ("Fuyuan", 134.307, 48.365),
    ("Hunchun", 130.366, 42.863),
    ("Dandong", 124.385, 40.124),
    ("Erenhot", 111.977, 43.653),
    ("Khorgas", 80.411, 44.214),
    ("Kashgar", 75.989, 39.470),
    ("Ruili", 97.852, 24.013),
    ("Mohan", 101.690, 21.190),
    ("Dongxing", 107.972, 21.548),
    ("Sanya", 109.512, 18.253),
    ("Weihai", 122.120, 37.513),
    ("Zanda", 79.803, 31.480),
    ("Hami", 93.515, 42.818),
]


@pytest.mark.parametrize(("name", "lon", "lat"), BORDER_TOWNS)
def test_border_towns_of_china_are_shifted(name, lon, lat):
    assert datums.is_shifted(np.array([[lon, lat]])).all()


def test_no_points_and_no_numbers_pass():
    assert datums.wgs84_to_gcj02(np.empty((0, 2))).shape == (0, 2)
    mixed = np.array([[np.nan, np.nan], [116.6475, 23.6637]])
    moved = datums.gcj02_to_wgs84(mixed)
    assert np.isnan(moved[0]).all()
    assert np.isfinite(moved[1]).all()
