"""The words of the workbooks to fill in: sheets, columns, examples, what a drop-down offers, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from walkshed.model.labels import FORM, KIND, SCOPE, TIER, Label

_YES_NO = {"yes": Label("是", "yes"), "no": Label("否", "no")}
#: Whether a list is complete; what nobody answers counts as not surveyed.
_COMPLETE = _YES_NO | {"not_sure": Label("不清楚", "not sure")}

#: The names of the workbooks, of the sheet of notes, and the notes.
WORKBOOK = Label("模板.xlsx", "template.xlsx")
NOTES_SHEET = Label("说明", "how to fill in")
NOTES = (
    Label(
        "每行一个站点、小区或服务类别；第 2 行是示例，请改写或删去。"
        "请勿修改列名，用不到的列可以留空或删去。",
        "One row per station, compound or service; row 2 is an example: overwrite or delete it. "
        "Keep the column names.",
    ),
    Label(
        "只有名称是必填的；经纬度和地址至少填一项。没有经纬度时，运行 walkshed geocode 按地址查找。",
        "Only the name is required, and lon and lat or an address; walkshed geocode places "
        "addresses.",
    ),
    Label(
        "经纬度取自哪里，可写在列名里，如 经度（高德）、经度（WGS84），或另加一列“坐标来源”；不写时自动判断。",
        "Whose coordinates they are may stand in the header, as lon (Amap) or lon (WGS84), "
        "or in a column crs.",
    ),
    Label(
        "楼层：1 为首层，-1 为地下一层；“二楼”“３层”“地下一层”也能识别。多项服务用“；”分开。",
        "Floors: 1 is the ground floor, -1 the basement. Services are separated by semicolons.",
    ),
    Label(
        "开放时间用 OSM 写法，例如 Mo-Fr 08:30-12:00,14:30-17:30; PH off。",
        "Hours as in OpenStreetMap: Mo-Fr 08:30-12:00,14:30-17:30; PH off.",
    ),
    Label(
        "形式：小区（有围墙、从大门出入，空缺时按此）或居住街坊（沿街建筑，从四周街道出入）。",
        "Form: a compound (walls and gates; what an empty cell means) or a street block "
        "(open to its streets).",
    ),
    Label(
        "服务类别：站点表“服务项目”写这里的服务名称；对应标准条目见 walkshed standards。",
        "Services: stations name them as here; walkshed standards lists the items of standards.",
    ),
    Label(
        "清单是否完整：提供该服务的站点是否都已列入站点表。"
        "填“是”才评不达标；填“否”“不清楚”或不填，均为待摸底。",
        "complete: whether every station that offers it is listed. "
        "Only with yes can blocks fail; else: not surveyed.",
    ),
    Label(
        "小区没有边界时按名称（及社区、地址）与地图挂接；人口空缺时按户数 × study.toml 中的 household_size 估算。",
        "Compounds without an outline are joined to the map by name; people are households × "
        "household_size if empty.",
    ),
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its example (alike in all languages unless given by language), what a drop-down offers."""

    name: Label
    example: Label | Mapping[str, object] | str | int
    choices: Mapping[str, Label] = field(default_factory=dict)

    def example_in(self, language: str) -> object:
        """Return the cell of the filled row."""
        if isinstance(self.example, Label):
            return self.example.in_(language)
        if isinstance(self.example, Mapping):
            return self.example[language]
        return self.example

    def choices_in(self, language: str) -> str:
        """Return what the drop-down offers, with commas between; "" for a column without."""
        return ",".join(choice.in_(language) for choice in self.choices.values())


_STATIONS = (
    Column(Label("编号", "id"), "S1"),
    Column(Label("名称", "name"), Label("示例党群服务中心", "Example center")),
    Column(Label("层级", "tier"), TIER["center"], choices=TIER),
    Column(Label("上级", "parent"), ""),
    Column(Label("地址", "address"), Label("示例路12号", "12 Example Street")),
    Column(Label("经度", "lon"), ""),
    Column(Label("纬度", "lat"), ""),
    Column(Label("服务项目", "services"), ""),
    Column(Label("楼层", "floor"), {"zh": "二楼", "en": 2}),
    Column(Label("电梯", "elevator"), Label("是", "yes"), choices=_YES_NO),
    Column(Label("无障碍", "step_free"), Label("是", "yes"), choices=_YES_NO),
    Column(Label("开放时间", "hours"), "Mo-Fr 08:30-17:30"),
    Column(Label("面积（平方米）", "area_m2"), 230),
    Column(Label("接待能力（人）", "capacity"), 40),
    Column(Label("服务范围", "scope"), SCOPE["all"], choices=SCOPE),
    Column(Label("街道", "subdistrict"), Label("示例街道", "Example subdistrict")),
    Column(Label("社区", "community"), Label("示例社区", "Example community")),
)
_BLOCKS = (
    Column(Label("编号", "id"), "B1"),
    Column(Label("名称", "name"), Label("示例花园", "Example gardens")),
    Column(Label("类型", "kind"), KIND["old"], choices=KIND),
    Column(Label("形式", "form"), FORM["compound"], choices=FORM),
    Column(Label("户数", "households"), 120),
    Column(Label("人口", "people"), ""),
    Column(Label("老年人", "older_people"), 60),
    Column(Label("儿童", "children"), 25),
    Column(Label("建成年份", "year_built"), 1998),
    Column(Label("产权性质", "property_type"), ""),
    Column(Label("地址", "address"), Label("示例路15号", "15 Example Street")),
    Column(Label("街道", "subdistrict"), Label("示例街道", "Example subdistrict")),
    Column(Label("社区", "community"), Label("示例社区", "Example community")),
)
_SERVICES = (
    Column(Label("服务名称", "name"), Label("长者助餐", "Meals for older people")),
    Column(
        Label("包含内容", "includes"), Label("堂食、送餐", "at tables, and brought to the door")
    ),
    Column(Label("对应标准条目", "standard_item"), ""),
    Column(Label("清单是否完整", "complete"), _COMPLETE["not_sure"], choices=_COMPLETE),
    Column(Label("截至日期", "as_of"), ""),
    Column(Label("填报单位", "reported_by"), ""),
)
#: The sheets in their order: the name and the columns of each.
SHEETS = (
    (Label("站点", "stations"), _STATIONS),
    (Label("小区", "blocks"), _BLOCKS),
    (Label("服务类别", "services"), _SERVICES),
)
