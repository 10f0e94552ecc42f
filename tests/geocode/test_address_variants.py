"""Generated addresses of an invented town and of Dachang's own names: right, refused, never wrong."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict

import numpy as np
import pytest
import shapely

from geocode.address_town import AFTER, CROSSING, cases, degrees, drawn_town
from walkshed.geocode.places.gazetteer import build_gazetteer
from walkshed.geocode.providers.chain import is_good
from walkshed.model.geocoding import Query
from walkshed.osm import read_extract

DACHANG = "osm/shanghai_baoshan_dachang.osm.pbf"
M_PER_DEGREE = 111_195.0
GRID_DEG = 0.001


def taken(gazetteer, text):
    """Return the answer that a run would use, None for a refusal or a doubt too great."""
    best = gazetteer.candidates(text)
    return best[0] if best and is_good(best[0]) else None


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    with build_gazetteer(drawn_town().read(tmp_path_factory.mktemp("town"))) as gazetteer:
        yield gazetteer


def judged(town, case):
    """Return "right", "refused" or "wrong"; what may not be taken is right when it is refused."""
    answer = taken(town, case.text)
    if answer is None:
        return "right" if case.place is None else "refused"
    if case.place is None:
        return "wrong"
    east, north = degrees(case.place)
    off = max(abs(answer.lon - east), abs(answer.lat - north)) / GRID_DEG
    return "right" if off <= case.within + 1e-6 else "wrong"


def test_of_thousands_of_ways_to_write_an_address_none_is_taken_for_another_place(town):
    outcomes, amiss = Counter(), []
    for case in cases():
        outcome = judged(town, case)
        outcomes[outcome] += 1
        if outcome != "right":
            amiss.append((outcome, case.kind, case.text))
    assert amiss == []
    assert outcomes["right"] >= 5000


def test_what_is_not_quite_what_was_asked_for_says_so(town):
    doubts = {
        "海棠苑": (),
        "海棠苑内": (),
        "海棠苑12号": ("building 12 is not mapped",),
        "海棠苑会所": ("会所 is not mapped",),
        "海棠苑对面": ("what lies beside it (对面) is asked for",),
        "无名路海棠苑": ("无名路 is not in the extract",),
        "长安南路海棠苑": ("长安南路 runs 1779 m from it",),
        "海棠苑附近": ("only near it (附近) is asked for",),
        "海棠苑大酒店": ("海棠苑 is not a 大酒店 on the map",),
        "海棠苑翠竹家园": ("海棠苑 is mapped 2044 m from 翠竹家园",),
        "阳光花园": ("2 places bear that name",),
        "柳絮路4号": ("interpolated between numbers 2 and 10",),
        "柳絮路2号翠竹家园": ("柳絮路2号 is mapped 1629 m from 翠竹家园",),
        "海棠路351弄": ("house number 351弄 is not mapped, 海棠路351弄2号 is",),
        "市桥路与断头路交叉口": ("the streets come within 22 m of each other",),
        "环湖路与长安南路交叉口": ("the streets cross at 2 places",),
        "长安北路与长安南路交叉口": ("长安北路 and 长安南路 do not meet on the map",),
        "丁香路地铁站9号口": ("9号口 is not mapped",),
        "芳草二村": ("is written 芳草二村A街坊 in the extract", "may as well be 芳草二村B街坊"),
        "和平路（海棠路至市桥路）": ("between 海棠路、市桥路 is asked for",),
    }
    assert {text: town.candidates(text)[0].doubts for text in doubts} == doubts


def test_a_part_alone_is_a_name_of_the_map_but_no_address_of_a_row(town):
    assert town.find("3号楼").matched == "3号楼"
    for text in ("3号楼", "湖滨区3号楼", "示例市湖滨区3号楼"):
        answer = town.candidates(Query(address=text))[0]
        assert (is_good(answer), answer.doubts) == (False, ("a part without its ground",))


def test_a_name_far_from_the_address_of_its_row_makes_both_doubtful(town):
    near = town.candidates(Query(address="海棠苑内", name="海棠苑党群服务站"))[0]
    assert (near.matched, near.score) == ("海棠苑", 1.0)
    for address in ("海棠苑内", "长安北路12号", "长安北路"):
        far = town.candidates(Query(address=address, name="翠竹家园居委会"))[0]
        assert not is_good(far)
        assert far.doubts[-1].startswith("翠竹家园 is mapped ")
    street = town.candidates(Query(address="和平路12号", name="翠竹家园居委会"))[0]
    assert (street.matched, is_good(street)) == ("翠竹家园", True)


@pytest.mark.parametrize(
    ("text", "matched"),
    [
        ("市桥街道市桥路3号", "市桥路3号"),
        ("市中区市台路3号", "市台路3号"),
        ("市桥街道桥路3号", "桥路3号"),
    ],
)
def test_a_street_that_begins_with_the_character_of_cities_keeps_it(town, text, matched):
    answer = town.find(text)
    assert (answer.matched, answer.score, answer.doubts) == (matched, 1.0, ())


@pytest.fixture(scope="module")
def dachang(test_data):
    extract = read_extract(test_data / DACHANG)
    with build_gazetteer(extract) as gazetteer:
        yield extract, gazetteer


@pytest.mark.data
def test_dachangs_own_compounds_are_found_in_longer_texts_and_never_another_place(dachang):
    """Right is a place in a compound of that name; compounds of one name apart are to be refused."""
    extract, gazetteer = dachang
    grounds = defaultdict(list)
    for tags, geometry in zip(extract.areas.tags, extract.areas.geometry, strict=True):
        if tags.get("landuse") == "residential" and "name" in tags:
            grounds[tags["name"]].append(geometry)

    outcomes, wrong = Counter(), []
    for name, after in itertools.product(sorted(grounds), AFTER[::2]):
        for before in ("", "上海市宝山区大场镇"):
            answer = taken(gazetteer, f"{before}{name}{after}")
            if answer is None:
                outcomes["refused"] += 1
                continue
            point = shapely.Point(answer.lon, answer.lat)
            inside = any(shapely.intersects(ground, point) for ground in grounds[name])
            outcomes["right" if inside else "wrong"] += 1
            if not inside:
                wrong.append((f"{before}{name}{after}", answer.matched))
    assert wrong == []
    assert outcomes["right"] >= 0.95 * outcomes.total() >= 500


@pytest.mark.data
def test_dachangs_own_crossings_are_where_its_streets_share_a_node(dachang):
    extract, gazetteer = dachang
    ways = extract.ways
    nodes, place = defaultdict(set), {}
    for row, tags in enumerate(ways.tags):
        span = slice(ways.start[row], ways.start[row + 1])
        place |= dict(zip(ways.node_id[span].tolist(), ways.lonlat[span].tolist(), strict=True))
        if tags.get("name", "").endswith("路"):
            nodes[tags["name"]].update(ways.node_id[span].tolist())

    outcomes, wrong = Counter(), []
    for one, other in itertools.combinations(sorted(nodes), 2):
        shared = [place[node] for node in nodes[one] & nodes[other]]
        if not shared:
            continue
        for form in CROSSING:
            answer = taken(gazetteer, form.format(a=one, b=other))
            if answer is None:
                outcomes["refused"] += 1
                continue
            away = (np.array(shared) - [answer.lon, answer.lat]) * [np.cos(np.radians(31.3)), 1.0]
            spread_m = np.hypot(*away.T) * M_PER_DEGREE
            right = spread_m.max() <= 150.0
            outcomes["right" if right else "wrong"] += 1
            if not right:
                wrong.append((form.format(a=one, b=other), answer.matched, spread_m.max()))
    assert wrong == []
    assert outcomes["right"] >= 0.95 * outcomes.total() >= 500
