"""The coordinate detective: it finds the system in which a table stands.

It says so only where the evidence is clear. A group of rows is read in every system that can put it
into the study. Each reading is scored by log-likelihood ratios: how well its points lie by streets
and mapped things, and how near they come to what bears their names. A winner must beat every rival
by far *and* lie better than the same points moved about at random: points that have nothing to do
with the map win by luck as easily as anything. One or two points cannot tell: streets are
everywhere.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import ArrayLike

from walkshed.geocode.systems.evidence import Reference
from walkshed.geocode.systems.groups import NEAR_NAME_M, groups_by_name, groups_in_blocks
from walkshed.geocode.systems.hypotheses import form_of, hypotheses_for
from walkshed.geocode.systems.readings import MARGIN_M, Case, Reading, trial_of
from walkshed.model.arrays import IntArray
from walkshed.model.geocoding import CrsFinding, CrsTrial
from walkshed.model.messages import Message

_FEWEST: Final = 3  # rows; fewer cannot tell
_FEWEST_UNNAMED: Final = 8
_NAMED_NEEDED: Final = 3
_CLEAR_NAMED, _CLEAR_LYING = 5.0, 4.0  # log-likelihood ratio of winner and runner-up
_LUCK: Final = 0.001  # share of random moves that may lie as well as the winner
_LUCK_ALONE: Final = 0.02  # the same where no rival is left
_LUCK_MIXED: Final = 0.02
_MOVES, _MOVES_NAMED = 1000, 300  # fewer where they need not decide, only tell mixtures
_MOVE_M: Final = (250.0, 1600.0)
_MOST_ROWS: Final = 60  # for the random moves
_MOST_CONFIDENT: Final = 0.999
_PARTLY: Final = Message("a part of the rows looks like another system than the others")
_STATE_CRS: Final = Message('state it: crs = "wgs84", "gcj02", "bd09", "cgcs2000" or "EPSG:nnnn"')


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

    # what cannot be of one kind stands in groups of its own
    by_group: dict[tuple[str, str], list[int]] = {}
    for row, (label, form) in enumerate(zip(labels, form_of(table), strict=True)):
        by_group.setdefault((label, form), []).append(row)

    systems = hypotheses_for(reference.center)
    case = Case(table, reference, systems, reference.targets(names, addresses))
    findings: list[CrsFinding] = []
    for (label, form), rows in by_group.items():
        if form == "nothing":
            reason = Message(
                "the numbers are neither degrees nor meters of a known system; correct them or "
                "{cure}",
                cure=_STATE_CRS,
            )
            findings.append(_refusal(np.array(rows), label, reason, ()))
        else:
            findings.extend(_detect_group(case, np.array(rows), label))
    return tuple(sorted(findings, key=lambda finding: finding.rows[0]))


def _detect_group(case: Case, rows: IntArray, label: str) -> list[CrsFinding]:
    """Return the findings on one group: one, or one for each part that stands in a system of its own."""
    readings = case.readings(rows)
    whole = _judge(rows, label, readings, case.reference)
    if len(readings) < 2 or len(rows) < _FEWEST:
        return [whole]

    # rows may be parted by what their names say, or as blocks, one below the other
    by_name = np.column_stack([reading.by_name for reading in readings])
    near_m = np.column_stack([reading.named_m for reading in readings])
    lying = np.column_stack([reading.lying for reading in readings])
    voted = groups_by_name(by_name, near_m)
    blocks = groups_in_blocks(by_name + lying, voted)
    if blocks is not None:
        *parts, between = blocks
        reason = Message(
            "they stand between two blocks of different systems and could belong to either"
        )
    elif voted is not None:
        parts = list(voted.values())
        between = np.setdiff1d(np.arange(len(rows)), np.concatenate(parts))
        reason = Message(
            "the rows of this group stand in different systems, and these have no name that tells"
        )
    else:
        return [whole]

    # each part is judged anew; blocks without a winner do not speak for a mixture
    found = []
    for part in parts:
        own = rows[part]
        found.append(_judge(own, label, case.readings(own), case.reference))
    if voted is None and all(finding.crs is None for finding in found):
        if whole.crs is None:
            return [whole]
        return [_refusal(rows, label, _asking(_PARTLY), whole.trials)]
    if len(between):
        found.append(_refusal(rows[between], label, _asking(reason), ()))
    return found


def _judge(rows: IntArray, label: str, readings: list[Reading], reference: Reference) -> CrsFinding:
    """Return the verdict on one group: the winner, or why there is none."""
    trials = tuple(trial_of(reading, reference) for reading in readings)
    evidence = _weighed(rows, readings, reference)
    if isinstance(evidence, Message):
        return _refusal(rows, label, evidence, trials)

    best = readings[0]
    return CrsFinding(
        rows=tuple(rows.tolist()),
        group=label,
        crs=best.hypothesis.crs,
        swapped=best.hypothesis.swapped,
        confidence=_confidence(evidence, len(readings)),
        reason=_why(readings, evidence, trials[0].street_m),
        trials=trials,
        notes=_notes(rows, best, reference),
    )


@dataclass(frozen=True, slots=True)
class _Evidence:
    """What speaks for a winner: by how much, how many names, and the luck of random moves."""

    margin: float
    named: int
    by_name: bool
    luck: float


def _weighed(rows: IntArray, readings: list[Reading], reference: Reference) -> _Evidence | Message:
    """Return what speaks for the best reading; where it is not enough, why, with the cure."""
    if not readings:
        return Message(
            "in no known system do the points lie in the study area; check the extract, or {cure}",
            cure=_STATE_CRS,
        )
    if len(rows) == 1:
        return _asking(
            Message("one point cannot tell (it takes {fewest}, better ten)", fewest=_FEWEST)
        )
    if len(rows) < _FEWEST:
        return _asking(
            Message(
                "{count} {count:point|points} cannot tell (it takes {fewest}, better ten)",
                count=len(rows),
                fewest=_FEWEST,
            )
        )

    # a clear lead over the next system
    best, rivals = readings[0], readings[1:]
    margin = best.score - rivals[0].score if rivals else np.inf
    if margin < _CLEAR_LYING:
        return _asking(_too_close(readings, len(rows)))

    # no part of the rows that another system suits better
    named = int(np.count_nonzero(best.named_m < NEAR_NAME_M))
    by_name = named >= _NAMED_NEEDED and margin >= _CLEAR_NAMED and float(best.by_name.sum()) > 0
    luck, mixed = _luck(best, rivals, reference, _MOVES_NAMED if by_name else _MOVES)
    if mixed is not None:
        return Message(
            "some rows look like {hypothesis}, others like {mixed}; part the table, or {cure}",
            hypothesis=best.hypothesis.label,
            mixed=mixed,
            cure=_STATE_CRS,
        )

    # names that tell, or places that random moves do not reach; less is asked where no rival is
    # left
    by_lying = len(rows) >= _FEWEST_UNNAMED and luck <= _LUCK
    if not rivals and best.inside >= 0.9:
        unshifted = best.hypothesis.crs == "wgs84" and not by_lying and not by_name
        by_lying = by_lying or luck <= _LUCK_ALONE or unshifted
    if not (by_name or by_lying):
        return _asking(_unclear(readings, luck, len(rows)))
    return _Evidence(float(margin), named, by_name, luck)


def _confidence(evidence: _Evidence, readings: int) -> float:
    """Return the odds of the winner as a share; without names random luck takes from it."""
    confidence = 1.0 / (1.0 + np.exp(-min(evidence.margin, 50.0)))
    if not evidence.by_name:
        by_luck = 1.0 - readings * evidence.luck if evidence.luck <= _LUCK_ALONE else 0.9
        confidence = min(confidence, by_luck)
    return round(min(float(confidence), _MOST_CONFIDENT), 3)


def _why(readings: list[Reading], evidence: _Evidence, street_m: float) -> Message:
    """Return what speaks for the winner, and what comes next."""
    label = readings[0].hypothesis.label
    reason = Message(
        "the points lie as {label}: {street_m:.0f} m from a street in the median",
        label=label,
        street_m=street_m,
    )
    if evidence.named:
        reason = Message(
            "{reason}, {named} of them within {near_name_m:.0f} m of what bears their name",
            reason=reason,
            named=evidence.named,
            near_name_m=NEAR_NAME_M,
        )
    if len(readings) > 1:
        return Message(
            "{reason}; next comes {hypothesis}",
            reason=reason,
            hypothesis=readings[1].hypothesis.label,
        )
    return Message("{reason}; no other system fits the study", reason=reason)


def _luck(
    best: Reading, rivals: list[Reading], reference: Reference, count: int
) -> tuple[float, str | None]:
    """Return the share of random moves under which the points lie as well, and a rival.

    The rival is one that a part of the rows prefers, None without one. Every move takes all points
    the same way (250 to 1,600 m, spread evenly over directions), as a wrong system does. A part of
    the rows always prefers a move by chance; a rival that gains more so than 98 % of the moves is
    no chance.
    """
    pick = np.linspace(0, len(best.xy) - 1, min(len(best.xy), _MOST_ROWS)).astype(int)
    xy, stay = best.xy[pick], best.lying[pick]

    # moves evenly over directions and ground: a sunflower's turns
    step = np.arange(count)
    angle = step * np.pi * (3.0 - np.sqrt(5.0))
    radius = np.sqrt(np.linspace(_MOVE_M[0] ** 2, _MOVE_M[1] ** 2, count))
    moves = np.column_stack([radius * np.cos(angle), radius * np.sin(angle)])
    moved_xy = (xy[None, :, :] + moves[:, None, :]).reshape(-1, 2)
    moved = reference.lying(moved_xy).reshape(count, len(pick))
    luck = (1.0 + np.count_nonzero(moved.sum(axis=1) >= stay.sum())) / (count + 1.0)

    chance = np.maximum(moved - stay, 0.0).sum(axis=1)
    for rival in rivals:
        gain = np.maximum(rival.lying[pick] - stay, 0.0).sum()
        if (1.0 + np.count_nonzero(chance >= gain)) / (count + 1.0) <= _LUCK_MIXED:
            return luck, rival.hypothesis.label
    return luck, None


def _asking(doubt: Message) -> Message:
    """Return why nothing could be told, with what to state."""
    return Message("{doubt}; {cure}", doubt=doubt, cure=_STATE_CRS)


def _too_close(readings: list[Reading], count: int) -> Message:
    first, second = (reading.hypothesis.label for reading in readings[:2])
    return Message(
        "{count} {count:point lies|points lie} nearly as well in {first} and {second}",
        count=count,
        first=first,
        second=second,
    )


def _unclear(readings: list[Reading], luck: float, count: int) -> Message:
    if luck > _LUCK:
        return Message(
            "the points lie no better as {hypothesis} than moved about at random",
            hypothesis=readings[0].hypothesis.label,
        )
    return Message("{count} {count:point|points} without known names are too few", count=count)


def _notes(rows: IntArray, best: Reading, reference: Reference) -> tuple[str, ...]:
    notes: list[str] = []
    outside = rows[~reference.inside(best.xy, MARGIN_M)]
    if len(outside):
        notes.append(
            Message(
                "{count} {count:row lies|rows lie} outside the study area even so (from 0: "
                "{outside})",
                count=len(outside),
                outside=outside.tolist()[:10],
            )
        )
    if best.hypothesis.crs.startswith(("EPSG:45", "EPSG:44")):
        notes.append(
            Message(
                "Xian 1980 and Beijing 1954 differ from CGCS2000 by some 100 m or less "
                "and cannot be told from it"
            )
        )
    return tuple(notes)


def _refusal(
    rows: IntArray, label: str, reason: Message, trials: tuple[CrsTrial, ...]
) -> CrsFinding:
    doubt = reason.values.get("doubt")
    doubt = doubt if isinstance(doubt, Message) else reason
    return CrsFinding(tuple(rows.tolist()), label, None, False, 0.0, reason, trials, doubt=doubt)
