"""Every name that walkshed writes into a folder of results, and those that it uses while it writes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from walkshed.reports.harmless import LITTER

#: The lock in a folder while somebody writes there.
LOCK = ".walkshed-lock"
#: A folder, in the one that is written or beside it, in which files are built.
PART = ".walkshed-part-"

#: What every run writes, but for one that may be passed on.
ALWAYS: frozenset[str] = frozenset(
    {
        *("index.html", "coverage.csv", "areas.csv", "stations.csv", "matrix.csv", "layers.gpkg"),
        *("run.json", "timing.json", "coverage_by_walker.csv", "unverified.csv"),
    }
)
#: What some runs write beside it.
SOMETIMES: frozenset[str] = frozenset(
    {
        *("capacity.csv", "rooms.csv", "hours.csv", "overlap.csv", "left_out.csv"),
        *("inequality.csv", "changes.csv", "changes_by_service.csv", "visitors.csv"),
        "priorities.csv",
    }
)
#: What proposals add to a run.
PROPOSED: frozenset[str] = frozenset(
    {"proposals.csv", "curve.csv", "unreachable.csv", "upgrades.csv", "frontier.csv"}
)
#: The map on paper and as a picture; people print by hand under these names, too.
PRINTS: frozenset[str] = frozenset({"map-a4.pdf", "map-a3.pdf", "slide.png"})
#: All that a run's folder may hold of walkshed's, whatever its run.json lists.
OF_RUNS: frozenset[str] = ALWAYS | SOMETIMES | PROPOSED | PRINTS
#: What a comparison writes.
OF_COMPARISONS: frozenset[str] = frozenset({"compare.csv", "changes.csv", "changes_by_service.csv"})
#: Whoever finds one of these takes the folder for whole: they leave it first and enter it last.
SEALS: tuple[str, ...] = ("study.toml", "run.json")


def is_ours(name: str) -> bool:
    """Return whether a name is one that walkshed uses while it writes."""
    return name == LOCK or name.startswith(PART)


def is_litter(name: str) -> bool:
    """Return whether a name is nobody's work: what desktops and office programs leave in any folder."""
    return name.startswith(LITTER)


def part_beside(folder: Path) -> str:
    """Return how parts begin that are built beside ``folder`` for it, and for no other folder."""
    key = hashlib.sha256(os.path.normcase(folder.name).encode("utf-8", "surrogatepass"))
    return f"{PART}{key.hexdigest()[:8]}-"


def sealed_last(names: Sequence[str]) -> list[str]:
    """Return names in the order in which files enter a folder; they leave it in the opposite one."""
    return sorted(names, key=lambda name: (name in SEALS, name))


def named(strangers: Sequence[str]) -> str:
    """Return the first five names, and how many more there are."""
    return ", ".join(strangers[:5]) + (
        f" and {len(strangers) - 5} more" if len(strangers) > 5 else ""
    )
