"""The words of the workbooks to fill in: sheets, columns, examples, what a drop-down offers, notes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from walkshed.model.labels import (
    COUNTED,
    EXAMPLE,
    FORM,
    KIND,
    MEANS,
    MODE,
    PARTY_BRANCH,
    SCOPE,
    TIER,
    Label,
)

_YES_NO = {"yes": Label("是", "yes"), "no": Label("否", "no")}
_HAS = {"yes": Label("有", "yes"), "no": Label("无", "no")}
#: Whether a list is complete; what nobody answers counts as not surveyed.
_COMPLETE = _YES_NO | {"not_sure": Label("不清楚", "not sure")}

#: What the workbooks are called.
WORKBOOK = Label("模板.xlsx", "template.xlsx")
#: What stands for the name of a study that is to be filled in.
STUDY_NAME = Label("项目名称", "Name of the study")
#: What stands before the example in the hint of a column.
_HINT = Label("例：{example}", "For example: {example}")


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its name, its example (alike in all languages unless given by language), what a drop-down offers."""

    name: Label
    example: Label | Mapping[str, object] | str | float
    choices: Mapping[str, Label] = field(default_factory=dict)
    hint: Label | None = None  # in place of the example

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
        return _HINT.said(language, example=self.example_in(language))

    def choices_in(self, language: str) -> str:
        """Return what the drop-down offers, with commas between; "" for a column without."""
        return ",".join(choice.in_(language) for choice in self.choices.values())


#: Sheets, each with its name and its columns.
Sheets = tuple[tuple[Label, tuple[Column, ...]], ...]

