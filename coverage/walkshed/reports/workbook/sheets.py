"""The sheets of the workbook, in their order: each with its name, when it is written, and who makes its tables."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from walkshed.model.labels import Label
from walkshed.reports.registry import ALWAYS, WITH_RELOCATIONS, When
from walkshed.reports.workbook import cover, forms, lists, measures, stations, totals
from walkshed.reports.workbook.forms import Form
from walkshed.reports.workbook.reported import Grid, Reported

#: Who makes the tables of a sheet.
_Tables = Callable[[Reported], tuple[Grid, ...]]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet: its name on the tab, its first table, when it is written, and what stands on it.

    ``kept`` columns stay in sight when one scrolls to the side.
    """

    name: Label
    form: Form
    tables: _Tables
    when: When = ALWAYS
    kept: int = 0
    chart: bool = False


def _about(told: Reported) -> tuple[Grid, ...]:
    language = told.language
    listed = [
        (sheet.name.in_(language), sheet.form.title.in_(language), sheet.form.file)
        for sheet in SHEETS[1:-2]
        if sheet.when.holds(told.results)
    ]
    return cover.about(told, listed)


SHEETS: tuple[Sheet, ...] = (
    Sheet(Label("说明", "About"), forms.ABOUT, _about),
    Sheet(Label("总览", "Overview"), forms.BY_SERVICE, totals.overview, chart=True),
    Sheet(Label("街道社区汇总", "Communities"), forms.AREAS, totals.areas, kept=2),
    Sheet(Label("小区类型汇总", "Kinds"), forms.BY_KIND, totals.by_kind),
    Sheet(Label("小区明细", "Blocks"), forms.BLOCKS, lists.blocks, kept=4),
    Sheet(Label("问题清单", "Problems"), forms.PROBLEMS, lists.problems, kept=4),
    Sheet(Label("站点台账", "Stations"), forms.STATIONS, stations.stations, kept=2),
    Sheet(
        Label("落地台账", "Re-sited centers"),
        forms.RELOCATIONS,
        stations.relocations,
        when=WITH_RELOCATIONS,
        kept=2,
    ),
    Sheet(Label("服务矩阵", "Service matrix"), forms.MATRIX, stations.matrix, kept=1),
    Sheet(Label("建议清单", "Measures"), forms.MEASURES, measures.measures),
    Sheet(Label("待核实清单", "To check"), forms.TO_CHECK, lists.to_check),
    Sheet(Label("口径说明", "Definitions"), forms.TERMS, cover.terms),
    Sheet(Label("数据字典", "Data dictionary"), forms.DICTIONARY, cover.dictionary),
)
