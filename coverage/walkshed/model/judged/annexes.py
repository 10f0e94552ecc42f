"""The four tables that an office hands in beside a city check-up (城市体检): their columns, and how it renames them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from walkshed.model.labels import Label

#: By what the check-up judges: walking where the office says so, else nothing that a study knows.
AnnexRule = Literal["walking"]

_NUMBER = Label("序号", "No.")
_DIMENSION = Label("维度", "Dimension")
_INDICATOR = Label("指标名称", "Indicator")
_SUBDISTRICT = Label("街道", "Subdistrict")
_COMMUNITY = Label("社区", "Community")
_PROBLEM = Label("问题编号", "Problem")
_IN_CHARGE = Label("责任单位", "In charge")
_REMARK = Label("备注", "Remark")

#: The columns of each table, by its name.
ANNEXES: Mapping[str, tuple[Label, ...]] = {
    "indicators": (
        *(_NUMBER, _DIMENSION, Label("目标", "Goal"), _INDICATOR, Label("单位", "Unit")),
        *(Label("指标类型", "Type of indicator"), Label("评价标准", "Standard")),
        *(Label("计算方法", "Method"), Label("数据来源", "Source of data"), _IN_CHARGE),
    ),
    "results": (
        *(_NUMBER, _SUBDISTRICT, _COMMUNITY, _INDICATOR),
        *(Label("应评小区数", "Blocks to be judged"), Label("达标数", "Served")),
        *(Label("未达标数", "Left out"), Label("待摸底数", "Not surveyed")),
        *(Label("指标值", "Value"), Label("评价结果", "Result")),
        *(Label("步行可达结果（辅助）", "On foot (supporting)"), _REMARK),
    ),
    "problems": (
        *(_PROBLEM, _DIMENSION, _INDICATOR, _SUBDISTRICT, _COMMUNITY, Label("小区", "Block")),
        *(Label("具体位置", "Place"), Label("问题描述", "Problem in words")),
        *(Label("影响户数", "Households affected"), Label("影响人数", "People affected")),
        *(
            Label("佐证（图号）", "Evidence (figure)"),
            _IN_CHARGE,
            Label("整治状态", "State"),
            _REMARK,
        ),
    ),
    "measures": (
        *(_NUMBER, _PROBLEM, Label("治理措施", "Measure"), Label("措施类型", "Type of measure")),
        *(Label("项目名称", "Project"), Label("建设规模", "Size")),
        *(Label("投资估算（万元）", "Cost (10,000)"), Label("资金来源", "Money from")),
        *(Label("牵头单位", "Lead"), Label("配合单位", "With")),
        *(Label("计划完成时间", "By when"), _REMARK),
    ),
}


@dataclass(frozen=True, slots=True)
class AnnexSettings:
    """What an office calls columns of the annexes, by their Chinese or English name; and what judges."""

    columns: Mapping[str, str] = field(default_factory=dict)
    rule: AnnexRule | Literal[""] = ""


def annex_names() -> tuple[str, ...]:
    """Return every column of the annexes, in Chinese and in English, each once."""
    labels = [column for columns in ANNEXES.values() for column in columns]
    return tuple(dict.fromkeys((*(each.zh for each in labels), *(each.en for each in labels))))
