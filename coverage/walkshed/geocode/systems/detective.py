"""The coordinate detective: in which system does a table stand? Says so only where the evidence is clear.

A group of rows is read in every system that can put it into the study. Each reading is scored by
log-likelihood ratios: how well its points lie by streets and mapped things, and how near they come
to what bears their names. A winner must beat every rival by far *and* lie better than the same
points moved about at random: points that have nothing to do with the map win by luck as easily as
anything. One or two points cannot tell: streets are everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import shapely
from numpy.typing import ArrayLike

from walkshed.geocode.systems.evidence import Reference, named_m, named_ratio
from walkshed.geocode.systems.groups import NEAR_NAME_M, parted_by_name, parted_in_blocks
from walkshed.geocode.systems.hypotheses import Hypothesis, form_of, hypotheses_for
from walkshed.model.arrays import BoolArray, FloatArray, IntArray
from walkshed.model.geocoding import CrsFinding, CrsTrial

_FEWEST: Final = 3  # rows; fewer cannot tell
_FEWEST_UNNAMED: Final = 8
_NAMED_NEEDED: Final = 3
_MARGIN_M: Final = 1500.0  # how far beyond the extract a study's point may lie
_INSIDE_NEEDED: Final = 0.7
_CLEAR_NAMED, _CLEAR_LYING = 5.0, 4.0  # log-likelihood ratio of winner and runner-up
_LUCK: Final = 0.001  # share of random moves that may lie as well as the winner
_LUCK_ALONE: Final = 0.02  # the same where no rival is left
_LUCK_MIXED: Final = 0.02
_MOVES, _MOVES_NAMED = 1000, 300  # fewer where they need not decide, only tell mixtures
_MOVE_M: Final = (250.0, 1600.0)
_MOST_ROWS: Final = 60  # for the random moves
_SAME_M: Final = 1.0
_MOST_CONFIDENT: Final = 0.999
_PARTLY: Final = "a part of the rows looks like another system than the others"
_STATE_CRS: Final = 'state it: crs = "wgs84", "gcj02", "bd09", "cgcs2000" or "EPSG:nnnn"'


@dataclass(slots=True, eq=False)
class _Reading:
    """One group of rows in one system."""

    hypothesis: Hypothesis
    xy: FloatArray
    inside: float
    lying: FloatArray  # (n,) log-likelihood ratios by streets and things
    by_name: FloatArray  # (n,) by names
    named_m: FloatArray

    @property
    def score(self) -> float:
        return float(self.lying.sum() + self.by_name.sum())


def detect_crs(
    columns: ArrayLike,
    reference: Reference,
    *,
    names: Sequence[str] | None = None,
    addresses: Sequence[str] | None = None,
    groups: Sequence[str] | None = None,
) -> tuple[CrsFinding, ...]:
    """Return one finding per group of rows, in the order of their first rows.

    ``columns`` (n, 2): the two columns of coordinates as they stand in the table, nan for empty
    ones. ``names`` and ``addresses``: of each row, "" for none. ``groups``: of each row, whatever
    the table says about its origin; rows whose numbers cannot be of one kind (degrees, meters) are
    told apart anyway, and so are rows whose names point to different systems, and two blocks of
    rows, one below the other.
    """
    table = np.asarray(columns, dtype=np.float64).reshape(-1, 2)
    count = len(table)
    names, addresses = names or [""] * count, addresses or [""] * count
    labels = [""] * count if groups is None else list(groups)
    by_group: dict[tuple[str, str], list[int]] = {}
    for row, (label, form) in enumerate(zip(labels, form_of(table), strict=True)):
        by_group.setdefault((label, form), []).append(row)
    systems = hypotheses_for(reference.center)
    targets = reference.targets(names, addresses)
    findings: list[CrsFinding] = []
    for (label, form), rows in by_group.items():
        if form == "nothing":
            reason = f"the numbers are neither degrees nor meters of a known system; correct them or {_STATE_CRS}"
            findings.append(_refusal(np.array(rows), label, reason, ()))
            continue
        findings.extend(_detect_group(table, np.array(rows), label, reference, systems, targets))
    return tuple(sorted(findings, key=lambda finding: finding.rows[0]))


def _detect_group(
    table: FloatArray,
    rows: IntArray,
    label: str,
    reference: Reference,
    systems: tuple[Hypothesis, ...],
    targets: list[list[Any]],
) -> list[CrsFinding]:
    readings = _readings(table[rows], reference, systems, [targets[row] for row in rows.tolist()])
    if len(readings) < 2 or len(rows) < _FEWEST:
        return [_judge(rows, label, readings, reference)]

    def judged(own: IntArray) -> CrsFinding:
        again = _readings(table[own], reference, systems, [targets[row] for row in own.tolist()])
        return _judge(own, label, again, reference)

    by_name = np.column_stack([reading.by_name for reading in readings])
    near_m = np.column_stack([reading.named_m for reading in readings])
    whole = _judge(rows, label, readings, reference)
    voted = parted_by_name(by_name, near_m)
    blocks = parted_in_blocks(
        by_name + np.column_stack([reading.lying for reading in readings]), voted
    )
    parts: tuple[IntArray, ...]
    if blocks is not None:
        *parts_found, between = blocks
        parts = tuple(parts_found)
        reason = "they stand between two blocks of different systems and could belong to either"
    elif voted is not None:
        parts = tuple(voted.values())
        between = np.setdiff1d(np.arange(len(rows)), np.concatenate(parts))
        reason = (
            "the rows of this group stand in different systems, and these have no name that tells"
        )
    else:
        return [whole]
    found = [judged(rows[part]) for part in parts]
    if voted is None and all(finding.crs is None for finding in found):
        return [
            whole
            if whole.crs is None
            else _refusal(rows, label, f"{_PARTLY}; {_STATE_CRS}", whole.trials)
        ]
    if len(between):
        found.append(_refusal(rows[between], label, f"{reason}; {_STATE_CRS}", ()))
    return found


def _readings(
    table: FloatArray,
    reference: Reference,
    systems: tuple[Hypothesis, ...],
    targets: list[list[Any]],
) -> list[_Reading]:
    """Return the readings that put most of the rows into the study, the best first, each place once."""
    found: list[_Reading] = []
    for system in systems:
        lonlat = system.lonlat(table)
        xy = np.full_like(lonlat, np.nan)
        near: BoolArray = np.asarray(np.isfinite(lonlat).all(axis=1))
        near[near] = (np.abs(lonlat[near] - reference.center) < 2.0).all(axis=1)
        if not near.any():
            continue
        xy[near] = reference.plane.to_xy(lonlat[near])
        inside = float(reference.inside(xy, _MARGIN_M).mean())
        if inside < _INSIDE_NEEDED or any(_same_place(xy, other.xy) for other in found):
            continue
        meters = named_m(targets, xy)
        found.append(_Reading(system, xy, inside, reference.lying(xy), named_ratio(meters), meters))
    return sorted(found, key=lambda reading: -reading.score)


def _same_place(one: FloatArray, other: FloatArray) -> bool:
    both = np.isfinite(one).all(axis=1) & np.isfinite(other).all(axis=1)
    return bool(both.any() and np.hypot(*(one[both] - other[both]).T).max() < _SAME_M)


def _judge(
    rows: IntArray, label: str, readings: list[_Reading], reference: Reference
) -> CrsFinding:
    """Return the verdict on one group: the winner, or why there is none."""
    trials = tuple(_trial(reading, reference) for reading in readings)
    if not readings:
        reason = f"in no known system do the points lie in the study area; check the extract, or {_STATE_CRS}"
        return _refusal(rows, label, reason, trials)
    if len(rows) < _FEWEST:
        points = "one point" if len(rows) == 1 else f"{len(rows)} points"
        return _refusal(
            rows,
            label,
            f"{points} cannot tell (it takes {_FEWEST}, better ten); {_STATE_CRS}",
            trials,
        )
    best = readings[0]
    margin = best.score - readings[1].score if len(readings) > 1 else np.inf
    named = int(np.count_nonzero(best.named_m < NEAR_NAME_M))
    if margin < _CLEAR_LYING:
        return _refusal(rows, label, f"{_too_close(readings, len(rows))}; {_STATE_CRS}", trials)
    by_name = named >= _NAMED_NEEDED and margin >= _CLEAR_NAMED and float(best.by_name.sum()) > 0
    luck, mixed = _luck(best, readings[1:], reference, _MOVES_NAMED if by_name else _MOVES)
    if mixed is not None:
        reason = f"some rows look like {best.hypothesis.label}, others like {mixed}; part the table, or {_STATE_CRS}"
        return _refusal(rows, label, reason, trials)
    by_lying = len(rows) >= _FEWEST_UNNAMED and luck <= _LUCK
    alone = len(readings) == 1 and best.inside >= 0.9
    if alone:
        unshifted = best.hypothesis.crs == "wgs84" and not by_lying and not by_name
        by_lying = by_lying or luck <= _LUCK_ALONE or unshifted
    if not (by_name or by_lying):
        return _refusal(rows, label, f"{_unclear(readings, luck, len(rows))}; {_STATE_CRS}", trials)
    confidence = 1.0 / (1.0 + np.exp(-min(float(margin), 50.0)))
    if not by_name:
        confidence = min(confidence, 1.0 - len(readings) * luck if luck <= _LUCK_ALONE else 0.9)
    reason = f"the points lie as {best.hypothesis.label}: {trials[0].street_m:.0f} m from a street in the median"
    if named:
        reason += f", {named} of them within {NEAR_NAME_M:.0f} m of what bears their name"
    reason += (
        f"; next comes {readings[1].hypothesis.label}"
        if len(readings) > 1
        else "; no other system fits the study"
    )
    return CrsFinding(
        rows=tuple(rows.tolist()),
        group=label,
        crs=best.hypothesis.crs,
        swapped=best.hypothesis.swapped,
        confidence=round(min(float(confidence), _MOST_CONFIDENT), 3),
        reason=reason,
        trials=trials,
        notes=_notes(rows, best, reference),
    )


def _luck(
    best: _Reading, rivals: list[_Reading], reference: Reference, count: int
) -> tuple[float, str | None]:
    """Return the share of random moves under which the points lie as well, and a rival that part of the rows prefers.

    Every move takes all points the same way (250 to 1,600 m, spread evenly over directions), as a
    wrong system does. A part of the rows always prefers a move by chance; a rival that gains more
    so than 98 % of the moves is no chance.
    """
    pick = np.linspace(0, len(best.xy) - 1, min(len(best.xy), _MOST_ROWS)).astype(int)
    xy, stay = best.xy[pick], best.lying[pick]
    step = np.arange(count)
    angle = step * np.pi * (3.0 - np.sqrt(5.0))
    radius = np.sqrt(np.linspace(_MOVE_M[0] ** 2, _MOVE_M[1] ** 2, count))
    moves = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    moved = reference.lying((xy[None, :, :] + moves[:, None, :]).reshape(-1, 2)).reshape(
        count, len(pick)
    )
    luck = (1.0 + np.count_nonzero(moved.sum(axis=1) >= stay.sum())) / (count + 1.0)
    chance = np.maximum(moved - stay, 0.0).sum(axis=1)
    for rival in rivals:
        gain = np.maximum(rival.lying[pick] - stay, 0.0).sum()
        if (1.0 + np.count_nonzero(chance >= gain)) / (count + 1.0) <= _LUCK_MIXED:
            return luck, rival.hypothesis.label
    return luck, None


def _trial(reading: _Reading, reference: Reference) -> CrsTrial:
    here = reference.inside(reading.xy)
    street_m = float("nan")
    if here.any() and len(reference.streets.tree.geometries):
        street_m = float(np.median(reference.streets.distance_m(shapely.points(reading.xy[here]))))
    known = reading.named_m[np.isfinite(reading.named_m)]
    return CrsTrial(
        crs=reading.hypothesis.crs,
        swapped=reading.hypothesis.swapped,
        inside=reading.inside,
        street_m=street_m,
        named=len(known),
        named_m=float(np.median(known)) if len(known) else float("nan"),
        score=round(reading.score, 3),
    )


def _too_close(readings: list[_Reading], count: int) -> str:
    return f"{count} points lie nearly as well in {readings[0].hypothesis.label} and {readings[1].hypothesis.label}"


def _unclear(readings: list[_Reading], luck: float, count: int) -> str:
    if luck > _LUCK:
        return (
            f"the points lie no better as {readings[0].hypothesis.label} than moved about at random"
        )
    return f"{count} points without known names are too few"


def _notes(rows: IntArray, best: _Reading, reference: Reference) -> tuple[str, ...]:
    notes = []
    outside = rows[~reference.inside(best.xy, _MARGIN_M)]
    if len(outside):
        notes.append(
            f"{len(outside)} rows lie outside the study area even so (from 0: {outside.tolist()[:10]})"
        )
    if best.hypothesis.crs.startswith("EPSG:45") or best.hypothesis.crs.startswith("EPSG:44"):
        notes.append(
            "Xian 1980 and Beijing 1954 differ from CGCS2000 by some 100 m or less and cannot be told from it"
        )
    return tuple(notes)


def _refusal(rows: IntArray, label: str, reason: str, trials: tuple[CrsTrial, ...]) -> CrsFinding:
    return CrsFinding(tuple(rows.tolist()), label, None, False, 0.0, reason, trials)
