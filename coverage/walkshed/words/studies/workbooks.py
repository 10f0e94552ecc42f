"""The words of the workbooks to fill in: sheets, columns, examples, what a drop-down offers, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from walkshed.model.labels import COUNTED, FORM, KIND, MEANS, PARTY_BRANCH, SCOPE, TIER, Label

_YES_NO = {"yes": Label("是", "yes"), "no": Label("否", "no")}
_HAS = {"yes": Label("有", "yes"), "no": Label("无", "no")}
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
        "开放时间照常写，例如：周一至周五 8:30-12:00，14:30-17:30；法定节假日休息。写不准的会请您改写。",
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
        "站点运行等台账各占一张表，都可不填；示例见各列的提示。"
        "“是否实体化运行”填“否”的站点，所列服务不计入。",
        "The ledgers (operations …) have a sheet each, all optional; examples stand in the hints "
        "of their columns. What a station lists that does not run is not counted.",
    ),
    Label(
        "房间时段：一行一个房间的一种用途，同一时间服务几项的写在一行；房间服务的项目按这些时段开放。"
        "工单：写明日期和时刻。人口口径：常住、户籍、服务人口分行填，不相加。",
        "room_times: a row per room and use; services are open when a room serves them. "
        "work_orders: date and time. population: each basis in a row of its own, never added up.",
    ),
    Label(
        "落地台账：完成的填完成时间；社区撤并的填“并入社区”，旧社区此后按新社区统计。",
        "relocations: completed once it is done; merged_into where communities merged, "
        "which then count as the new one.",
    ),
    Label(
        "共用站点：本小区没有站点而与别处共用时，填那个站点的名称；它视同本小区自己的站点。",
        "shared_station: a station elsewhere that serves this compound as its own.",
    ),
    Label(
        "小区没有边界时按名称（及社区、地址）与地图挂接；"
        "人口空缺时按户数 × study.toml 中的 household_size 估算。",
        "Compounds without an outline are joined to the map by name; people are households × "
        "household_size if empty.",
    ),
)


#: What stands before the example in the hint of a ledger's column.
EXAMPLE = Label("例：{example}", "For example: {example}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its example (alike in all languages unless given by language), what a drop-down offers."""

    name: Label
    example: Label | Mapping[str, object] | str | int
    choices: Mapping[str, Label] = field(default_factory=dict)
    hint: Label | None = None  # of a ledger's column, in place of the example

    def example_in(self, language: str) -> object:
        """Return the cell of the filled row."""
        if isinstance(self.example, Label):
            return self.example.in_(language)
        if isinstance(self.example, Mapping):
            return self.example.get(language, self.example["en"])
        return self.example

    def hint_in(self, language: str) -> str:
        """Return what is shown beside an empty cell."""
        if self.hint is not None:
            return self.hint.in_(language)
        return EXAMPLE.said(language, example=self.example_in(language))

    def choices_in(self, language: str) -> str:
        """Return what the drop-down offers, with commas between; "" for a column without."""
        return ",".join(choice.in_(language) for choice in self.choices.values())


