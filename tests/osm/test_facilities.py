"""Stations found in tags: the rule table, and which things it passes over."""

from __future__ import annotations

from pathlib import Path

import pytest

from drawn_osm import Drawing, square
from walkshed.model.town.places import Scope, Tier
from walkshed.osm.tags.facilities import find_facilities, rule_table

TABLE = rule_table()


@pytest.mark.parametrize(
    ("tags", "tier", "services"),
    [
        ({"name": "牌坊街商圈党群服务中心"}, "hub", "community"),
        ({"name": "南门社区党群服务中心"}, "center", "community"),
        ({"name": "祁连二村居委会"}, "center", "community"),
        ({"name": "聚丰园路社区服务中心", "building": "yes"}, "center", "community"),
        ({"name": "大场镇社区事务受理服务中心"}, "hub", "errands"),
        ({"name": "大丰街道太平碑社区卫生服务中心", "amenity": "hospital"}, "center", "health"),
        ({"name": "南门社区卫生服务站", "amenity": "clinic"}, "micro", "health"),
        ({"name": "大场文化中心", "landuse": "yes"}, "center", "culture"),
        ({"name": "祁连派出所", "amenity": "police"}, "micro", "police"),
        ({"name": "宝山公安分局祁连派出所", "amenity": "police"}, "micro", "police"),
        ({"name": "高师附小", "amenity": "school"}, "micro", "school"),
        ({"name": "实验学校", "amenity": "school"}, "micro", "school"),
        ({"name": "大丰农贸市场", "amenity": "marketplace"}, "micro", "market"),
        ({"name": "老年大学", "amenity": "school"}, "micro", "culture"),
        ({"name": "国药控股药房有限公司", "amenity": "pharmacy"}, "micro", "pharmacy"),
        ({"name": "幸福里长者食堂"}, "micro", "meals"),
        ({"name": "福山敬老院"}, "micro", "elder_care"),
        ({"amenity": "library"}, "micro", "library"),
        ({"amenity": "community_centre", "name": "Casa"}, "center", "community;culture"),
        ({"amenity": "social_facility", "social_facility:for": "senior"}, "micro", "elder_care"),
    ],
)
def test_what_the_table_takes(tags: dict[str, str], tier: str, services: str) -> None:
    rule = TABLE.rule_for(tags)
    assert rule is not None
    assert (rule.tier, ";".join(rule.services)) == (Tier(tier), services)


@pytest.mark.parametrize(
    "tags",
    [
        {"name": "祁连四村社区", "boundary": "administrative"},
        {"name": "大场文化中心", "highway": "bus_stop"},
        {"name": "开元国际社区东区", "landuse": "residential"},
        {"name": "尔美食堂", "amenity": "restaurant"},
        {"name": "上海大学本部图书馆", "amenity": "library"},
        {"name": "顺丰", "amenity": "post_office"},
        {"name": "老文化馆", "disused:amenity": "arts_centre"},
        {"name": "花园社区", "place": "quarter"},
        {"shop": "bakery", "name": "社区服务中心面包"},
        {"building": "yes"},
        {"name": "新都二手车市场", "amenity": "marketplace"},
        {"name": "大丰建材市场", "amenity": "marketplace"},
        {"name": "纯K量贩KTV文化中心", "amenity": "arts_centre"},
        {"name": "中共贵溪市委党校", "amenity": "school"},
        {"name": "新都区教师进修学校", "amenity": "school"},
        {"name": "龙岗高师", "amenity": "school"},
        {"name": "新安职业技术学院", "amenity": "school"},
        {"name": "宏达驾校", "amenity": "school"},
        {"name": "贵溪市公安局", "amenity": "police"},
        {"name": "宝山公安分局交警支队", "amenity": "police"},
        {"name": "南山车管所", "amenity": "police"},
        {"name": "Auto-école du Port", "amenity": "school"},
        {"name": "Fourrière de Monaco", "amenity": "police"},
    ],
)
def test_what_it_passes_over(tags: dict[str, str]) -> None:
    assert TABLE.rule_for(tags) is None


def test_every_rule_says_why_and_names_known_services() -> None:
    known = {service.id for service in TABLE.services}
    assert all(rule.reason and set(rule.services) <= known for rule in TABLE.rules)
    assert all(rule.tags or rule.names for rule in TABLE.rules)
    assert all(service.zh and service.en for service in TABLE.services)


def test_one_thing_mapped_twice_is_one_and_a_campus_keeps_its_pool(tmp_path: Path) -> None:
    """A library as a building and as a node in it; a sports hall inside a university."""
    drawing = Drawing(
        nodes={
            1: (0, 0),
            2: (0.2, 0),
            3: (0.2, 0.2),
            4: (0, 0.2),
            5: (0.1, 0.1),
            11: (1, 1),
            12: (3, 1),
            13: (3, 3),
            14: (1, 3),
            15: (2, 2),
        },
        node_tags={
            5: {"amenity": "library", "name": "City Library"},
            15: {"leisure": "sports_hall", "name": "Pool"},
        },
        ways={
            1: ([1, 2, 3, 4, 1], {"amenity": "library", "name": "City Library", "building": "yes"}),
            2: ([11, 12, 13, 14, 11], {"amenity": "university", "name": "U"}),
            3: ([1, 11], {"highway": "residential"}),
        },
        bounds=(-1, -1, 4, 4),
    )
    assert [facility.osm for facility in find_facilities(drawing.read(tmp_path))] == ["w1"]


