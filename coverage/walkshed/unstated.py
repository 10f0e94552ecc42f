"""What nobody stated, asked where it would turn a verdict: the datum of a table."""

from __future__ import annotations

from collections.abc import Mapping

from walkshed.errors import Fault
from walkshed.model.geocoding import DatumDoubt
from walkshed.model.messages import Message
from walkshed.model.results import Results

#: Codes of verdicts by walker, block and service.
Verdicts = Mapping[tuple[str, str, str], int]


def verdicts_of(results: Results) -> Verdicts:
    """Return the codes of a run's verdicts by walker, block and service, those of places of visitors, too."""
    inputs = results.inputs
    judged = (
        ("", results.answers, results.blocks),
        ("visitors", results.visitors, inputs.visitors),
    )
    return {
        (walker, f"{kind}/{block.id}", service.id): int(answer.judgments.verdict[row, column])
        for kind, answers, blocks in judged
        for walker, answer in answers.items()
        for row, block in enumerate(blocks)
        for column, service in enumerate(inputs.services)
    }


def datum_asked(
    doubt: DatumDoubt, datum: str, verdicts: Verdicts, others: Verdicts
) -> Fault | None:
    """Return the question that a table's datum is; None where another datum turns no verdict."""
    turned = sum(others.get(key) != verdict for key, verdict in verdicts.items())
    if not turned:
        return None

    # which places, and what else they may be
    name = {
        "gcj02": Message("GCJ-02 (Amap, Tencent)"),
        "bd09": Message("BD-09 (Baidu)"),
    }[datum]
    which = Message("{count} of {total} {total:place|places}", count=doubt.rows, total=doubt.of)
    if doubt.rows == doubt.of:
        which = Message("its coordinates")

    fact = Message(
        "nothing tells the datum of {which}: as {name} instead of WGS84, {turned} of {count} "
        "verdicts differ",
        which=which,
        name=name,
        turned=turned,
        count=len(verdicts),
    )
    section, _, key = doubt.key.partition(".")
    cure = Message(
        'state it in study.toml under [{section}]: {key} = "wgs84", "gcj02", "bd09" or "cgcs2000"',
        section=section,
        key=key,
    )
    return Fault(doubt.table, fact, cure)
