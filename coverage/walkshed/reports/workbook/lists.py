"""The lists of blocks: all of them, those that fail with reason and cure, those to be checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from walkshed.model.arrays import BoolArray
from walkshed.model.labels import PEOPLE_SOURCE, Label, label
from walkshed.reports.workbook import forms, reported
from walkshed.reports.workbook.forms import Form
from walkshed.reports.workbook.reported import Grid, Reported, Row, left_out, numbered, rows_of
from walkshed.words.quantities import plain_limit
from walkshed.words.report.lines import (
    FIGURES,
    UNITS,
    figure_of,
    left_in_passing,
    names_text,
)

_YES = Label("待核实", "to check")


def blocks(told: Reported) -> tuple[Grid, ...]:
    """Return one row per block and service, as coverage.csv has them."""
    if len(told.coverage) > reported.MOST_ROWS:
        return (Grid(forms.BLOCKS, (), too_many=len(told.coverage)),)
    rows = [
        (
            *_who(told, row),
            *(row["people"], row["people_served"], row["share_served"], _limit(told, row)),
            *(_nearest(told, row), row["nearest_m"], row["short_m"]),
            told.verdict(row["verdict"]),
            _YES.in_(told.language) if row["doubt"] else "",
            label(PEOPLE_SOURCE, row["people_source"], told.language),
        )
        for row in told.covered(np.ones(len(told.coverage), dtype=np.bool_))
    ]
    return (Grid(forms.BLOCKS, numbered(rows)),)


def problems(told: Reported) -> tuple[Grid, ...]:
    """Return every block and service that fails for sure, with reason, meters and cure."""
    judgments = told.results.main.judgments
    chosen = (judgments.failing & ~judgments.doubted).ravel()
    grid = _failing(told, forms.PROBLEMS, chosen, last="cure")

    # people left out in blocks that pass are in no row of this list
    listed = told.coverage.loc[chosen]
    affected = int((listed["people"] - listed["people_served"]).fillna(0).sum())
    study = told.areas[told.areas["level"] == "study"]
    every = int(study["people_out"].fillna(0).sum())
    if every > affected:
        note = left_in_passing(every - affected, every, told.language)
        grid = replace(grid, notes=(note,))
    return (grid,)


def _failing(told: Reported, form: Form, chosen: BoolArray, *, last: str) -> Grid:
    """Return some failing blocks by subdistrict and community, each with its reason; a column of theirs is the last."""
    count = int(chosen.sum())
    if count > reported.MOST_ROWS:
        return Grid(form, (), too_many=count)
    rows = [
        (*_why(told, row, reason), left_out(row), row[last] if last else None)
        for row, reason in zip(told.covered(chosen), told.reasons(chosen), strict=True)
    ]
    return Grid(form, numbered(_in_order(rows)))


def to_check(told: Reported) -> tuple[Grid, ...]:
    """Return the verdicts to be checked, stations without a place, and figures that nobody has verified."""
    doubted = told.results.main.judgments.doubted.ravel()
    unplaced = [
        (
            *(station.subdistrict, station.community, station.name),
            told.tiers[station.tier.value],
            names_text([told.services.get(each, each) for each in station.services], told.language),
        )
        for station in told.results.inputs.unplaced
    ]
    grids = [
        _failing(told, forms.TO_CHECK, doubted, last=""),
        Grid(forms.UNVERIFIED, numbered(_figures(told))),
    ]
    if unplaced:
        grids.insert(1, Grid(forms.UNPLACED, numbered(unplaced)))
    return tuple(grids)


def _figures(told: Reported) -> list[Row]:
    """Return the figures that nobody has verified, with names instead of ids."""
    kinds = {block.kind: told.kind(block.kind) for block in told.results.blocks}
    kinds |= {need.kind: told.kind(need.kind) for need in told.results.inputs.needs}
    return [
        (
            figure_of(row["what"], dict(told.services), kinds, told.language),
            label(FIGURES, row["figure"], told.language),
            row["value"],
            label(UNITS, row["unit"], told.language),
            *(row["where"], row["source"], row["why"]),
        )
        for row in rows_of(told.unverified)
    ]


def _in_order(rows: Sequence[Row]) -> list[Row]:
    """Return rows sorted by subdistrict and community, blocks and services in their order."""
    return sorted(rows, key=lambda row: (str(row[0]), str(row[1])))


def _who(told: Reported, row: dict[str, Any]) -> Row:
    """Return subdistrict, community, block, kind and service of a row."""
    kind, service = told.kind(row["kind"]), told.services[row["service"]]
    return (*told.where(row["block_id"]), row["block_name"], kind, service)


def _why(told: Reported, row: dict[str, Any], reason: str) -> Row:
    """Return whom a row is about, the reason, the nearest station, how far, and the standard."""
    return (*_who(told, row), reason, _nearest(told, row), row["nearest_m"], _limit(told, row))


def _nearest(told: Reported, row: dict[str, Any]) -> str:
    return told.station_names.get(row["nearest_station"] or "", "")


def _limit(told: Reported, row: dict[str, Any]) -> str:
    if row["limit"] is None:
        return ""
    return plain_limit(row["limit"], row["unit"], told.language)