#: Sheets, each with its name and its columns.
Sheets = tuple[tuple[Label, tuple[Column, ...]], ...]

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
    Column(Label("开放时间", "hours"), Label("周一至周五 8:30-17:30", "Mo-Fr 08:30-17:30")),
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
    Column(Label("共用站点", "shared_station"), ""),
)
_OPERATIONS = (
    Column(Label("站点", "station"), Label("示例党群服务中心", "Example center")),
    Column(Label("是否实体化运行", "running"), _YES_NO["yes"], choices=_YES_NO),
    Column(Label("站长", "head"), _HAS["yes"], choices=_HAS),
    Column(Label("常驻人数", "staff"), 3),
)
_ROOM_USE = {
    "office": Label("办公", "office"),
    "service": Label("服务", "service"),
    "activity": Label("活动", "activity"),
    "meeting": Label("会议", "meeting"),
    "other": Label("其他", "other"),
}
_ROOM_TIMES = (
    Column(Label("站点", "station"), Label("示例党群服务中心", "Example center")),
    Column(Label("房间", "room"), Label("多功能厅", "Hall")),
    Column(Label("面积（平方米）", "area_m2"), 80),
    Column(Label("星期", "days"), Label("周一至周五", "Mo-Fr")),
    Column(Label("时段", "times"), "8:30-11:30"),
    Column(Label("用途", "use"), _ROOM_USE["service"], choices=_ROOM_USE),
    Column(Label("服务项目", "services"), Label("长者助餐", "Meals for older people")),
)
_RELOCATIONS = (
    Column(Label("社区", "community"), Label("示例社区", "Example community")),
    Column(Label("中心名称", "center"), Label("示例党群服务中心", "Example center")),
    Column(Label("原址", "old_address"), Label("示例路8号", "8 Example Street")),
    Column(Label("原楼层", "old_floor"), 3),
    Column(Label("落地方式", "means"), MEANS["lease"], choices=MEANS),
    Column(Label("现址", "new_address"), Label("示例路12号", "12 Example Street")),
    Column(Label("现楼层", "new_floor"), 1),
    Column(Label("原面积（平方米）", "old_area_m2"), 90),
    Column(Label("现面积（平方米）", "new_area_m2"), 230),
    Column(Label("完成时间", "completed"), "2026-05"),
    Column(Label("落地前日均接待量", "visits_before"), 20),
    Column(Label("落地后日均接待量", "visits_after"), 65),
    Column(Label("无障碍改造", "step_free"), _YES_NO["yes"], choices=_YES_NO),
    Column(Label("街道", "subdistrict"), Label("示例街道", "Example subdistrict")),
    Column(
        Label("并入社区", "merged_into"),
        "",
        hint=Label("撤并时填：旧社区此后按此社区统计", "where communities merged: into which one"),
    ),
)
_WORK_ORDERS = (
    Column(Label("小区", "block"), Label("示例花园", "Example gardens")),
    Column(Label("报修时间", "reported"), "2026-05-18 8:30"),
    Column(Label("到场时间", "arrived"), "2026-05-18 8:52"),
    Column(Label("类型", "kind"), Label("水管维修", "plumbing")),
    Column(Label("站点或班组", "crew"), Label("示例党群服务中心", "Example center")),
)
_GOVERNANCE = (
    Column(Label("小区", "block"), Label("示例花园", "Example gardens")),
    Column(Label("党支部", "branch"), PARTY_BRANCH["joint"], choices=PARTY_BRANCH),
    Column(Label("业委会", "committee"), _HAS["yes"], choices=_HAS),
    Column(Label("物业", "management"), _HAS["yes"], choices=_HAS),
    Column(Label("维修资金", "funds"), _HAS["no"], choices=_HAS),
    Column(Label("年度物业类工单数", "orders"), 86),
)
_COUNTS = (
    Column(Label("小区", "block"), Label("示例花园", "Example gardens")),
    Column(Label("口径", "basis"), COUNTED["resident"], choices=COUNTED),
    Column(Label("截至日期", "as_of"), "2026-06-30"),
    Column(Label("人口", "people"), 320),
    Column(Label("60岁以上", "60+"), 60),
    Column(Label("65岁以上", "65+"), 45),
    Column(Label("80岁以上", "80+"), 9),
    Column(Label("0-3岁", "0-3"), 12),
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
SHEETS: Sheets = (
    (Label("站点", "stations"), _STATIONS),
    (Label("小区", "blocks"), _BLOCKS),
    (Label("服务类别", "services"), _SERVICES),
)
#: The office's own ledgers: no row is filled in, so that a sheet left alone says nothing.
LEDGER_SHEETS: Sheets = (
    (Label("站点运行", "operations"), _OPERATIONS),
    (Label("房间时段", "room_times"), _ROOM_TIMES),
    (Label("落地台账", "relocations"), _RELOCATIONS),
    (Label("工单", "work_orders"), _WORK_ORDERS),
    (Label("小区治理", "governance"), _GOVERNANCE),
    (Label("人口口径", "population"), _COUNTS),
)