def sites(tmp_path: Path, *things: tuple[float, float, float, dict[str, str]]) -> Drawing:
    """Return squares with their tags, as w1, w2 …: west, south, size in grid points of 111 m (0: a node, n1)."""
    drawing = Drawing(bounds=(-5, -5, 20, 20))
    for number, (x, y, size, tags) in enumerate(things, start=1):
        if size == 0:
            drawing.nodes[number], drawing.node_tags[number] = (x, y), tags
            continue
        first = 1000 + 10 * number
        drawing.nodes.update(square(x, y, size, first))
        drawing.ways[number] = ([first, first + 1, first + 2, first + 3, first], tags)
    drawing.nodes.update({1: drawing.nodes.get(1, (-4, -4)), 2000: (-4, -4), 2001: (15, -4)})
    drawing.ways[99] = ([2000, 2001], {"highway": "residential"})
    return drawing


def found(tmp_path: Path, drawing: Drawing) -> list[tuple[str, str]]:
    return [(each.osm, each.name) for each in find_facilities(drawing.read(tmp_path))]


MARKET, POLICE = {"amenity": "marketplace"}, {"amenity": "police"}


def test_sheds_of_a_market_are_one_station(tmp_path: Path) -> None:
    """Three numbered sheds, a nameless one beside them, and another market across the street."""
    drawing = sites(
        tmp_path,
        (0, 0, 0.3, {**MARKET, "name": "大丰农贸市场1号棚"}),
        (0.5, 0, 0.4, {**MARKET, "name": "大丰农贸市场2号棚"}),
        (1, 0, 0.3, {**MARKET, "name": "大丰农贸市场"}),
        (0.5, 0.5, 0.2, MARKET),
        (0, 1, 0.3, {**MARKET, "name": "方元路农贸市场"}),
    )
    assert found(tmp_path, drawing) == [("w2", "大丰农贸市场2号棚"), ("w5", "方元路农贸市场")]


def test_five_outlines_of_a_police_site_are_one_station(tmp_path: Path) -> None:
    """Two named alike, three without a name; a nameless post 300 m away is another."""
    drawing = sites(
        tmp_path,
        (0, 0, 0.5, {**POLICE, "name": "祁连派出所"}),
        (0.6, 0, 0.2, {**POLICE, "name": "祁连派出所"}),
        (0, 0.6, 0.2, POLICE),
        (0.3, 0.6, 0.2, POLICE),
        (0.6, 0.4, 0.2, POLICE),
        (3.5, 0, 0.2, POLICE),
    )
    assert found(tmp_path, drawing) == [("w1", "祁连派出所"), ("w6", "")]


def test_a_way_and_its_relation_are_one_and_neighbors_of_two_names_are_two(tmp_path: Path) -> None:
    school = {"amenity": "school"}
    drawing = sites(
        tmp_path,
        (0, 0, 0.5, {**school, "name": "山海小学"}),
        (0.5, 0, 0.5, {**school, "name": "第二小学"}),
        (1.1, 0, 0.1, school),  # 11 m from the second
    )
    drawing.relations[7] = (
        [("w", 1, "outer")],
        {"type": "multipolygon", **school, "name": "上海山海小学"},
    )
    assert found(tmp_path, drawing) == [("w1", "山海小学"), ("w2", "第二小学")]
    pharmacies = sites(
        tmp_path,
        (0, 0, 0, {"amenity": "pharmacy", "name": "甲药房"}),
        (0.2, 0, 0, {"amenity": "pharmacy"}),  # 22 m away: the next one in the row
        (0.05, 0, 0, {"amenity": "pharmacy"}),
    )
    assert found(tmp_path, pharmacies) == [("n1", "甲药房"), ("n2", "")]


def test_a_campus_keeps_what_serves_those_who_live_there(tmp_path: Path) -> None:
    """A university of 1 km²; what its name says is its own is for its own people."""
    inside = [
        {"amenity": "community_centre", "name": "大学路社区服务中心"},
        {"amenity": "clinic", "name": "上大社区卫生服务站"},
        {"amenity": "police", "name": "校园路派出所"},
        {"amenity": "kindergarten", "name": "上海大学幼儿园"},
        {"amenity": "school", "name": "上海大学附属小学"},
        {"amenity": "school", "name": "锦秋附中"},
        {"amenity": "library", "name": "钱伟长图书馆"},
        {"leisure": "sports_centre", "name": "游泳馆"},
    ]
    campus = (0.0, 0.0, 10.0, {"amenity": "university", "name": "上海大学"})
    things = [(2.0 + (k % 3) * 3, 1.0 + (k // 3) * 3, 0.0, tags) for k, tags in enumerate(inside)]
    drawing = sites(tmp_path, campus, *things)
    kept = {each.name: each.scope for each in find_facilities(drawing.read(tmp_path))}
    assert kept == {
        "大学路社区服务中心": Scope.ALL,
        "上大社区卫生服务站": Scope.ALL,
        "校园路派出所": Scope.ALL,
        "上海大学幼儿园": Scope.COMPOUND,
        "上海大学附属小学": Scope.COMPOUND,
        "锦秋附中": Scope.ALL,
    }
    # outside of the campus a name alone restricts nothing
    outside = sites(tmp_path, (0, 0, 0, {"amenity": "school", "name": "上海大学附属小学"}))
    assert [each.scope for each in find_facilities(outside.read(tmp_path))] == [Scope.ALL]
