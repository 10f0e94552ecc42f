"""The first and the last sheet: what the study is, and what the words of the tables mean."""

from __future__ import annotations

import numpy as np

from walkshed.model.labels import Label
from walkshed.needs.rules.walkers import walker_of
from walkshed.reports.declared import heads_zh
from walkshed.reports.registry import SITE_TABLES, TABLES
from walkshed.reports.summary import summary_lines
from walkshed.reports.workbook import forms
from walkshed.reports.workbook.reported import Grid, Reported
from walkshed.words.outreach import only_comes
from walkshed.words.report.cover import about_rows, term_rows
from walkshed.words.verdicts import rule_text


def about(told: Reported, sheets: list[tuple[str, str, str]]) -> tuple[Grid, ...]:
    """Return what the study is; ``sheets`` are the name, title and file of each sheet."""
    headline = summary_lines(told.results)[1 : 2 + len(told.services)]
    rows = about_rows(told.results, headline, sheets)
    blank = {(number, 1): "office" for number, row in enumerate(rows) if row[1] is None}
    return (Grid(forms.ABOUT, rows, colors=blank),)


def dictionary(told: Reported) -> tuple[Grid, ...]:
    """Return every column of the tables that stand beside the workbook, with its Chinese name and its meaning."""
    sited = () if told.planned is None else SITE_TABLES
    tables = (*(each for each in TABLES if each.when.holds(told.results)), *sited)
    rows = []
    for each in tables:
        heads = heads_zh(each.declared())
        for column in each.declared():
            meaning = Label(column.zh, column.en).in_(told.language)
            kind = Label(column.kind.zh, column.kind.en).in_(told.language)
            rows.append((each.file, column.name, heads[column.name], meaning, kind))
    return (Grid(forms.DICTIONARY, rows),)


def terms(told: Reported) -> tuple[Grid, ...]:
    """Return what the words mean, then the rules by which each service is judged, with their sources."""
    judgments, language = told.results.main.judgments, told.language
    rows: list[tuple[str, str]] = [*term_rows(language)]
    walkers = [walker_of(told.results.inputs.walkers, name) for name in told.results.answers]
    for number, name in enumerate(told.services.values()):
        comes = only_comes(told.view, number)
        used = [need for need in np.unique(judgments.need[:, number]).tolist() if need >= 0]
        for need in (judgments.needs[each] for each in used):
            kind = told.kind(need.kind)
            rows.append((f"{name} · {kind}", rule_text(need, language, walkers, comes=comes)))
    return (Grid(forms.TERMS, rows),)
