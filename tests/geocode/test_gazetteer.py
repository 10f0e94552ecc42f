"""The embedded gazetteer on two Chinese towns and two European ones: rates, refusals, speed."""

from __future__ import annotations

import random
import time

import pytest

from walkshed.errors import NotFoundError, UnreadableFileError
from walkshed.geocode.names import _in_digits, is_chinese, key_of, numbers_in
from walkshed.geocode.places.cache import kept_gazetteer
from walkshed.geocode.places.gazetteer import build_gazetteer, open_gazetteer
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
    return answer is not None and (
        answer.feature == feature or key_of(answer.matched) == key_of(shown)
    )


NUMERALS = "一二三四五六七八九十百"


def with_slip(shown, chance, letters):
    """Return a name with one character wrong, missing, swapped or too many; None for one that cannot slip.

    Digits, numerals and the letters of buildings stay: another number or letter is another place,
    and is refused.
    """
    numbers = numbers_in(_in_digits(key_of(shown)))
    spots = [n for n, char in enumerate(shown) if char.isalpha() and char not in NUMERALS]
    for _ in range(100):
        at = chance.choice(spots)
        letter = chance.choice(letters if is_chinese(shown[at]) else "abcdefghijklmnopqrstuvwxyz")
        swap = min(at, len(shown) - 2)
        slipped = chance.choice(
            [
                shown[:at] + letter + shown[at + 1 :],
                shown[:at] + shown[at + 1 :],
                shown[:at] + letter + shown[at:],
                shown[:swap] + shown[swap + 1] + shown[swap] + shown[swap + 2 :],
            ]
        )
        key = key_of(slipped)
        if key and key != key_of(shown) and numbers_in(_in_digits(key)) == numbers:
            return slipped
    return None


#: Characters that sound or look alike, as input methods and eyes take one for the other.
ALIKE = (
    "园圆苑元员",
    "丰峰风锋",
    "华花桦",
    "秋丘",
    "锦绵景",
    "祥翔详",
    "康慷",
    "场厂常",
    "镇阵真",
    "河何合",
    "明名鸣",
    "城成诚",
    "路露陆",
    "街阶",
    "桥侨",
    "苑院",
    "新心欣",
    "世市",
    "纪际",
    "祁齐其",
    "连联莲",
    "海诲",
    "太大",
    "沪护",
    "聚剧",
    "学字",
    "医依",
    "站占",
    "庭亭廷",
    "阳杨洋",
    "龙隆",
    "宝保",
    "福富",
    "利丽",
    "幸辛",
    "京经",
    "北此",
    "商尚",
    "林淋",
)


def with_likeness(shown, chance):
    """Return a name with one character taken for one that sounds or looks like it; None where the list has none."""
    spots = [(at, group) for at, char in enumerate(shown) for group in ALIKE if char in group]
    if not spots:
        return None
    at, group = chance.choice(spots)
    return (
        shown[:at] + chance.choice([char for char in group if char != shown[at]]) + shown[at + 1 :]
    )


@pytest.mark.parametrize("file", [DACHANG, DAFENG, MONACO])
def test_features_are_found_by_their_own_names_and_addresses(towns, test_data, file):
    gazetteer = towns[file] if file in towns else build_gazetteer(read_extract(test_data / file))
    rows = random.Random(1).sample(known(gazetteer), SAMPLE)
    right = sum(is_right(feature, shown, gazetteer.find(shown)) for feature, shown in rows)
    assert right / SAMPLE >= 0.98


@pytest.mark.parametrize("file", [DACHANG, DAFENG])
@pytest.mark.parametrize("seed", range(1, 7))
def test_features_are_found_with_one_slip_of_the_pen(towns, file, seed):
    rows = known(towns[file])
    letters = sorted(
        {char for _, shown in rows for char in shown if is_chinese(char)} - set(NUMERALS)
    )
    chance = random.Random(seed)
    sample = chance.sample([row for row in rows if len(row[1]) > 1], SAMPLE)
    slips = [(row, slipped) for row in sample if (slipped := with_slip(row[1], chance, letters))]
    right = sum(is_right(*row, towns[file].find(slipped)) for row, slipped in slips)
    assert len(slips) >= 0.98 * SAMPLE
    assert right / len(slips) >= 0.90


@pytest.mark.parametrize("file", [DACHANG, DAFENG])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_features_are_found_with_a_character_that_sounds_or_looks_alike(towns, file, seed):
    chance = random.Random(seed)
    slips = [
        (row, slipped) for row in known(towns[file]) if (slipped := with_likeness(row[1], chance))
    ]
    right = sum(is_right(*row, towns[file].find(slipped)) for row, slipped in slips)
    assert len(slips) >= 100
    assert right / len(slips) >= 0.90


@pytest.mark.parametrize("file", [DACHANG, DAFENG])
def test_full_width_and_spaced_writing_changes_nothing(towns, file):
    wide = str.maketrans({chr(code): chr(code + 0xFEE0) for code in range(0x21, 0x7F)})
    rows = [row for row in known(towns[file]) if is_chinese(row[1])]
    right = sum(
        is_right(*row, towns[file].find(f" {row[1].translate(wide)}\u3000")) for row in rows
    )
    assert right / len(rows) >= 0.98


