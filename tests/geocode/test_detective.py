"""The coordinate detective on tables simulated from real extracts: right or refused, never sure of a wrong one."""

from __future__ import annotations

import random
from collections import Counter

import numpy as np
import pytest
from pyproj import Proj

from walkshed.geocode import datums
from walkshed.geocode.systems.detective import detect_crs
from walkshed.geocode.systems.evidence import reference_of
from walkshed.osm import read_extract

DACHANG = "osm/shanghai_baoshan_dachang.osm.pbf"
DAFENG = "osm/chengdu_xindu_dafeng.osm.pbf"
#: Central meridian 120E and 105E, with the zone (EPSG:4528, 4523) and without (4549, 4544); UTM 51N
#: and 48N.
SYSTEMS = {DACHANG: (4528, 4549, 3857, 32651), DAFENG: (4523, 4544, 3857, 32648)}

pytestmark = pytest.mark.data


def projected(code):
    return lambda lonlat: np.column_stack(Proj(f"EPSG:{code}")(lonlat[:, 0], lonlat[:, 1]))


class Town:
    """An extract, what the detective knows of it, and its named places and grounds."""

    def __init__(self, path, codes):
        self.extract = read_extract(path)
        self.reference = reference_of(self.extract)
        west, south, east, north = self.extract.bounds
        self.places = []
        for tags, geometry in zip(
            self.extract.places.tags, self.extract.places.geometry, strict=True
        ):
            point = geometry.representative_point()
            is_place = (
                "name" in tags and "boundary" not in tags and "Line" not in geometry.geom_type
            )
            if is_place and west < point.x < east and south < point.y < north:
                self.places.append((tags["name"], point.x, point.y))
        self.systems = {
            "wgs84": lambda lonlat: lonlat,
            "gcj02": datums.wgs84_to_gcj02,
            "bd09": datums.wgs84_to_bd09,
            **{f"EPSG:{code}": projected(code) for code in codes},
        }

    def table(self, count, chance, *, known=0.0):
        """Return names and places of ``count`` stations: mapped places and 12 m of noise; some names are known."""
        rows = chance.sample(self.places, count)
        noise = np.array([(chance.gauss(0, 12), chance.gauss(0, 12)) for _ in rows]) / 100_000.0
        names = [
            name if chance.random() < known else f"服务站{number}"
            for number, (name, _, _) in enumerate(rows)
        ]
        return names, np.array([(x, y) for _, x, y in rows]) + noise


@pytest.fixture(scope="module")
def towns(test_data):
    return {file: Town(test_data / file, codes) for file, codes in SYSTEMS.items()}


@pytest.fixture(scope="module")
def dachang(towns):
    return towns[DACHANG]


@pytest.mark.slow
@pytest.mark.parametrize("file", SYSTEMS)
def test_ten_points_or_more_are_right_or_refused(towns, file):
    town, chance = towns[file], random.Random(7)
    outcome = Counter()
    for crs, convert in town.systems.items():
        for swapped in (False, True) if crs in ("wgs84", "gcj02") else (False,):
            for count in (10, 30):
                for known in (0.0, 0.4):
                    names, true = town.table(count, chance, known=known)
                    columns = convert(true)
                    columns = columns[:, ::-1] if swapped else columns
                    (finding,) = detect_crs(columns, town.reference, names=names)
                    if finding.crs is None:
                        assert "state it: crs" in finding.reason
                        outcome["refused", known > 0] += 1
                    else:
                        assert (finding.crs, finding.swapped) == (crs, swapped), (
                            finding.reason,
                            finding.confidence,
                        )
                        outcome["right", known > 0] += 1
    # A detective that always refuses would be right, too.
    assert outcome["right", True] >= 3 * outcome["refused", True]
    if file == DACHANG:  # Dafeng has too few places mapped to tell tables without known names
        assert outcome["right", False] >= outcome["refused", False] / 2


@pytest.mark.parametrize("count", [1, 2])
def test_one_or_two_points_cannot_tell(dachang, count):
    names, true = dachang.table(count, random.Random(1), known=1.0)
    for convert in dachang.systems.values():
        (finding,) = detect_crs(convert(true), dachang.reference, names=names)
        assert finding.crs is None
        assert finding.confidence == 0.0
        assert "cannot tell" in finding.reason


def test_points_that_have_nothing_to_do_with_the_map_are_refused(dachang):
    chance = np.random.default_rng(3)
    west, south, east, north = dachang.extract.bounds
    for _ in range(20):
        columns = chance.uniform((west, south), (east, north), (20, 2))
        (finding,) = detect_crs(columns, dachang.reference)
        assert finding.crs is None


