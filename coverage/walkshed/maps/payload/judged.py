"""What the page has of every judgment: its state, its figures, and its words as templates with slots."""

from __future__ import annotations

from typing import Any

import numpy as np

from walkshed.maps.packing import pack_column
from walkshed.model.arrays import FloatArray, Int8Array, IntArray
from walkshed.model.judged.judgments import DOUBTS, VERDICTS, Judgments
from walkshed.model.judged.verdicts import BlockState, Doubt, Verdict
from walkshed.model.results import View
from walkshed.model.town.places import Need
from walkshed.words.judgments import cure_templates, phrases, reason_templates
from walkshed.words.quantities import NOWHERE, whole_meters

#: The states, by the digit that stands for them in the payload.
STATES = (BlockState.SERVED, BlockState.PARTLY, BlockState.NOT_SERVED, BlockState.UNKNOWN)

#: By what failing blocks are ranked, each with its sign: 1 for the least first, -1 for the most. A
#: page that tries a limit ranks by the same figures of its own.
WORST_BY: tuple[tuple[str, int], ...] = (
    ("spared", 1),  # where people are known: blocks that leave out none of theirs
    ("doubt", 1),
    ("left_out", -1),
    ("share", 1),
    ("short_m", -1),  # never reached is the most
)


def state_of(judgments: Judgments) -> Int8Array:
    """Return (b, s) the state in which the map shows each block for each service, as a place in STATES."""
    served = judgments.has(Verdict.SERVED)
    partly = np.where(judgments.share > 0, BlockState.PARTLY, BlockState.NOT_SERVED)
    state = np.where(judgments.unknown, BlockState.UNKNOWN, partly)
    state = np.where(served, BlockState.SERVED, state)
    codes = np.zeros(state.shape, dtype=np.int8)
    for code, name in enumerate(STATES):
        codes[state == name] = code
    return codes


def judged(view: View, *, public: bool) -> dict[str, Any]:
    """Return one packed column per figure, each sorted by block, then service.

    ``state`` and ``doubt`` are digits; ``verdict`` are places in ``verdicts``. ``phrase`` is the
    number of a judgment's sentences in ``texts``, in which ``{nearest}``, ``{nearest_m}``,
    ``{mend_at}``, ``{gain}``, ``{short_m}`` and ``{crew}`` stand for what the columns of those
    names hold; ``reach_m`` are whole meters within which enough of its people lie, by which a page
    ranks blocks that it judges anew. Meters are -1 where there are none. A public page tells no
    people, and judges nothing anew.
    """
    judgments, found = view.judgments, phrases(view)
    reach_m = np.where(np.isfinite(judgments.reach_m), half_up(judgments.reach_m), NOWHERE)
    columns: dict[str, np.ndarray] = {
        "verdict": judgments.verdict,
        "served": judgments.printed_served,
        "people": judgments.printed_people,
        "limit_m": whole_meters(judgments.limit_m),
        "nearest": judgments.nearest,
        "nearest_m": whole_meters(judgments.nearest_m),
        "rule": _rules(judgments),
        "phrase": found.of,
        "mend_at": judgments.mend_at,
        "gain": np.round(judgments.mend_people),
        "short_m": whole_meters(judgments.short_m),
        "crew": judgments.crew_at,
        "reach_m": reach_m,
    }

    # A public page keeps a gain of 0 in each row, and nothing of the others that tell of people.
    packed = {name: pack_column(values) for name, values in columns.items()}
    if public:
        packed |= {"served": "", "people": "", "reach_m": ""}
        packed["gain"] = pack_column(np.zeros(judgments.shape))
    doubted = judgments.doubt != DOUBTS.index(Doubt.NONE)
    return {
        "state": _digits(state_of(judgments)),
        "states": [state.value for state in STATES],
        "doubt": _digits(doubted),
        "verdicts": [verdict.value for verdict in VERDICTS],
        **packed,
        "texts": {
            language: {
                "reason": reason_templates(view, found, language),
                "cure": cure_templates(view, found, language, people=not public),
            }
            for language in view.languages
        },
    }


def worst_blocks(judgments: Judgments, service: int) -> IntArray:
    """Return the blocks that fail the service, the worst first.

    Ranked by ``WORST_BY``, then by their order in the study. Meters are whole ones, as they are
    said.
    """
    counted = bool((judgments.printed_people > 0).any())
    blocks = np.flatnonzero(judgments.failing[:, service])
    left_out = judgments.left_out[blocks, service]
    short_m = judgments.short_m[blocks, service]

    # what each is ranked by; equal blocks keep their order
    figures = {
        "spared": counted & (left_out == 0),
        "doubt": judgments.doubted[blocks, service],
        "left_out": left_out,
        "share": judgments.share[blocks, service],
        "short_m": np.where(np.isnan(short_m), np.inf, half_up(short_m)),
    }
    keys = [sign * figures[name].astype(np.float64) for name, sign in WORST_BY]
    return blocks[np.lexsort([blocks, *keys[::-1]])]


def half_up(meters: FloatArray) -> FloatArray:
    """Return whole meters.

    A limit of whole meters taken off before or after makes no difference.
    """
    return np.asarray(np.floor(meters + 0.5), dtype=np.float64)


def needs_of_service(judgments: Judgments, service: int) -> list[Need]:
    """Return the needs by which one service is judged, each once, in the order of the blocks."""
    listed, first = np.unique(judgments.need[:, service], return_index=True)
    return [judgments.needs[place] for place in listed[np.argsort(first)] if place >= 0]


def _rules(judgments: Judgments) -> IntArray:
    """Return (b, s) the place of each judgment's rule among those of its service.

    -1 without one.
    """
    rules = np.full(judgments.shape, -1, dtype=np.int64)
    place = {need: number for number, need in enumerate(judgments.needs)}
    for service in range(judgments.shape[1]):
        for number, need in enumerate(needs_of_service(judgments, service)):
            rules[judgments.need[:, service] == place[need], service] = number
    return rules


def _digits(values: np.ndarray) -> str:
    """Return small whole numbers as a text of digits."""
    return (values.ravel().astype(np.uint8) + ord("0")).tobytes().decode("ascii")
