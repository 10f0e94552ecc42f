"""Offers, premises, walkers, kinds and the shipped standards, read as they are meant."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import walkshed
from walkshed.errors import InputFaultsError
from walkshed.inputs import read_inputs
from walkshed.inputs.faults import FaultBook
from walkshed.inputs.rows.floors.reading import floor_in
from walkshed.inputs.standards.items import preset_items
from walkshed.inputs.standards.rows import presets
from walkshed.inputs.study.walkers import preset_walkers
from walkshed.inputs.tables.table import Row, Table
from walkshed.model.results import StudyInputs
from walkshed.model.town.places import Basis, Mode, Offer, Scope
from walkshed.words.verdicts import rule_text

GOOD = Path(__file__).parent / "good"


def read(
    folder: Path, *, toml: str = "", changes: tuple[tuple[str, str], ...] = (), **files: str
) -> StudyInputs:
    shutil.copytree(GOOD, folder, dirs_exist_ok=True)
    text = (GOOD / "study.toml").read_text(encoding="utf-8")
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    (folder / "study.toml").write_text(text + toml, encoding="utf-8")
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_text(content, encoding="utf-8")
    return read_inputs(folder)


def test_a_station_says_how_it_is_reached_and_offers_inherit_it(tmp_path: Path) -> None:
    inputs = read(
        tmp_path,
        toml='\n[offers]\nfile = "offers.csv"\n\n[run]\nat = "2026-11-23 10:00"\n',
        stations__csv=(
            "id,name,tier,lon,lat,services,楼层,电梯,无障碍,开放时间,接待能力,面积,service_area_m2"
            ",服务范围,社区\n"
            'H1,Hall,hub,116.640,23.660,meals,三楼,无,是,"Mo-Fr 08:30-12:00,14:30-17:30",40,200,150,本社区,East\n'
            "M1,Room,micro,116.644,23.660,,,,,,,,,,\n"
        ),
        offers__csv=(
            "站点,服务,方式,接待能力,响应准备,服务范围\nHall,clinic,上门,3,10,\nH1,meals,,,,all\nR"
            "oom,meals,,5,,\n"
        ),
    )
    hall, room = inputs.stations
    assert (hall.floor, hall.elevator, hall.step_free, hall.scope) == (
        3,
        False,
        True,
        Scope.COMMUNITY,
    )
    assert (hall.hours, hall.capacity, hall.area_m2) == ("Mo-Fr 08:30-12:00,14:30-17:30", 40, 150)
    assert (room.floor, room.elevator, room.step_free, room.scope) == (None, None, None, Scope.ALL)
    assert (room.hours, room.capacity, room.area_m2) == ("", None, None)
    assert inputs.offers == (
        Offer("H1", "clinic", Mode.OUTREACH, Scope.COMMUNITY, hall.hours, 3, 150, 10),
        Offer("H1", "meals", Mode.VISIT, Scope.ALL, hall.hours, 40, 150, 0),
        Offer("M1", "meals", Mode.VISIT, Scope.ALL, "", 5, None, 0),
    )
    assert (hall.services, room.services) == (("meals", "clinic"), ("meals",))
    assert inputs.settings.at == "2026-11-23T10:00"


@pytest.mark.parametrize(
    ("text", "floor"),
    [
        *(
            ("1", 1),
            ("3F", 3),
            ("3层", 3),
            ("三楼", 3),
            ("十二层", 12),
            ("二十楼", 20),
            ("首层", 1),
            ("B1", -1),
            ("-2", -2),
        ),
        *(("1-2", 1), ("2至3层", 2), ("负一层", -1), ("地下室", -1), ("", None), ("２", 2)),
    ],
)
def test_floors_are_read_as_they_are_spoken(text: str, floor: int | None) -> None:
    book = FaultBook()
    table = Table("t.csv", "row", {"floor": "floor"}, (), drawn=False)
    assert floor_in(Row(2, {"floor": text}), table, book) == floor
    assert book.faults == []


@pytest.mark.parametrize("text", ["0", "two", "-1-1-1", "1.5"])
def test_floors_that_are_none(text: str) -> None:
    book = FaultBook()
    table = Table("t.csv", "row", {"floor": "floor"}, (), drawn=False)
    assert floor_in(Row(2, {"floor": text}), table, book) is None
    assert len(book.faults) == 1


def test_every_figure_of_a_walker_has_a_source_or_is_unverified(tmp_path: Path) -> None:
    walkers = {walker.id: walker for walker in preset_walkers()}
    assert list(walkers) == ["adult", "older", "pram", "wheelchair", "crew"]
    for walker in walkers.values():
        figures = [walker.step_s, walker.flight_s, walker.flights_max]
        assert {"speed_m_s", "elevator_wait_s"} <= set(walker.sources)
        assert len(walker.sources) == 2 + sum(figure is not None for figure in figures)
    assert walkers["adult"].unverified() == ("step_s", "flight_s", "elevator_wait_s")
    assert (
        walkers["wheelchair"].step_s
        is walkers["wheelchair"].flight_s
        is walkers["pram"].step_s
        is None
    )
    own = '[[walkers]]\nid = "older"\nspeed_m_s = 0.7\n[walkers.sources]\nspeed_m_s = "counted in May"\n'
    inputs = read(
        tmp_path,
        changes=(
            ('walkers = ["adult"]', 'walkers = ["adult", "older"]\nwalkers_file = "walkers.toml"'),
        ),
        walkers__toml=own,
    )
    told = {walker.id: walker for walker in inputs.walkers}
    assert (told["older"].speed_m_s, told["older"].step_s) == (0.7, None)
    assert told["adult"] == walkers["adult"]
    assert inputs.settings.walkers == ("adult", "older")
    assert inputs.settings.group_walkers == {"older_people": "older"}


def test_kinds_are_given_or_sorted_by_the_first_rule_that_matches(tmp_path: Path) -> None:
    def feature(number: int, **properties: object) -> str:
        west = 116.640 + 0.002 * number
        ring = [
            [west, 23.661],
            [west + 0.001, 23.661],
            [west + 0.001, 23.662],
            [west, 23.662],
            [west, 23.661],
        ]
        import json

        drawn = {"type": "Polygon", "coordinates": [ring]}
        return json.dumps(
            {"type": "Feature", "properties": {"id": f"B{number}", **properties}, "geometry": drawn}
        )

    rows = [
        feature(0, name="a", 类型="商住", 产权性质="安置房", 年=1),
        feature(1, name="b", 产权性质="安置房", 建成年代=1985),
        feature(
            2, name="c", 产权性质="私房", 建成年代=1985, 物业管理="无", 维修资金="无", 业主组织="无"
        ),
        feature(3, name="d", 产权性质="私房", 建成年代=2015, 物业管理="无", 维修资金="无"),
        feature(4, name="e", 产权性质="商品房", 建成年代=2015, 物业管理="有"),
    ]
    inputs = read(
        tmp_path,
        changes=(('gates = "gates.csv"\ngroups = ["older_people"]', 'kind_rules = "kinds.toml"'),),
        blocks__geojson='{"type": "FeatureCollection", "features": [' + ",".join(rows) + "]}",
        kinds__toml=(
            '[[kinds]]\nkind = "安置"\nproperty_type = ["安置", "回迁"]\n\n'
            '[[kinds]]\nname = "before the reform"\nkind = "old"\nbuilt_until = 1999\n\n'
            '[[kinds]]\nkind = "commodity"\nmanagement = true\n'
        ),
    )
    assert inputs.blocks is not None
    assert [(block.kind, block.kind_rule, block.flags) for block in inputs.blocks] == [
        ("commodity", "given", ()),
        ("resettlement", "kinds.toml, row 1", ()),
        ("old", "before the reform", ("three_lacks",)),
        ("", "", ()),
        ("commodity", "kinds.toml, row 3", ()),
    ]
    assert "blocks.geojson: no rule sorts 1 of 5 blocks into a kind: d" in inputs.notes


def test_the_folder_of_standards_is_their_list(tmp_path: Path) -> None:
    folder = Path(walkshed.__file__).parent / "inputs" / "standards" / "presets"
    assert list(presets()) == sorted(path.stem for path in folder.iterdir())
    assert {"illustrative-500", "gb50180", "complete-community", "fushan"} <= set(presets())


@pytest.mark.parametrize("preset", presets())
def test_shipped_standards_name_their_source_in_both_languages_and_own_up(
    preset: str, tmp_path: Path
) -> None:
    item = preset_items(presets()[preset])[
        0
    ].item  # else no service answers to any, which is a fault
    changes = (
        ('file = "needs.toml"', f'preset = "{preset}"'),
        ('standard_item = "社区食堂"', f'standard_item = "{item}"'),
    )
    inputs = read(tmp_path, changes=changes)
    assert inputs.needs
    for need in inputs.needs:
        assert need.source_zh != need.source_en
        assert any("一" <= letter <= "鿿" for letter in need.source_zh)
        assert not any("一" <= letter <= "鿿" for letter in need.source_en)
        assert not need.verified or (preset, need.clause) == ("gb50180", "2.0.3")
        if (
            preset != "illustrative-500" and not need.verified
        ):  # which is no standard that anybody could verify
            assert any("一" <= letter <= "鿿" for letter in need.unverified_zh)
            assert need.unverified_en
            assert not any("一" <= letter <= "鿿" for letter in need.unverified_en)
    if preset == "gb50180":
        limits = {need.standard_item: need.limit for need in inputs.needs}
        assert (limits["社区服务站"], limits["老年人日间照料中心"], limits["社区卫生服务站"]) == (
            300,
            300,
            300,
        )
        assert (limits["文化活动站"], limits["小学"]) == (500, 500)
    if preset == "complete-community":
        assert inputs.community_rule is not None
        assert inputs.community_rule.area_m2_per_100_households == 30
        assert inputs.community_rule.verified
        assert inputs.community_rule.basis is Basis.POLICY
        (ground,) = (need for need in inputs.needs if need.clause == "14")
        assert (ground.standard_item, ground.min_area_m2) == ("公共活动场地", 150)
    if preset == "fushan":
        assert {need.kind for need in inputs.needs} == {"commodity", "old", "resettlement"}
        assert {need.basis for need in inputs.needs} == {Basis.LOCAL_PRACTICE}
        by_item = {need.standard_item: need for need in inputs.needs}
        assert by_item["法律咨询"].kind == "commodity"
        assert "助餐、就医、助浴" in by_item["上门服务"].source_zh
        assert (by_item["小修小补"].limit, by_item["小修小补"].unit) == (30, "min")


#: Meters of the walks that each preset names, by item.
WALKS = {
    "gb50180": {"五分钟生活圈": 300, "十分钟生活圈": 500, "十五分钟生活圈": 1000},
    "shanghai-1+n": {"1个中心": 1000, "N个站点": 300},
    "guizhou-elder-care": {"社区养老服务设施": 700},
    "complete-community": {"老年服务站": 500, "公共活动场地": 500},
    "fushan": {"社区食堂": 500, "政务代办": 500},
}


@pytest.mark.parametrize("preset", WALKS)
def test_shipped_rows_in_minutes_say_the_walk_that_these_stand_for(
    preset: str, tmp_path: Path
) -> None:
    item = preset_items(presets()[preset])[0].item
    changes = (
        ('file = "needs.toml"', f'preset = "{preset}"'),
        ('standard_item = "社区食堂"', f'standard_item = "{item}"'),
    )
    needs = {need.standard_item: need for need in read(tmp_path, changes=changes).needs}
    assert {name: needs[name].limit for name in WALKS[preset]} == WALKS[preset]
    assert all(needs[name].unit == "m" for name in WALKS[preset])
    at_the_door = {"小修小补", "上门服务"}
    assert {name for name, need in needs.items() if need.unit == "min"} <= at_the_door


def test_a_row_tells_its_pace_and_what_it_stands_on(tmp_path: Path) -> None:
    rows = """[[needs]]
service = "meals"
limit = 10
unit = "min"
walk_m = 500
basis = "国家标准"
source_zh = "标准"
source_en = "standard"
verified = true
"""
    (need,) = read(tmp_path, needs__toml=rows).needs
    assert (need.limit, need.unit, need.minutes) == (500, "m", 10)
    assert need.basis is Basis.NATIONAL_STANDARD
    assert rule_text(need, "zh") == "路网步行500米（标准为10分钟）；来源：标准（国家标准）"
    assert rule_text(need, "en") == (
        "500 m on foot along streets (for 10 min); source: standard (national standard)"
    )

    # a walk beside meters, and a basis that is none
    bad = rows.replace('unit = "min"\n', "").replace("国家标准", "国家标淮")
    with pytest.raises(InputFaultsError) as caught:
        read(tmp_path, needs__toml=bad)
    walk, basis = (str(fault) for fault in caught.value.faults)
    assert walk == (
        "needs.toml, row 4, column 'needs.walk_m': '500' is stated beside a limit in meters; "
        'write unit = "min", or leave it out'
    )
    assert basis == (
        "needs.toml, row 5, column 'needs.basis': '国家标淮' is not a valid basis of a rule; "
        "did you mean '国家标准'?"
    )
