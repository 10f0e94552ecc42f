"""``walkshed standards``: the standards that ship with the package, and their items."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.console.console import Console
from walkshed.inputs.standards.items import preset_items
from walkshed.inputs.standards.rows import presets
from walkshed.model.labels import BASIS
from walkshed.model.messages import Message


def preset_names() -> tuple[str, ...]:
    """Return the names of the standards that ship with the package."""
    return tuple(presets())


def list_presets(console: Console, names: Sequence[str]) -> None:
    """Say the items of some standards, with their limits, clauses and whether they were verified."""
    known = presets()
    for name in names:
        console.say(name)
        for row in preset_items(known[name]):
            kind = "" if row.kind == "*" else f" ({row.kind})"
            basis = Message(", {basis}", basis=BASIS[row.basis]) if row.basis else ""
            checked = "" if row.verified else Message(" [unverified]")
            console.say(
                Message(
                    "  {item}{kind}: {limit}, {clause}{basis}{checked}",
                    item=row.item,
                    kind=kind,
                    limit=row.limit,
                    clause=row.clause,
                    basis=basis,
                    checked=checked,
                )
            )
