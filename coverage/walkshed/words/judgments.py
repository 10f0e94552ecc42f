"""The sentences of all judgments, each made once: templates, and which of them each judgment takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import FloatArray, IntArray, ObjectArray, frozen
from walkshed.model.judged.judgments import Judgment
from walkshed.model.judged.verdicts import REASONS, ExitKind, Verdict
from walkshed.model.labels import Language
from walkshed.model.results import View
from walkshed.words.outreach import MINUTES_TOLERANCE, only_comes
from walkshed.words.quantities import whole_meters
from walkshed.words.slots import TEMPLATE, filled, slots_of
from walkshed.words.unplaced import unplaced_sets
from walkshed.words.verdicts import SHORT_CUT_M, cure_text, reason_text

#: Figures that a sentence says as they are stand in for what it cannot say: no number.
_NONE = -1
#: Combinations of values are numbered below this.
_MOST = 1 << 62


@dataclass(frozen=True, slots=True, eq=False)
class Phrases:
    """b blocks, s services: which sentence each judgment takes, and one judgment that stands for each sentence."""

    of: IntArray  # (b, s) the number of its sentence
    examples: tuple[Judgment, ...]  # by number

    def said(self, say: Callable[[Judgment], str]) -> list[str]:
        """Return the sentences, by number, as ``say`` makes them of the judgments that stand for them."""
        return [say(judgment) for judgment in self.examples]


def phrases(view: View) -> Phrases:
    """Return which judgments share their sentences but for stations, meters and people.

    A sentence hangs on the verdict, the rule, whether the block is near the edge, the percent that
    it says, the change that mends it (and what stands in the way there), whether the exits are
    known and the meters inside the compound a guess, where crews come to the door, on their minutes,
    and on which stations without a place may serve the block.
    """
    judgments = view.judgments
    blocks, services = judgments.shape
    inferred = np.array([kind is ExitKind.INFERRED for kind in view.exit_kind], dtype=np.int64)
    comes = np.array([only_comes(view, service) for service in range(services)], dtype=np.int64)
    full = judgments.has(Verdict.FULL)
    full_share = judgments.reason_shares[:, :, REASONS.index(Verdict.FULL)]
    closed_to_walker = judgments.has(Verdict.NOT_ACCESSIBLE)

    columns = [
        judgments.verdict,
        judgments.need,
        judgments.doubt,
        judgments.inside,
        _percents(judgments.share),
        np.where(full, _percents(full_share), _NONE),
        judgments.mend,
        np.where(closed_to_walker, judgments.mend_at, _NONE),
        np.round(judgments.mend_people) >= 1,
        judgments.nearest >= 0,
        np.isfinite(judgments.short_m),
        judgments.short_m > SHORT_CUT_M,
        np.broadcast_to(inferred[:, None], (blocks, services)),
        np.broadcast_to(comes, (blocks, services)),
        np.where(comes, _tenths(judgments.crew_min), _NONE),
        np.where(comes, _tenths(judgments.crew_reach_min), _NONE),
        judgments.crew_at >= 0,
        unplaced_sets(view),
    ]
    number, first = _distinct([np.asarray(column).ravel() for column in columns])
    examples = [judgments.row(*divmod(int(cell), max(services, 1))) for cell in first]
    return Phrases(frozen(number.reshape(blocks, services)), tuple(examples))


def reason_templates(view: View, found: Phrases, language: Language) -> list[str]:
    """Return the reasons of all sentences, with names in braces for stations, meters and people."""
    return found.said(lambda row: reason_text(view, row, language, slots=TEMPLATE))


def cure_templates(
    view: View, found: Phrases, language: Language, *, people: bool = True
) -> list[str]:
    """Return the cures of all sentences likewise; without ``people`` none says how many would gain."""
    return found.said(lambda row: cure_text(view, row, language, people=people, slots=TEMPLATE))


def reason_column(view: View, found: Phrases, cells: IntArray | None = None) -> ObjectArray:
    """Return (n,) the reasons of some judgments (by default all) in the study's language.

    ``found`` are the view's ``phrases``, ``cells`` places in the flattened (b, s).
    """
    return _filled_column(view, found, reason_templates(view, found, view.language), cells)


def cure_column(view: View, found: Phrases, cells: IntArray | None = None) -> ObjectArray:
    """Return (n,) the cures of some judgments (by default all) in the study's language; arguments likewise."""
    return _filled_column(view, found, cure_templates(view, found, view.language), cells)


def _filled_column(
    view: View, found: Phrases, templates: list[str], cells: IntArray | None
) -> ObjectArray:
    """Return (n,) templates with the words of each judgment; alike ones are filled once."""
    judgments, services = view.judgments, max(view.judgments.shape[1], 1)
    if cells is None:
        cells = np.arange(found.of.size)
    phrase = found.of.ravel()[cells]

    # what fills a template, by slot: numbers that tell apart what is said
    said: dict[str, np.ndarray] = {
        "nearest": judgments.nearest,
        "nearest_m": whole_meters(judgments.nearest_m),
        "mend_at": judgments.mend_at,
        "gain": np.round(judgments.mend_people).astype(np.int64),
        "short_m": whole_meters(judgments.short_m),
        "crew": judgments.crew_at,
    }
    columns = [phrase]
    for slot, column in said.items():
        takes = np.array([f"{{{slot}}}" in template for template in templates], dtype=bool)
        columns.append(np.where(takes[phrase], column.ravel()[cells], _NONE))

    # each combination once
    number, first = _distinct(columns)
    texts = np.empty(len(first), dtype=object)
    for place, cell in enumerate(cells[first].tolist()):
        judgment = judgments.row(*divmod(cell, services))
        words = slots_of(view, judgment, view.language)
        texts[place] = filled(templates[phrase[first[place]]], words)
    return texts[number]


def _percents(share: FloatArray) -> IntArray:
    """Return what tells apart shares that are said alike: whole percent, 0 and less than 1 told apart."""
    known = np.nan_to_num(share, nan=-1.0)
    whole = np.minimum(np.round(100 * known), np.where(known < 1, 99, 100))
    small = (known > 0) & (known < 0.005)
    return np.where(known <= 0, known - 1, np.where(small, 1000, whole)).astype(np.int64)


def _tenths(minutes: FloatArray) -> IntArray:
    """Return tenths of minutes as they are said."""
    finite = np.where(np.isfinite(minutes), minutes, 0.0)
    tenths = np.ceil(10 * finite - MINUTES_TOLERANCE)
    return np.where(np.isfinite(minutes), tenths, _NONE).astype(np.int64)


def _distinct(columns: list[np.ndarray]) -> tuple[IntArray, IntArray]:
    """Return the number of each row's combination of values, and the first row of each combination.

    ``columns`` are whole numbers or booleans. Combinations are numbered in the order of their
    values. Each row becomes one whole number, of which every column takes as many digits as its
    values are wide apart, so that a single sort will do.
    """
    key, room = np.zeros(len(columns[0]), dtype=np.int64), 1
    for column in columns:
        values = column.astype(np.int64)
        values -= values.min(initial=0)
        width = int(values.max(initial=0)) + 1
        # where the numbers would outgrow 63 bits, those that there are move together
        if room * width >= _MOST:
            kept, key = np.unique(key, return_inverse=True)
            room = len(kept)
            if room * width >= _MOST:
                kept, values = np.unique(values, return_inverse=True)
                width = len(kept)
        key = key * width + values
        room *= width
    _, first, number = np.unique(key, return_index=True, return_inverse=True)
    return number, first
