"""The embedded gazetteer on two Chinese towns and two European ones: rates, refusals, speed."""

from __future__ import annotations

import random
import time

import pytest

from walkshed.errors import NotFoundError, UnreadableFileError
from walkshed.geocode.gazetteer import build_gazetteer, open_gazetteer
from walkshed.geocode.names import is_chinese, key_of
from walkshed.model.geocoding import Precision, Query
from walkshed.osm import read_extract

DACHANG = "osm/shanghai_baoshan_dachang.osm.pbf"
DAFENG = "osm/chengdu_xindu_dafeng.osm.pbf"
MONACO = "osm/monaco_2016_osrm.osm.pbf"
SAMPLE = 200

pytestmark = pytest.mark.data


@pytest.fixture(scope="module")
def towns(test_data):
    made = {}
    for file in (DACHANG, DAFENG):
        made[file] = build_gazetteer(read_extract(test_data / file))
    yield made
    for gazetteer in made.values():
        gazetteer.close()


@pytest.fixture(scope="module")
def dachang(towns):
    return towns[DACHANG]


def known(gazetteer):
    """Return (feature, name or address) of everything in the gazetteer."""
    return gazetteer._database.execute(
        "SELECT f.osm, n.shown FROM name n JOIN feature f ON f.id = n.feature "
        "WHERE n.main = 1 OR f.id IN (SELECT feature FROM house) ORDER BY n.id"
    ).fetchall()


def is_right(feature, shown, answer):
    return answer is not None and (answer.feature == feature or key_of(answer.matched) == key_of(shown))


def with_slip(shown, chance, letters):
    """Return a name with one character wrong, missing, swapped or too many; digits and numerals are left alone."""
    numerals = "一二三四五六七八九十百"
    at = chance.choice([n for n, char in enumerate(shown) if char.isalpha() and char not in numerals])
    letter = chance.choice(letters if is_chinese(shown[at]) else "abcdefghijklmnopqrstuvwxyz")
    swap = min(at, len(shown) - 2)
    return chance.choice(
        [
            shown[:at] + letter + shown[at + 1 :],
            shown[:at] + shown[at + 1 :],
            shown[:at] + letter + shown[at:],
            shown[:swap] + shown[swap + 1] + shown[swap] + shown[swap + 2 :],
        ]
    )


@pytest.mark.parametrize("file", [DACHANG, DAFENG, MONACO])
def test_features_are_found_by_their_own_names_and_addresses(towns, test_data, file):
    gazetteer = towns[file] if file in towns else build_gazetteer(read_extract(test_data / file))
    rows = random.Random(1).sample(known(gazetteer), SAMPLE)
    right = sum(is_right(feature, shown, gazetteer.find(shown)) for feature, shown in rows)
    assert right / SAMPLE >= 0.98


@pytest.mark.parametrize("file", [DACHANG, DAFENG])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_features_are_found_with_one_slip_of_the_pen(towns, file, seed):
    """Of names of three characters or more: one wrong character of two leaves nothing to know the name by."""
    rows = [row for row in known(towns[file]) if len(key_of(row[1])) >= 3]
    letters = sorted({char for _, shown in rows for char in shown if is_chinese(char)} - set("一二三四五六七八九十百"))
    chance = random.Random(seed)
    sample = chance.sample(rows, SAMPLE)
    right = sum(is_right(row[0], row[1], towns[file].find(with_slip(row[1], chance, letters))) for row in sample)
    assert right / SAMPLE >= 0.90


def test_features_are_found_with_and_without_their_district(towns):
    befores = {DACHANG: ("上海市宝山区", "宝山区", "大场镇"), DAFENG: ("四川省成都市", "成都市新都区", "大丰街道")}
    for file, before in befores.items():
        rows = [row for row in known(towns[file]) if is_chinese(row[1][0])]
        for words in before:
            right = sum(is_right(feature, shown, towns[file].find(words + shown)) for feature, shown in rows)
            assert right / len(rows) >= 0.98


@pytest.mark.parametrize("before", ["", "上海市宝山区"])
def test_another_building_of_a_ground_is_not_taken(dachang, before):
    assert dachang.find(f"{before}新世纪2号楼").matched == "新世纪2号楼"
    assert dachang.find(f"{before}新世纪99号楼") is None