_STATIONS = (
    Column(Label("编号", "id"), "S1"),
    Column(Label("名称", "name"), EXAMPLE["station"]),
    Column(Label("层级", "tier"), TIER["center"], choices=TIER),
    Column(Label("上级", "parent"), ""),
    Column(Label("地址", "address"), EXAMPLE["station_address"]),
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
    Column(Label("街道", "subdistrict"), EXAMPLE["subdistrict"]),
    Column(Label("社区", "community"), EXAMPLE["community"]),
)
#: Visitors have a sheet of their own.
_KINDS = {key: label for key, label in KIND.items() if key != "visitor"}
_BLOCKS = (
    Column(Label("编号", "id"), "B1"),
    Column(Label("名称", "name"), EXAMPLE["block"]),
    Column(Label("类型", "kind"), KIND["old"], choices=_KINDS),
    Column(Label("形式", "form"), FORM["compound"], choices=FORM),
    Column(Label("户数", "households"), 120),
    Column(Label("人口", "people"), ""),
    Column(Label("老年人", "older_people"), 60),
    Column(Label("儿童", "children"), 25),
    Column(Label("建成年份", "year_built"), 1998),
    Column(Label("产权性质", "property_type"), ""),
    Column(Label("地址", "address"), EXAMPLE["block_address"]),
    Column(Label("街道", "subdistrict"), EXAMPLE["subdistrict"]),
    Column(Label("社区", "community"), EXAMPLE["community"]),
    Column(Label("共用站点", "shared_station"), ""),
)
#: A room is no merger, and an elevator no way to have one.
_OBTAINED = {key: MEANS[key] for key in ("allocation", "swap", "lease", "joint")}
_OFFERS = (
    Column(Label("站点", "station"), EXAMPLE["station"]),
    Column(Label("服务项目", "service"), Label("长者助餐", "Meals for older people")),
    Column(Label("服务方式", "mode"), MODE["visit"], choices=MODE),
    Column(Label("开放时间", "hours"), Label("周一至周五 11:00-13:00", "Mo-Fr 11:00-13:00")),
    Column(Label("服务范围", "scope"), SCOPE["all"], choices=SCOPE),
    Column(Label("接待能力（人）", "capacity"), 40),
    Column(Label("面积（平方米）", "area_m2"), 60),
    Column(
        Label("响应准备（分钟）", "readiness_min"),
        10,
        hint=Label(
            "只填上门服务：出发前要几分钟，路上时间另算",
            "of what comes to the door: minutes until a crew leaves, the way apart",
        ),
    ),
)
_GATES = (
    Column(Label("小区", "block"), EXAMPLE["block"]),
    Column(Label("出入口", "name"), Label("东门", "east gate")),
    Column(Label("经度", "lon"), 121.4145),
    Column(Label("纬度", "lat"), 31.3036),
)
_ROOMS = (
    Column(Label("编号", "id"), "R1"),
    Column(Label("名称", "name"), Label("沿街商铺3号", "3 High Street")),
    Column(Label("地址", "address"), EXAMPLE["station_address"]),
    Column(Label("经度", "lon"), 121.4145),
    Column(Label("纬度", "lat"), 31.3036),
    Column(Label("面积（平方米）", "area_m2"), 180),
    Column(Label("楼层", "floor"), 1),
    Column(Label("电梯", "elevator"), _YES_NO["no"], choices=_YES_NO),
    Column(Label("费用（万元）", "cost"), 30),
    Column(Label("接待能力（人）", "capacity"), 40),
    Column(Label("取得方式", "obtained"), MEANS["lease"], choices=_OBTAINED),
)
_VISITORS = (
    Column(Label("编号", "id"), "V1"),
    Column(Label("地点", "name"), Label("示例商圈", "Example mall")),
    Column(Label("访客数", "people"), 3000),
    Column(Label("地址", "address"), EXAMPLE["station_address"]),
    Column(Label("经度", "lon"), 121.4145),
    Column(Label("纬度", "lat"), 31.3036),
)
_OPERATIONS = (
    Column(Label("站点", "station"), EXAMPLE["station"]),
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
    Column(Label("站点", "station"), EXAMPLE["station"]),
    Column(Label("房间", "room"), Label("多功能厅", "Hall")),
    Column(Label("面积（平方米）", "area_m2"), 80),
    Column(Label("星期", "days"), Label("周一至周五", "Mo-Fr")),
    Column(Label("时段", "times"), "8:30-11:30"),
    Column(Label("用途", "use"), _ROOM_USE["service"], choices=_ROOM_USE),
    Column(Label("服务项目", "services"), Label("长者助餐", "Meals for older people")),
)
_RELOCATIONS = (
    Column(Label("社区", "community"), EXAMPLE["community"]),
    Column(Label("中心名称", "center"), EXAMPLE["station"]),
    Column(Label("原址", "old_address"), Label("示例路8号", "8 Example Street")),
    Column(Label("原楼层", "old_floor"), 3),
    Column(Label("落地方式", "means"), MEANS["lease"], choices=MEANS),
    Column(Label("现址", "new_address"), EXAMPLE["station_address"]),
    Column(Label("现楼层", "new_floor"), 1),
    Column(Label("原面积（平方米）", "old_area_m2"), 90),
    Column(Label("现面积（平方米）", "new_area_m2"), 230),
    Column(Label("完成时间", "completed"), "2026-05"),
    Column(Label("落地前日均接待量", "visits_before"), 20),
    Column(Label("落地后日均接待量", "visits_after"), 65),
    Column(Label("无障碍改造", "step_free"), _YES_NO["yes"], choices=_YES_NO),
    Column(Label("街道", "subdistrict"), EXAMPLE["subdistrict"]),
    Column(
        Label("并入社区", "merged_into"),
        "",
        hint=Label("撤并时填：旧社区此后按此社区统计", "where communities merged: into which one"),
    ),
)
_WORK_ORDERS = (
    Column(Label("小区", "block"), EXAMPLE["block"]),
    Column(Label("报修时间", "reported"), "2026-05-18 8:30"),
    Column(Label("到场时间", "arrived"), "2026-05-18 8:52"),
    Column(Label("类型", "kind"), Label("水管维修", "plumbing")),
    Column(Label("站点或班组", "crew"), EXAMPLE["station"]),
)
_GOVERNANCE = (
    Column(Label("小区", "block"), EXAMPLE["block"]),
    Column(Label("党支部", "branch"), PARTY_BRANCH["joint"], choices=PARTY_BRANCH),
    Column(Label("业委会", "committee"), _HAS["yes"], choices=_HAS),
    Column(Label("物业", "management"), _HAS["yes"], choices=_HAS),
    Column(Label("维修资金", "funds"), _HAS["no"], choices=_HAS),
    Column(Label("年度物业类工单数", "orders"), 86),
)
_COUNTS = (
    Column(Label("小区", "block"), EXAMPLE["block"]),
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
#: The sheets that a study needs, each with its columns; an example stands in the first two.
SHEETS: Sheets = (
    (Label("站点", "stations"), _STATIONS),
    (Label("小区", "blocks"), _BLOCKS),
)
#: What may be added: no row is filled in, so that a sheet left alone says nothing.
FURTHER_SHEETS: Sheets = (
    (Label("服务类别", "services"), _SERVICES),
    (Label("服务明细", "offers"), _OFFERS),
    (Label("出入口", "gates"), _GATES),
    (Label("房源", "rooms"), _ROOMS),
    (Label("访客", "visitors"), _VISITORS),
)
#: The office's own ledgers, empty likewise.
LEDGER_SHEETS: Sheets = (
    (Label("站点运行", "operations"), _OPERATIONS),
    (Label("房间时段", "room_times"), _ROOM_TIMES),
    (Label("落地台账", "relocations"), _RELOCATIONS),
    (Label("工单", "work_orders"), _WORK_ORDERS),
    (Label("小区治理", "governance"), _GOVERNANCE),
    (Label("人口口径", "population"), _COUNTS),
)