def test_features_are_found_with_and_without_their_district(towns):
    """Whole, without the city, without the district, and the smallest division alone."""
    befores = {
        DACHANG: (
            "上海市宝山区大场镇",
            "宝山区大场镇",
            "上海市大场镇",
            "上海市宝山区",
            "宝山区",
            "大场镇",
        ),
        DAFENG: (
            "四川省成都市新都区大丰街道",
            "成都市大丰街道",
            "四川省成都市",
            "成都市新都区",
            "大丰街道",
        ),
    }
    for file, before in befores.items():
        rows = [row for row in known(towns[file]) if is_chinese(row[1][0])]
        for words in before:
            right = sum(
                is_right(feature, shown, towns[file].find(words + shown)) for feature, shown in rows
            )
            assert right / len(rows) >= 0.97


def test_a_slip_in_a_name_of_two_characters_is_told_as_such_and_only_where_one_place_can_be_meant(
    dachang,
):
    answer = dachang.find("桃达")
    assert (answer.matched, answer.score, answer.doubts[0]) == (
        "桃浦",
        0.6,
        "is written 桃浦 in the extract",
    )
    assert dachang.find("达浦").matched == "桃浦"
    assert dachang.find("后西门") is None  # 西门 is there, but who writes 后 may mean another gate
    assert dachang.find("门") is None


def test_a_slip_that_leads_to_two_places_names_both_and_takes_neither(dachang):
    assert dachang.find("务秋路") is None
    first, second, *_ = dachang.candidates("务秋路")
    assert {first.matched, second.matched} == {"华秋路", "锦秋路"}
    assert f"may as well be {second.matched}" in first.doubts


def test_a_first_character_may_be_missing_and_none_may_be_too_many(dachang):
    assert dachang.find("海大学").matched == "上海大学"
    assert dachang.find("秀路").matched == "南秀路"
    assert dachang.find("老锦秋路") is None
    assert dachang.find("锦秋东路") is None


@pytest.mark.parametrize("before", ["", "上海市宝山区"])
def test_another_building_of_a_ground_is_not_taken(dachang, before):
    assert dachang.find(f"{before}新世纪2号楼").matched == "新世纪2号楼"
    assert dachang.find(f"{before}新世纪99号楼") is None


@pytest.mark.parametrize(("file", "other"), [(DACHANG, DAFENG), (DAFENG, DACHANG)])
def test_names_that_do_not_exist_are_refused(towns, file, other):
    """Real names of another city that this one does not have."""
    here = {key_of(shown) for _, shown in known(towns[file])}
    names = sorted({shown for _, shown in known(towns[other]) if is_chinese(shown)})
    absent = [name for name in names if key_of(name) not in here]
    sample = random.Random(5).sample(absent, SAMPLE)
    refused = sum(towns[file].find(name) is None for name in sample)
    assert refused / SAMPLE >= 0.95
    # What is taken for a slip all the same says so.
    assert all(
        answer.doubts and answer.score < 1 for name in sample if (answer := towns[file].find(name))
    )


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


def test_a_query_takes_under_five_milliseconds_and_the_index_of_monaco_under_two_seconds(
    towns, test_data
):
    extract = read_extract(test_data / MONACO)
    began = time.process_time()
    monaco = build_gazetteer(extract)
    assert time.process_time() - began < 2.0
    chance = random.Random(3)
    for gazetteer in (*towns.values(), monaco):
        rows = [
            shown
            for _, shown in known(gazetteer)
            if len(shown) > 2 and any(char.isalpha() for char in shown)
        ]
        asked = [
            *chance.sample(rows, 100),
            *(
                with_slip(name, chance, "路桥山丰") or name
                for name in chance.sample(rows, 100)
                if name.isalpha()
            ),
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


def test_a_gazetteer_is_kept_and_not_gathered_again_until_something_changes(test_data, tmp_path):
    reads = []

    def read(path):
        reads.append(path)
        return read_extract(path)

    extract, folder = tmp_path / "town.osm.pbf", tmp_path / "缓存 cache"
    extract.write_bytes((test_data / DACHANG).read_bytes())
    with kept_gazetteer(extract, read=read, folder=folder) as first:
        wanted = first.find("锦秋花园")
    with kept_gazetteer(extract, read=read, folder=folder) as again:
        assert again.find("锦秋花园") == wanted
    assert len(reads) == 1
    (entry,) = folder.iterdir()
    content = entry.read_bytes()

    middle = bytearray(content)
    middle[20_000:60_000] = b"\xff" * 40_000
    for damage in (b"", b"not a database" * 500, content[: len(content) // 2], bytes(middle)):
        entry.write_bytes(damage)
        with kept_gazetteer(extract, read=read, folder=folder) as mended:
            assert mended.find("锦秋花园") == wanted
        assert [path.name for path in folder.iterdir()] == [entry.name]
    assert len(reads) == 5

    extract.write_bytes((test_data / DAFENG).read_bytes())
    with kept_gazetteer(extract, read=read, folder=folder) as other:
        assert other.find("锦秋花园") is None
    assert len(list(folder.iterdir())) == 2


def test_without_a_folder_or_with_one_that_cannot_be_made_the_names_are_gathered_anew(
    test_data, tmp_path
):
    (tmp_path / "file").write_text("no folder")
    for folder in (None, tmp_path / "file"):
        with kept_gazetteer(test_data / DACHANG, read=read_extract, folder=folder) as gazetteer:
            assert gazetteer.find("锦秋花园") is not None
    assert [path.name for path in tmp_path.iterdir()] == ["file"]
