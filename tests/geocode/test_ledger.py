"""The ledger join: a list of compounds finds its polygons, and says where it is not sure."""

from __future__ import annotations

import random
import re

import pytest
import shapely

from walkshed.geocode.ledger import grounds_of, join_ledger
from walkshed.geocode.places.gazetteer import build_gazetteer
from walkshed.model.geocoding import Ground, LedgerRow, Location, Precision
from walkshed.osm import read_extract


def ground(name, east, community="", also=()):
    """Return a square of about 100 m."""
    lon = 116.64 + east / 100.0
    return Ground(
        f"w{east}", (name, *also), community, shapely.box(lon, 23.66, lon + 0.001, 23.661)
    )


OLD_TOWN = (
    ground("慧华苑", 0, "南门社区"),
    ground("慧华东苑", 1, "南门社区"),
    ground("祁连一村", 2),
    ground("锦龙苑南区", 3),
    ground("锦龙苑北区", 4),
    ground("方营小区", 5, "开元社区"),
    ground("方营小区", 6, "太昌社区"),
    ground("学府阳光家园", 7),
    ground("保利天和", 8),
)


def joined(*rows, **options):
    rows = [row if isinstance(row, LedgerRow) else LedgerRow(row) for row in rows]
    return join_ledger(rows, OLD_TOWN, **options)


@pytest.mark.parametrize(
    ("name", "at"),
    [
        ("慧华苑", 0),
        ("慧华小区苑", None),
        ("祁连1村", 2),
        ("祁连一村小区", 2),
        ("学府阳光", 7),
        ("保利天和", 8),
    ],
)
def test_the_plain_cases_are_sure(name, at):
    (match,) = joined(name)
    assert match.sure == (at is not None)
    assert at is None or match.grounds == (at,)


@pytest.mark.parametrize("name", ["慧华西苑", "祁连二村", "保利天汇苑一期", "无此小区", ""])
def test_another_compound_is_no_match_without_a_flag(name):
    (match,) = joined(name)
    assert not match.sure


def test_a_compound_that_is_mapped_in_parts_gets_them_all_with_a_flag():
    (match,) = joined("锦龙苑")
    assert match.grounds == (3, 4)
    assert match.doubts[0] == "the map has it in parts: 锦龙苑南区、锦龙苑北区"


def test_namesakes_are_told_apart_by_community_or_by_address():
    assert joined(LedgerRow("方营小区", community="太昌社区居委会"))[0].grounds == (6,)
    assert joined(LedgerRow("方营小区", community="太昌社区居委会"))[0].sure
    assert not joined("方营小区")[0].sure

    def find(address):
        return Location(116.7005, 23.6605, address, Precision.NUMBER, 1.0, "osm", None, 15.0)

    by_address = joined(LedgerRow("方营小区", address="某路1号"), find_address=find)[0]
    assert by_address.grounds == (6,)
    assert by_address.sure
    elsewhere = joined(LedgerRow("慧华苑", address="某路1号"), find_address=find)[0]
    assert elsewhere.grounds == (0,)
    assert "its address lies" in elsewhere.doubts[0]
    unknown = joined(LedgerRow("新名字花园", address="某路1号"), find_address=find)[0]
    assert unknown.grounds == (6,)
    assert unknown.how == "address"
    assert not unknown.sure


def test_what_contradicts_is_flagged():
    (match,) = joined(LedgerRow("慧华苑", community="开元社区"))
    assert match.doubts == ("the ledger says 开元社区, the map 南门社区",)
    one, other = joined("慧华苑", "慧华")
    assert one.sure
    assert "another row claims 慧华苑 too" in other.doubts
    slip = joined("学府阳关家园")[0]
    assert slip.grounds == (7,)
    assert slip.doubts == ("the map writes 学府阳光家园",)


def with_noise(name, chance):
    """Return a name as ledgers write it: a generic ending dropped or added, 一村 as 1村, full-width digits."""
    for ending in ("小区", "花园", "家园", "苑"):
        if name.endswith(ending) and len(name) - len(ending) >= 2 and chance.random() < 0.7:
            name = name[: -len(ending)]
            break
    else:
        if chance.random() < 0.3 and not name.endswith("小区"):
            name += "小区"
    digits = chance.choice(["0123456789", "０１２３４５６７８９"])
    return re.sub(
        "[一二三四五六七八九](?=村)",
        lambda found: digits["〇一二三四五六七八九".index(found.group())],
        name,
    )


@pytest.mark.data
@pytest.mark.parametrize(
    ("file", "count"),
    [("osm/shanghai_baoshan_dachang.osm.pbf", 58), ("osm/chengdu_xindu_dafeng.osm.pbf", 68)],
)
def test_noisy_names_of_a_town_are_joined_and_none_is_wrong_without_a_flag(test_data, file, count):
    extract = read_extract(test_data / file)
    grounds = grounds_of(extract)
    names = sorted({ground.names[0] for ground in grounds})
    assert len(names) >= count - 2
    with build_gazetteer(extract) as gazetteer:
        for seed in range(10):
            chance = random.Random(seed)
            rows = [LedgerRow(with_noise(name, chance)) for name in names]
            matches = join_ledger(rows, grounds, find_address=gazetteer.find)
            right = [
                bool(match.grounds)
                and all(grounds[index].names[0] == name for index in match.grounds)
                for name, match in zip(names, matches, strict=True)
            ]
            assert sum(right) / len(names) >= 0.90
            assert not [
                match for match, fits in zip(matches, right, strict=True) if match.sure and not fits
            ]


@pytest.mark.data
def test_compounds_of_another_city_are_not_joined_without_a_flag(test_data):
    here = grounds_of(read_extract(test_data / "osm/shanghai_baoshan_dachang.osm.pbf"))
    there = grounds_of(read_extract(test_data / "osm/chengdu_xindu_dafeng.osm.pbf"))
    matches = join_ledger([LedgerRow(ground.names[0]) for ground in there], here)
    assert not [match for match in matches if match.sure]
