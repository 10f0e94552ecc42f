"""Empty workbooks for planners, in Chinese and English: the columns that a study reads, drop-downs, one filled row."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from walkshed.errors import OutputError
from walkshed.model.labels import FORM, KIND, SCOPE, TIER, Label
from walkshed.reports.writing import put_files
from walkshed.reports.writing.same_bytes import workbook_bytes

_LAST_ROW = 1000
_YES_NO = {"zh": "是,否", "en": "yes,no"}
COMPLETE = {"zh": "是,否,不清楚", "en": "yes,no,not sure"}
_NOTES = {
    "zh": (
        "每行一个站点、小区或服务类别；第 2 行是示例，请改写或删去。列名不要改，用不到的列可以留空或删去。",
        "只有名称是必填的；经纬度和地址至少填一项。没有经纬度时，运行 walkshed geocode 按地址查找。",
        "经纬度取自哪里，可写在列名里，如 经度（高德）、经度（WGS84），或另加一列“坐标来源”；不写时自动判断。",
        "楼层：1 为首层，-1 为地下一层；“二楼”“３层”“地下一层”也能识别。多项服务用“；”分开。",
        "开放时间用 OSM 写法，例如 Mo-Fr 08:30-12:00,14:30-17:30; PH off。",
        "形式：小区（有围墙、从大门出入，空缺时按此）或居住街坊（沿街建筑，从四周街道出入）。",
        "服务类别：站点表“服务项目”写这里的服务名称；对应标准条目见 walkshed standards。",
        "清单是否完整：提供该服务的站点是否都已列入站点表。填“是”才评不达标；填“否”“不清楚”或不填，均为待摸底。",
        "小区没有边界时按名称（及社区、地址）与地图挂接；人口空缺时按户数 × study.toml 中的 household_size 估算。",
    ),
    "en": (
        "One row per station, compound or service; row 2 is an example: overwrite or delete it. Keep the column names.",
        "Only the name is required, and lon and lat or an address; walkshed geocode places addresses.",
        "Whose coordinates they are may stand in the header, as lon (Amap) or lon (WGS84), or in a column crs.",
        "Floors: 1 is the ground floor, -1 the basement. Services are separated by semicolons.",
        "Hours as in OpenStreetMap: Mo-Fr 08:30-12:00,14:30-17:30; PH off.",
        "Form: a compound (walls and gates; what an empty cell means) or a street block (open to its streets).",
        "Services: stations name them as here; walkshed standards lists the items of standards.",
        "complete: whether every station that offers it is listed. Only with yes can blocks fail; else: not surveyed.",
        "Compounds without an outline are joined to the map by name; people are households × household_size if empty.",
    ),
}

_STUDY = """\
# 填好 模板.xlsx 后，按实际情况改下面各行，再依次运行：
#   walkshed geocode 本文件夹    给没有经纬度的站点找坐标（都有坐标时不必运行）
#   walkshed check 本文件夹      一次列出全部问题
#   walkshed run 本文件夹        生成地图和表格
# Fill in template.xlsx, adapt the lines below, then run  walkshed geocode / check / run  with this folder.

[study]
format = 1
name = "项目名称" # what the study is called, on every output
language = "zh" # zh 中文, en English

[streets]
file = "town.osm.pbf" # 本地区的 OSM 数据，放在本文件夹 / an extract of OpenStreetMap in this folder

[stations]
file = "模板.xlsx" # or "template.xlsx"
crs = "auto" # 自动判断，分不清时会问；已知时写明：高德、腾讯 "gcj02"，百度 "bd09"，天地图 "cgcs2000"，"wgs84"
# found out, or asked; where you know it: "gcj02" (Amap, Tencent), "bd09" (Baidu), "cgcs2000", "wgs84"

[blocks]
file = "模板.xlsx" # 没有边界的小区按名称与地图挂接 / compounds without an outline are joined to the map by name
crs = "auto"
# household_size = 3.09 # 人口空缺时按户数估算 / people of compounds that only give households
# household_size_source = "..."

# 服务类别也在同一工作簿；站点表“服务项目”列写其中的服务名称。“清单是否完整”填“是”才评不达标，否则为待摸底
# services stand in the same workbook, by the names that stations use; only where the list is complete can blocks fail
[services]
file = "模板.xlsx"