def test_points_of_another_city_are_refused(dachang):
    (finding,) = detect_crs(
        np.array([(104.07, 30.77), (104.06, 30.76), (104.08, 30.76)] * 4), dachang.reference
    )
    assert finding.crs is None
    assert "study area" in finding.reason


def test_each_source_of_a_table_is_judged_by_itself(dachang):
    names, true = dachang.table(30, random.Random(2), known=0.6)
    columns = np.vstack([true[:15], datums.wgs84_to_bd09(true[15:])])
    groups = ["survey"] * 15 + ["百度"] * 15
    survey, baidu = detect_crs(columns, dachang.reference, names=names, groups=groups)
    assert (survey.group, survey.crs) == ("survey", "wgs84")
    assert (baidu.group, baidu.crs) == ("百度", "bd09")
    assert baidu.rows == tuple(range(15, 30))


def test_degrees_meters_and_swapped_rows_are_told_apart_without_a_label(dachang):
    names, true = dachang.table(36, random.Random(5), known=1.0)
    columns = np.vstack([true[:12], true[12:24, ::-1], projected(4549)(true[24:])])
    findings = detect_crs(columns, dachang.reference, names=names)
    assert [(finding.crs, finding.swapped) for finding in findings] == [
        ("wgs84", False),
        ("wgs84", True),
        ("EPSG:4549", False),
    ]


def test_rows_whose_names_point_to_two_systems_are_parted(dachang):
    names, true = dachang.table(24, random.Random(8), known=1.0)
    columns = true.copy()
    columns[::2] = datums.wgs84_to_gcj02(true[::2])
    findings = detect_crs(columns, dachang.reference, names=names)
    told = {row: finding.crs for finding in findings for row in finding.rows}
    assert sorted(told) == list(range(24))
    assert {told[row] for row in range(0, 24, 2)} <= {"gcj02", None}
    assert {told[row] for row in range(1, 24, 2)} <= {"wgs84", None}
    assert {"gcj02", "wgs84"} <= set(told.values())


def test_a_mixture_without_names_is_not_taken_for_one_system(dachang):
    chance, decided = random.Random(9), 0
    for _ in range(10):
        _, true = dachang.table(30, chance)
        columns = true.copy()
        columns[:12] = datums.wgs84_to_gcj02(true[:12])
        for finding in detect_crs(columns, dachang.reference):
            if finding.crs is not None:
                assert finding.crs == ("gcj02" if finding.rows[0] < 12 else "wgs84")
                assert all((row < 12) == (finding.rows[0] < 12) for row in finding.rows)
                decided += len(finding.rows)
    assert decided >= 50  # of 300 rows; without names a block must be long to be told


def test_a_mixture_row_by_row_without_names_is_refused(dachang):
    chance = random.Random(19)
    for _ in range(10):
        _, true = dachang.table(30, chance)
        columns = true.copy()
        columns[::2] = datums.wgs84_to_gcj02(true[::2])
        for finding in detect_crs(columns, dachang.reference):
            assert finding.crs is None


@pytest.mark.parametrize("file", SYSTEMS)
def test_two_blocks_of_a_table_are_each_found_where_they_lie(towns, file):
    """Some names are known; the rows at the boundary may be refused, a wrong system is never given."""
    town, chance, outcome = towns[file], random.Random(11), Counter()
    for one, two in (("gcj02", "wgs84"), ("wgs84", "bd09"), ("bd09", "gcj02")):
        for count in (30, 50):
            names, true = town.table(count, chance, known=0.5)
            above = count // 3
            columns = np.vstack([town.systems[one](true[:above]), town.systems[two](true[above:])])
            findings = detect_crs(columns, town.reference, names=names)
            assert sorted(row for finding in findings for row in finding.rows) == list(range(count))
            for finding in findings:
                assert finding.crs in (None, one if finding.rows[0] < above else two)
                outcome[finding.crs is not None] += len(finding.rows)
    assert outcome[True] >= 0.75 * sum(outcome.values())


def test_where_nothing_is_shifted_degrees_are_wgs84(helsinki_extract_path):
    extract = read_extract(helsinki_extract_path)
    points = [geometry.representative_point() for geometry in extract.places.geometry[:300:15]]
    columns = np.array([(point.x, point.y) for point in points])
    (finding,) = detect_crs(columns, reference_of(extract))
    assert (finding.crs, finding.swapped) == ("wgs84", False)
    (swapped,) = detect_crs(columns[:, ::-1], reference_of(extract))
    assert (swapped.crs, swapped.swapped) == ("wgs84", True)


def test_the_input_stays_as_it_is_and_the_answer_the_same(dachang):
    names, true = dachang.table(12, random.Random(4), known=1.0)
    before = true.copy()
    first = detect_crs(true, dachang.reference, names=names)
    assert repr(detect_crs(true, dachang.reference, names=names)) == repr(first)
    np.testing.assert_array_equal(true, before)
