"""Empty workbooks for planners, in Chinese and English: the columns that a study reads, drop-downs, one filled row."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from walkshed.errors import OutputError
from walkshed.model.labels import LABELED
from walkshed.model.messages import Listing, Message
from walkshed.reports.writing import put_files
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.verbs.draft.toml import template
from walkshed.words.studies.filling_in import NOTES, NOTES_SHEET
from walkshed.words.studies.workbooks import (
    FURTHER_SHEETS,
    LEDGER_SHEETS,
    SHEETS,
    STUDY_NAME,
    WORKBOOK,
    Column,
)

if TYPE_CHECKING:
    from openpyxl.cell.cell import Cell
    from openpyxl.worksheet.worksheet import Worksheet

_LAST_ROW = 1000
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
gates = "模板.xlsx" # 出入口表；未填写的不影响结果 / its sheet of gates; left empty it says nothing
# household_size = 3.09 # 人口空缺时按户数估算 / people of compounds that only give households
# household_size_source = "..."

# 服务类别也在同一工作簿；站点表“服务项目”列写其中的服务名称。“清单是否完整”填“是”才评不达标，否则为待摸底
# services stand in the same workbook, by the names that stations use; only where the list is complete can blocks fail
[services]
file = "模板.xlsx"

# 服务明细、出入口、房源、访客各占一张表，未填写的表不影响结果 / sheets left empty say nothing
[offers]
file = "模板.xlsx"

[siting]
rooms = "模板.xlsx"

[visitors]
file = "模板.xlsx"

# 各台账也在同一工作簿，未填写的表不影响结果 / the office's own ledgers stand there, too; sheets left empty say nothing
[ledgers]
file = "模板.xlsx"

[needs]
preset = "illustrative-500" # 示意：一律 500 米；有标准时 file = "needs.toml" / no standard: name your own file
"""


def write_templates(folder: Path, language: str = "en") -> list[Path]:
    """Write 模板.xlsx, template.xlsx and a study.toml that reads them into ``folder``; return their paths.

    In a language beyond those two its own workbook stands instead.

    All or nothing; files that are there already are kept. Raises ``OutputError``.
    """
    folder = Path(folder)
    languages = LABELED if language in LABELED else (language,)
    contents = {WORKBOOK.in_(each): _template(each) for each in languages}
    contents["study.toml"] = _study(language).encode("utf-8")

    def check() -> None:
        taken = [name for name in contents if (folder / name).exists()]
        if taken:
            raise OutputError(
                Message(
                    "{folder} holds {taken} already; name another folder, or move it away",
                    folder=folder,
                    taken=Listing(taken, mark=" and "),
                )
            )

    put_files(folder, contents, check=check)
    return [folder / name for name in contents]


def _study(language: str) -> str:
    """Return study.toml for the workbooks of a language."""
    if language in LABELED:
        return _STUDY
    return template("filled", language).substitute(
        name=STUDY_NAME.in_(language), language=language, workbook=WORKBOOK.in_(language)
    )


def _template(language: str) -> bytes:
    """Return the workbook in a language."""
    from openpyxl import Workbook

    book = Workbook()
    book.remove(book.active)
    for name, columns in SHEETS:
        page = book.create_sheet(name.in_(language))
        for place, column in enumerate(columns, start=1):
            _add(page, place, column, language)
        page.freeze_panes = "A2"

    for name, columns in (*FURTHER_SHEETS, *LEDGER_SHEETS):
        page = book.create_sheet(name.in_(language))
        for place, column in enumerate(columns, start=1):
            _add_empty(page, place, column, language)
        page.freeze_panes = "A2"

    notes = book.create_sheet(NOTES_SHEET.in_(language))
    for line in NOTES:
        notes.append([line.in_(language)])
    return workbook_bytes(book)


def _add(page: Worksheet, place: int, column: Column, language: str) -> None:
    """Add a column to a sheet: its head, its example, and a drop-down where it has choices."""
    from openpyxl.styles import Font
    from openpyxl.worksheet.datavalidation import DataValidation

    head = _head(page, place, column, language)
    example = page.cell(2, place, column.example_in(language))
    example.font = Font(italic=True, color="808080")
    page.column_dimensions[head.column_letter].width = 22 if place == 2 else 14

    choices = column.choices_in(language)
    if choices:
        drop_down = DataValidation(type="list", formula1=f'"{choices}"', allow_blank=True)
        drop_down.add(f"{head.column_letter}2:{head.column_letter}{_LAST_ROW}")
        page.add_data_validation(drop_down)


def _add_empty(page: Worksheet, place: int, column: Column, language: str) -> None:
    """Add a column to a sheet without a row: its head, its choices, and its example as a hint."""
    from openpyxl.worksheet.datavalidation import DataValidation

    head = _head(page, place, column, language)
    page.column_dimensions[head.column_letter].width = max(14, 2 * len(head.value or "") + 2)

    # an empty column says nothing; its example stands in the hint
    choices = column.choices_in(language)
    hint = DataValidation(
        type="list" if choices else None,
        formula1=f'"{choices}"' if choices else None,
        allow_blank=True,
        showInputMessage=True,
        prompt=column.hint_in(language),
    )
    hint.add(f"{head.column_letter}2:{head.column_letter}{_LAST_ROW}")
    page.add_data_validation(hint)


def _head(page: Worksheet, place: int, column: Column, language: str) -> Cell:
    """Return the cell with the name of a column, written."""
    from openpyxl.styles import Font, PatternFill

    head: Cell = page.cell(1, place, column.name.in_(language))
    head.font, head.fill = Font(bold=True), PatternFill("solid", start_color="DDEBF7")
    return head
