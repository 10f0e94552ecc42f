"""The lists of measures: what walkshed site proposes, and what would mend the verdicts; each with its type."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from walkshed.model.judged.judgments import MENDS
from walkshed.model.judged.verdicts import Mend, Verdict
from walkshed.model.labels import label
from walkshed.reports.workbook import forms
from walkshed.reports.workbook.reported import Grid, Reported, Row, left_out, numbered, rows_of
from walkshed.words.outreach import only_comes
from walkshed.words.report.lines import GAINS, names_text
from walkshed.words.report.measures import TYPES

#: What a change at a station is.
_OF_MEND = {
    Mend.GROUND_FLOOR: "upgrade",
    Mend.RAMP: "upgrade",
    Mend.GROUND_FLOOR_AND_RAMP: "upgrade",
    Mend.ADD_SERVICE: "share",
    Mend.WIDEN_SCOPE: "share",
    Mend.OPEN: "share",
    Mend.PLACES: "share",
    Mend.NEW_STATION: "new",
}
#: What mends a verdict where no station can.
_OF_VERDICT = {
    Verdict.OFF_NETWORK: "ways",
    Verdict.CUT_OFF: "ways",
    Verdict.NOT_ACCESSIBLE: "upgrade",
    Verdict.NOT_SURVEYED: "survey",
    Verdict.NO_STANDARD: "survey",
}
#: What an act of a plan is.
_OF_ACT = {
    "new_station": "new",
    "add_services": "share",
    "elevator": "upgrade",
    "room": "upgrade",
    "merge": "upgrade",
}


def measures(told: Reported) -> tuple[Grid, ...]:
    """Return what was proposed, where walkshed site ran; then what would mend the verdicts, a row for each cure."""
    rows: dict[tuple[object, ...], list[dict[str, Any]]] = {}
    judgments = told.results.main.judgments
    cured = (told.coverage["cure"] != "").to_numpy(dtype=np.bool_)
    mends, at = judgments.mend.ravel()[cured].tolist(), judgments.mend_at.ravel()[cured].tolist()
    for mend, place, row in zip(mends, at, told.covered(cured), strict=True):
        # what admits one block is another measure for the next one
        alone = row["block_id"] if MENDS[mend] is Mend.WIDEN_SCOPE else ""
        kind = measure_type(told, row, MENDS[mend])
        key = (place, row["cure"], row["service"], row["cure_people"], alone, kind)
        rows.setdefault(key, []).append(row)

    listed = [_measure(told, key, some) for key, some in rows.items()]
    listed.sort(key=lambda row: (-_number(row[5]), -_number(row[4]), str(row[2]), str(row[0])))
    grid = Grid(forms.MEASURES, numbered(listed))
    return (grid,) if told.proposed is None else (_proposed(told), grid)


def measure_type(told: Reported, row: Mapping[str, Any], mend: Mend) -> str:
    """Return which type of measure mends a row of coverage.csv."""
    verdict = Verdict(row["verdict"])
    if _OF_VERDICT.get(verdict) == "survey":
        return "survey"
    if only_comes(told.view, [*told.services].index(row["service"])):
        return "door"
    if mend is not Mend.NONE:
        return _OF_MEND[mend]
    return _OF_VERDICT.get(verdict, "new")


def _measure(told: Reported, key: tuple[object, ...], rows: list[dict[str, Any]]) -> Row:
    """Return a row of a cure: where it would help, how many blocks and people are concerned, who gains."""
    place, cure, service, people, _, kind = key
    if isinstance(place, int) and place >= 0:
        where = told.results.stations[place].name
    else:
        where = names_text([row["block_name"] for row in rows], told.language)
    left = [each for row in rows if (each := left_out(row)) is not None]
    concerned = sum(left) if left else None
    counts = (len(rows), concerned, people)
    type_said = TYPES[str(kind)].in_(told.language)
    return (cure, where, told.services[str(service)], *counts, None, None, type_said)


def _proposed(told: Reported) -> Grid:
    """Return what walkshed site proposes, in the order of its ranks; what it leaves as it is has none.

    A cost that nobody stated counts as 0 there, and is blank here.
    """
    rows: list[Row] = []
    assert told.proposed is not None
    for row in rows_of(told.proposed):
        if row["rank"] is None:
            continue
        offered = [each for each in str(row["services"] or "").split(";") if each]
        names = [told.services.get(each, each) for each in offered]
        where = row.get("place") or row["name"]
        gain = row.get("gain")
        unit = label(GAINS, row["unit"], told.language)
        kind = TYPES[_OF_ACT.get(row.get("action") or "", "new")].in_(told.language)
        facts = (unit, row["cost"] or None, row["not_fixed"], None, kind)
        rows.append((row["explanation"], where, names_text(names, told.language), gain, *facts))
    return Grid(forms.PROPOSED, numbered(rows))


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else -1.0
