"""Chinese and Western addresses taken apart, and names compared."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from walkshed.geocode.addresses import parse_address
from walkshed.geocode.names import (
    conflict,
    core_of,
    key_of,
    number_of,
    numbers_in,
    without_committee,
)

ADDRESSES = {
    "广东省潮州市湘桥区太平街道南门社区下东平路12号": {
        "province": "广东省",
        "city": "潮州市",
        "district": "湘桥区",
        "subdistrict": "太平街道",
        "community": "南门社区",
        "road": "下东平路",
        "number": "12",
    },
    "上海市宝山区大场镇聚丰园路８８号新世纪大学生村３号楼二单元２０１室": {
        "province": "上海市",
        "district": "宝山区",
        "subdistrict": "大场镇",
        "road": "聚丰园路",
        "number": "88",
        "compound": "新世纪大学生村",
        "building": "3",
        "unit": "2",
        "room": "201",
    },
    "南陈路351弄2号": {"road": "南陈路", "lane": "351", "number": "2"},
    "四川省成都市金牛区北星大道4228-2号": {
        "province": "四川省",
        "city": "成都市",
        "district": "金牛区",
        "road": "北星大道",
        "number": "4228-2",
    },
    "大丰街道丰庭苑小区5栋1单元3楼": {
        "subdistrict": "大丰街道",
        "compound": "丰庭苑小区",
        "building": "5",
        "unit": "1",
        "floor": "3",
    },
    "新南社区二楼": {"community": "新南社区", "floor": "2"},
    "天龙北一路十二号": {"road": "天龙北1路", "number": "12"},
    "建设路12号附3号": {"road": "建设路", "number": "12附3"},
    "南京市中山东路一段1号": {"city": "南京市", "road": "中山东路1段", "number": "1"},
    "南山区科苑路15号科兴科学园B座": {
        "district": "南山区",
        "road": "科苑路",
        "number": "15",
        "compound": "科兴科学园",
        "building": "b",
    },
    "环镇北路211号": {"road": "环镇北路", "number": "211"},
    "上海宝山区上大路99号": {
        "city": "上海",
        "district": "宝山区",
        "road": "上大路",
        "number": "99",
    },
    "锦龙苑南区3号楼": {"compound": "锦龙苑南区", "building": "3"},
    "上大路": {"road": "上大路"},
    "Mannerheimintie 12": {"road": "Mannerheimintie", "number": "12"},
    "12 bis rue Grimaldi": {"road": "rue Grimaldi", "number": "12bis"},
    "12 Avenue de Monte-Carlo, 98000 Monaco": {
        "road": "Avenue de Monte-Carlo",
        "number": "12",
        "city": "Monaco",
    },
}
#: Names that only look as if they held a division or a road and number.
WHOLE_NAMES = [
    "上海大学宝山校区",
    "碧桂园城市花园",
    "红旗小区",
    "锦龙苑南区",
    "家乐福超市",
    "祁连二村A街坊",
    "沪太路汽车站",
]


@pytest.mark.parametrize("text", ADDRESSES)
def test_an_address_is_taken_apart(text):
    address = parse_address(text)
    parts = {name: getattr(address, name) for name in address.__dataclass_fields__}
    assert {name: part for name, part in parts.items() if part and name != "rest"} == ADDRESSES[
        text
    ]


@pytest.mark.parametrize("name", WHOLE_NAMES)
def test_a_name_stays_whole(name):
    address = parse_address(name)
    assert key_of(address.compound) == key_of(name)
    assert (address.province, address.city, address.district, address.number) == ("", "", "", "")


@given(st.text(max_size=40))
def test_nothing_is_too_odd_to_be_read(text):
    parse_address(text)
    key_of(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第3社区", "第三社区"),
        ("祁连一村", "祁连１村"),
        ("第十二社区", "第12社区"),
        ("A区", "a区"),
        ("Café Noir", "cafe noir"),
    ],
)
def test_two_spellings_of_one_name_have_one_key(one, other):
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize("word", ["万石路", "百货大楼", "七浦路", "三角地"])
def test_numerals_that_count_nothing_stay_words(word):
    assert key_of(word) == word


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("第3社区", "第123社区"),
        ("人民东路", "人民西路"),
        ("人民路", "人民东路"),
        ("祁连一村", "祁连二村"),
        ("天龙北一路", "天龙南一路"),
        ("上大路99号", "上大路98号"),
        ("锦丰新城A区", "锦丰新城B区"),
        ("祁连山路", "老祁连山路"),
        ("蓝光花满兰庭二期", "蓝光花满兰庭"),
    ],
)
def test_another_number_letter_or_direction_is_another_place(one, other):
    assert conflict(key_of(one), key_of(other))
    assert conflict(key_of(other), key_of(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("聚丰园路", "聚丰圆路"), ("南陈路", "陈南路"), ("学府阳光家园", "学府阳光家院")],
)
def test_a_slip_of_the_pen_is_no_conflict(one, other):
    assert not conflict(key_of(one), key_of(other))


def test_numerals_endings_and_committees():
    assert [
        number_of(text) for text in ("十", "十二", "二十", "一百零三", "一二〇", "12", "东", "")
    ] == [
        10,
        12,
        20,
        103,
        120,
        12,
        None,
        None,
    ]
    assert numbers_in(key_of("祁连二村A街坊12号楼")) == ("2", "a", "12")
    assert core_of("慧华小区") == core_of("慧华苑") == "慧华"
    assert core_of("花园") == "花园"
    assert without_committee("南门社区居民委员会") == without_committee("南门居委会") == "南门社区"