[needs]
preset = "illustrative-500" # 示意：一律 500 米；有标准时 file = "needs.toml" / no standard: name your own file
"""


@dataclass(frozen=True, slots=True)
class _Column:
    """One column: its names, its example and what a drop-down offers."""

    zh: str
    en: str
    example: tuple[object, object]
    labels: Mapping[Any, Label] | None = None
    yes_no: bool = False
    words: Mapping[str, str] | None = None  # by language

    def choices(self, language: str) -> str:
        if self.words is not None:
            return self.words[language]
        if self.yes_no:
            return _YES_NO[language]
        return ",".join(getattr(label, language) for label in (self.labels or {}).values())


_SHEETS: Sequence[tuple[str, str, Sequence[_Column]]] = (
    (
        "站点",
        "stations",
        (
            _Column("编号", "id", ("S1", "S1")),
            _Column("名称", "name", ("示例党群服务中心", "Example center")),
            _Column("层级", "tier", (TIER["center"].zh, TIER["center"].en), labels=TIER),
            _Column("上级", "parent", ("", "")),
            _Column("地址", "address", ("示例路12号", "12 Example Street")),
            _Column("经度", "lon", ("", "")),
            _Column("纬度", "lat", ("", "")),
            _Column("服务项目", "services", ("", "")),
            _Column("楼层", "floor", ("二楼", 2)),
            _Column("电梯", "elevator", ("是", "yes"), yes_no=True),
            _Column("无障碍", "step_free", ("是", "yes"), yes_no=True),
            _Column("开放时间", "hours", ("Mo-Fr 08:30-17:30", "Mo-Fr 08:30-17:30")),
            _Column("面积（平方米）", "area_m2", (230, 230)),
            _Column("接待能力（人）", "capacity", (40, 40)),
            _Column("服务范围", "scope", (SCOPE["all"].zh, SCOPE["all"].en), labels=SCOPE),
            _Column("街道", "subdistrict", ("示例街道", "Example subdistrict")),
            _Column("社区", "community", ("示例社区", "Example community")),
        ),
    ),
    (
        "小区",
        "blocks",
        (
            _Column("编号", "id", ("B1", "B1")),
            _Column("名称", "name", ("示例花园", "Example gardens")),
            _Column("类型", "kind", (KIND["old"].zh, KIND["old"].en), labels=KIND),
            _Column("形式", "form", (FORM["compound"].zh, FORM["compound"].en), labels=FORM),
            _Column("户数", "households", (120, 120)),
            _Column("人口", "people", ("", "")),
            _Column("老年人", "older_people", (60, 60)),
            _Column("儿童", "children", (25, 25)),
            _Column("建成年份", "year_built", (1998, 1998)),
            _Column("产权性质", "property_type", ("", "")),
            _Column("地址", "address", ("示例路15号", "15 Example Street")),
            _Column("街道", "subdistrict", ("示例街道", "Example subdistrict")),
            _Column("社区", "community", ("示例社区", "Example community")),
        ),
    ),
    (
        "服务类别",
        "services",
        (
            _Column("服务名称", "name", ("长者助餐", "Meals for older people")),
            _Column("包含内容", "includes", ("堂食、送餐", "at tables, and brought to the door")),
            _Column("对应标准条目", "standard_item", ("", "")),
            _Column("清单是否完整", "complete", ("不清楚", "not sure"), words=COMPLETE),
            _Column("截至日期", "as_of", ("", "")),
            _Column("填报单位", "reported_by", ("", "")),
        ),
    ),
)


def write_templates(folder: Path) -> list[Path]:
    """Write 模板.xlsx, template.xlsx and a study.toml that reads them into ``folder``; return their paths.

    All or nothing; files that are there already are kept. Raises ``OutputError``.
    """
    folder = Path(folder)
    contents = {
        "模板.xlsx": _template("zh"),
        "template.xlsx": _template("en"),
        "study.toml": _STUDY.encode("utf-8"),
    }

    def check() -> None:
        taken = [name for name in contents if (folder / name).exists()]
        if taken:
            raise OutputError(
                f"{folder} holds {' and '.join(taken)} already; name another folder, or move it away"
            )

    put_files(folder, contents, check=check)
    return [folder / name for name in contents]


def _template(language: str) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill
    from openpyxl.worksheet.datavalidation import DataValidation

    at = ("zh", "en").index(language)
    book = Workbook()
    book.remove(book.active)
    for names in _SHEETS:
        page = book.create_sheet(names[at])
        for place, column in enumerate(names[2], start=1):
            head = page.cell(1, place, getattr(column, language))
            head.font, head.fill = Font(bold=True), PatternFill("solid", start_color="DDEBF7")
            example = page.cell(2, place, column.example[at])
            example.font = Font(italic=True, color="808080")
            page.column_dimensions[head.column_letter].width = 22 if place == 2 else 14
            choices = column.choices(language)
            if choices:
                drop_down = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
                drop_down.add(f"{head.column_letter}2:{head.column_letter}{_LAST_ROW}")
                page.add_data_validation(drop_down)
        page.freeze_panes = "A2"
    page = book.create_sheet("说明" if language == "zh" else "how to fill in")
    for line in _NOTES[language]:
        page.append([line])
    return workbook_bytes(book)
