"""The annexes of a city check-up (城市体检), for the services that a study judges: the content of ``annexes.xlsx``.

Walking is supporting evidence: what the check-up itself counts stays blank, unless the office says
that it judges by walking. Who is in charge, what it costs and when it is done nobody but the office
knows; those cells stay blank, to be filled in.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from walkshed.model.judged.annexes import ANNEXES
from walkshed.model.judged.judgments import MENDS
from walkshed.model.labels import Label
from walkshed.model.results import caveats
from walkshed.reports.declared import COUNT, TEXT, WHOLE, Kind
from walkshed.reports.workbook import reported
from walkshed.reports.workbook.forms import Form, Head
from walkshed.reports.workbook.measures import measure_type, measures
from walkshed.reports.workbook.paper import Heading, write_sheet
from walkshed.reports.workbook.reported import Grid, Reported, Row, left_out, numbered, rows_of
from walkshed.reports.workbook.totals import standard_of
from walkshed.reports.writing.same_bytes import workbook_bytes
from walkshed.words.report.annexes import (
    FIGURE,
    NAMES,
    NOTES,
    SITED,
    SOURCE,
    TITLES,
    four_text,
    method_text,
    numbers_text,
    problem_number,
    problem_text,
    served_share,
)
from walkshed.words.report.lines import HEADING, note_line
from walkshed.words.report.measures import TYPES

if TYPE_CHECKING:
    from walkshed.model.results import Results
    from walkshed.reports.plans.planned import Planned

#: What cells of columns hold that are no texts, and how many letters wide columns are, by Chinese name.
_KINDS: Mapping[str, Kind] = {
    "序号": COUNT,
    "应评小区数": COUNT,
    "达标数": WHOLE,
    "未达标数": WHOLE,
    "待摸底数": WHOLE,
    "影响户数": WHOLE,
    "影响人数": WHOLE,
    "投资估算（万元）": WHOLE,
}
_WIDTHS: Mapping[str, int] = {
    "序号": 6,
    "评价标准": 30,
    "计算方法": 44,
    "数据来源": 30,
    "步行可达结果（辅助）": 40,
    "问题描述": 46,
    "治理措施": 46,
    "问题编号": 14,
    "备注": 16,
}
_WIDTH = 13
#: What the office alone knows, by table.
_BY_OFFICE: Mapping[str, frozenset[str]] = {
    "indicators": frozenset({"维度", "目标", "单位", "指标类型", "责任单位"}),
    "results": frozenset({"达标数", "未达标数", "待摸底数", "指标值", "评价结果"}),
    "problems": frozenset({"维度", "具体位置", "责任单位", "整治状态", "备注"}),
    "measures": frozenset(
        {
            "项目名称",
            "建设规模",
            "投资估算（万元）",
            "资金来源",
            "牵头单位",
            "配合单位",
            "计划完成时间",
        }
    ),
}
#: What of these is filled in where the check-up judges by walking.
_BY_WALKING = frozenset({"达标数", "未达标数", "待摸底数", "指标值"})


@dataclass(frozen=True, slots=True)
class Problem:
    """A block that lacks a service for sure: its number, its row of coverage.csv, why, and what would mend it."""

    number: str
    row: Mapping[str, Any]
    reason: str
    mend: int
    mend_at: int


def annexes_bytes(results: Results, planned: Planned | None = None) -> bytes:
    """Return the workbook of annexes as a file; of the same results, the same bytes."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    book.properties.creator = "walkshed"
    told = reported.reported(results, planned)
    language, study = told.language, results.inputs.settings.name
    notes = (note_line(results, len(told.unverified)), *caveats(results))
    for key, grid in annexes(told).items():
        title = HEADING.said(language, study=study, title=TITLES[key].in_(language))
        write_sheet(
            book, NAMES[key].in_(language), Heading(title, notes), (grid,), language=language
        )
    return workbook_bytes(book)


def annexes(told: Reported) -> dict[str, Grid]:
    """Return the four tables by name, in the order in which they are handed in."""
    problems = _listed(told)
    makers: dict[str, Callable[[], Sequence[Row]]] = {
        "indicators": lambda: _indicators(told),
        "results": lambda: _results(told),
        "problems": lambda: _problems(told, problems),
        "measures": lambda: _measures(told, problems),
    }
    return {name: Grid(_form(told, name), rows()) for name, rows in makers.items()}


def _form(told: Reported, name: str) -> Form:
    """Return a table with its columns, as the office calls them."""
    settings = told.results.inputs.annexes
    filled = _BY_WALKING if settings.rule == "walking" else frozenset()
    heads = []
    for column in ANNEXES[name]:
        own = settings.columns.get(column.zh) or settings.columns.get(column.en)
        label = column if own is None else Label(own, own)
        heads.append(
            Head(
                label,
                _KINDS.get(column.zh, TEXT),
                _WIDTHS.get(column.zh, _WIDTH),
                by_office=column.zh in _BY_OFFICE[name] - filled,
            )
        )
    file = {"results": "areas.csv"}.get(name, "coverage.csv")
    return Form(TITLES[name], tuple(heads), file, NOTES[name])


