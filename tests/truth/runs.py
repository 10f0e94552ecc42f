"""The package's side: a study run, and what it says of every block and service. The truth does not know this file."""

from __future__ import annotations

import math
from pathlib import Path

from truth.compare import Comparison, Key, Row, compared
from truth.folder import Block
from truth.telling import Told, tell
from walkshed.model.judged.judgments import DOUBTS, VERDICTS
from walkshed.model.results import Results
from walkshed.study import read_study


def rows_of_run(results: Results) -> dict[Key, Row]:
    """Return what a run found, by block, service and walker, before it is rounded for print."""
    rows = {}
    for walker, answer in results.answers.items():
        judged = answer.judgments
        for b, block in enumerate(results.blocks):
            for s, service in enumerate(results.inputs.services):
                nearest = int(judged.nearest[b, s])
                meters = float(judged.nearest_m[b, s])
                rows[block.id, service.id, walker] = Row(
                    VERDICTS[judged.verdict[b, s]].value,
                    float(judged.share[b, s]),
                    results.stations[nearest].id if nearest >= 0 else "",
                    meters if math.isfinite(meters) else math.nan,
                    DOUBTS[judged.doubt[b, s]].value,
                    "guessed" if judged.inside[b, s] else "",
                )
    return rows


def drawn_blocks(results: Results) -> list[Block]:
    """Return the blocks that a run has drawn from the map: the outlines are its own, all else is told anew."""
    return [
        Block(
            block.id,
            block.name,
            block.kind or "",
            "compound" if block.form == "compound" else "street_block",
            block.geometry,
            block.people,
            block.subdistrict or "",
            block.community or "",
        )
        for block in results.blocks
    ]


def told_again(path: Path, results: Results) -> tuple[Comparison, Told]:
    """Return a run beside the same study told by the truth, number by number."""
    drawn = None if results.inputs.blocks is not None else drawn_blocks(results)
    told = tell(path, drawn=drawn)
    return compared(rows_of_run(results), told.judgments, printed=False), told


def both(path: Path) -> tuple[Comparison, Told, Results]:
    """Return a study run by the package, and told by the truth, and how they compare."""
    results = read_study(path).run().results
    return *told_again(path, results), results
