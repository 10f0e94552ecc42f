"""Stations found in tags: the rule table, and which things it passes over."""

from __future__ import annotations

from pathlib import Path

import pytest

from drawn_osm import Drawing
from walkshed.model.places import Tier
from walkshed.osm.facilities import find_facilities, rule_table

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