@pytest.mark.parametrize(("file", "other"), [(DACHANG, DAFENG), (DAFENG, DACHANG)])
def test_names_that_do_not_exist_are_refused(towns, file, other):
    """Real names of another city that this one does not have."""
    here = {key_of(shown) for _, shown in known(towns[file])}
    names = sorted({shown for _, shown in known(towns[other]) if is_chinese(shown) and len(key_of(shown)) > 2})
    absent = [name for name in names if key_of(name) not in here]
    sample = random.Random(5).sample(absent, SAMPLE)
    refused = sum(towns[file].find(name) is None for name in sample)
    assert refused / SAMPLE >= 0.95
    # What is taken for a slip all the same says so.
    assert all(answer.doubts and answer.score < 1 for name in sample if (answer := towns[file].find(name)))


INVENTED = [
    "第3社区",
    "祁连五村",
    "幸福家园三期",
    "锦秋第二社区",
    "上飞小道",
    "环镇南路",
    "不存在路",
    "丰翔东路",
    "城市之光广场",
]


@pytest.mark.parametrize("name", INVENTED)
def test_invented_names_are_refused(dachang, name):
    assert dachang.find(name) is None


@pytest.mark.parametrize(
    ("asked", "matched", "precision"),
    [
        ("上海市宝山区大场镇聚丰园路205号", "聚丰园路205号", Precision.DOOR),
        ("聚丰园路２０５号", "聚丰园路205号", Precision.DOOR),
        ("上大路99号3号楼201室", "上大路99号", Precision.NUMBER),
        ("祁连1村", "祁连一村", Precision.COMPOUND),
        ("祁连二村A街坊12号楼", "祁连二村A街坊", Precision.COMPOUND),
        ("联合社区居委会", "联合社区", Precision.COMMUNITY),
        ("锦秋第1社区", "锦秋第一社区", Precision.COMMUNITY),
        ("宝山区锦秋路", "锦秋路", Precision.STREET),
    ],
)
def test_answers_say_what_matched_and_how_precisely(dachang, asked, matched, precision):
    answer = dachang.find(asked)
    assert (answer.matched, answer.precision, answer.source) == (matched, precision, "osm")
    assert answer.data_date == "2024-10-17"
    assert 0 < answer.score <= 1


def test_another_house_number_is_the_street_at_most(dachang):
    answer = dachang.find("上大路101号")
    assert answer.precision is Precision.STREET
    assert answer.doubts == ("house number 101 is not mapped",)
    assert answer.score < dachang.find("上大路99号").score


def test_another_district_is_a_doubt(dachang):
    answer = dachang.find("成都市金牛区上大路99号")
    assert answer.score < 1
    assert any("金牛区" in doubt for doubt in answer.doubts)


def test_what_is_only_near_is_told_but_not_taken(dachang):
    query = "联合社区党群服务中心"
    assert dachang.find(query) is None
    (community, *_) = dachang.candidates(query)
    assert community.precision is Precision.COMMUNITY
    assert community.doubts == ("党群服务中心 is not in the extract",)


def test_the_name_helps_where_the_address_fails(dachang):
    assert dachang.find(Query(address="某某路1号", name="锦秋花园")).matched == "锦秋花园"


def test_a_query_takes_under_five_milliseconds_and_the_index_of_monaco_under_two_seconds(towns, test_data):
    extract = read_extract(test_data / MONACO)
    began = time.process_time()
    monaco = build_gazetteer(extract)
    assert time.process_time() - began < 2.0
    chance = random.Random(3)
    for gazetteer in (*towns.values(), monaco):
        rows = [shown for _, shown in known(gazetteer) if len(shown) > 2 and any(char.isalpha() for char in shown)]
        asked = [
            *chance.sample(rows, 100),
            *(with_slip(name, chance, "路桥山丰") for name in chance.sample(rows, 100) if name.isalpha()),
        ]
        gazetteer.find("预热路")
        began = time.process_time()
        for name in asked:
            gazetteer.find(name)
        assert (time.process_time() - began) / len(asked) < 0.005
    monaco.close()


def test_a_gazetteer_in_a_file_is_found_again_or_refused(test_data, tmp_path):
    extract = read_extract(test_data / DACHANG)
    path = tmp_path / "地名 gazetteer" / "names.sqlite"
    with build_gazetteer(extract, path) as built:
        answer = built.find("锦秋花园")
    assert [file.name for file in path.parent.iterdir()] == ["names.sqlite"]
    with open_gazetteer(path, digest=extract.digest) as again:
        assert again.find("锦秋花园") == answer
    with pytest.raises(UnreadableFileError, match="build it again"):
        open_gazetteer(path, digest="another")
    with pytest.raises(NotFoundError):
        open_gazetteer(tmp_path / "none.sqlite")
    path.write_bytes(b"not a database" * 100)
    with pytest.raises(UnreadableFileError, match="build it again"):
        open_gazetteer(path)