def _indicators(told: Reported) -> list[Row]:
    """Return a row per service that has a standard: its rule, how it is judged, and where the data come from."""
    source = SOURCE.said(told.language, attribution=told.results.network.attribution)
    rows: list[Row] = []
    for service, name in _judged(told):
        method = method_text(100 * told.results.main.min_share, told.language)
        standard = standard_of(told, service)
        rows.append((None, None, name, None, None, standard, method, source, None))
    return numbered(rows)


def _judged(told: Reported) -> list[tuple[int, str]]:
    """Return the services that have a standard for some block, by their places, with their names."""
    with_standard = np.unique(np.nonzero(told.results.main.judgments.need >= 0)[1]).tolist()
    return [
        (number, name)
        for number, name in enumerate(told.services.values())
        if number in with_standard
    ]


def _results(told: Reported) -> list[Row]:
    """Return a row per community and service: blocks, and how many of them people reach on foot."""
    judged = {[*told.services][service] for service, _ in _judged(told)}
    by_walking = told.results.inputs.annexes.rule == "walking"
    remark = _remark(told)
    rows: list[Row] = []
    for row in rows_of(told.areas):
        if row["level"] != "community" or row["service"] not in judged:
            continue
        out, check, unknown = row["blocks_out"], row["blocks_in_doubt"], row["blocks_unknown"]
        served = row["blocks"] - out - check - unknown
        counts: Row = (None,) * 5
        if by_walking:
            share = served_share(served, row["blocks"], unknown)
            counts = (served, out, unknown, share, None)
        said = four_text(served, out, check, unknown, told.language)
        names = (told.stated(row["subdistrict"]), told.stated(row["community"]))
        rows.append((*names, told.services[row["service"]], row["blocks"], *counts, said, remark))
    return numbered(rows)


def _remark(told: Reported) -> str | None:
    """Return that the study is illustrative; None where it is not."""
    if not told.results.inputs.settings.illustrative:
        return None
    return NOTES["illustrative"][0].in_(told.language)


def _listed(told: Reported) -> list[Problem]:
    """Return what fails for sure by subdistrict and community, numbered in this order."""
    judgments = told.results.main.judgments
    chosen = (judgments.failing & ~judgments.doubted).ravel()
    mends, at = judgments.mend.ravel()[chosen].tolist(), judgments.mend_at.ravel()[chosen].tolist()
    every = list(zip(told.covered(chosen), told.reasons(chosen), mends, at, strict=True))
    every.sort(key=lambda each: told.where(each[0]["block_id"]))
    return [Problem(problem_number(number), *each) for number, each in enumerate(every, start=1)]


def _problems(told: Reported, problems: Sequence[Problem]) -> list[Row]:
    """Return a row per problem; households are those of a block of which nobody is served, else nobody knows."""
    rows: list[Row] = []
    for problem in problems:
        row = problem.row
        subdistrict, community = told.where(row["block_id"])
        block = told.results.blocks[told.place[row["block_id"]]]
        all_of_it = row["people_served"] == 0
        households = block.households if all_of_it else None
        nearest = told.station_names.get(row["nearest_station"] or "", "")
        said = problem_text(problem.reason, nearest, row["nearest_m"], told.language)
        name = told.services[row["service"]]
        figure = FIGURE.in_(told.language)
        who = (subdistrict, community, row["block_name"], None)
        affected = (households, left_out(dict(row)), figure)
        rows.append((problem.number, None, name, *who, said, *affected, None, None, None))
    return rows


def _measures(told: Reported, problems: Sequence[Problem]) -> list[Row]:
    """Return a row per measure with the problems that it mends: those of walkshed site first, then the cures."""
    found: dict[tuple[object, ...], list[Problem]] = {}
    for problem in problems:
        row = problem.row
        where = row["block_id"] if problem.mend_at < 0 else problem.mend_at
        kind = measure_type(told, row, MENDS[problem.mend])
        found.setdefault((where, row["cure"], row["service"], kind), []).append(problem)

    rows: list[Row] = []
    if told.proposed is not None:
        sited = measures(told)[0]
        remark = SITED.in_(told.language)
        rows += [(None, row[1], row[-1], *(None,) * 7, remark) for row in sited.rows]
    for (_, cure, service, type_name), several in found.items():
        names = numbers_text([problem.number for problem in several], told.language)
        title = told.services[str(service)]
        said = HEADING.said(told.language, study=title, title=cure)
        rows.append(
            (names, said, TYPES[str(type_name)].in_(told.language), *(None,) * 7, _remark(told))
        )
    return numbered(rows)


__all__ = ["annexes", "annexes_bytes"]
