"""Every name that walkshed writes into a folder of results, and those that it uses while it writes."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path

from walkshed.model.messages import Listing, Message
from walkshed.reports.registry import ALWAYS, COMPARISON_TABLES, FILES, PRINTS, PROVENANCE
from walkshed.reports.writing.harmless import LITTER

#: The lock in a folder while somebody writes there.
LOCK = ".walkshed-lock"
#: A folder, in the one that is written or beside it, in which files are built.
PART = ".walkshed-part-"

#: What every run writes, but for one that may be passed on.
OF_EVERY_RUN: frozenset[str] = frozenset(each.file for each in FILES if each.when is ALWAYS)
#: The map on paper and as a picture; people print by hand under these names, too.
OF_PRINTS: frozenset[str] = frozenset(each.file for each in PRINTS)
#: All that a run's folder may hold of walkshed's, whatever its run.json lists.
OF_RUNS: frozenset[str] = frozenset(each.file for each in FILES)
#: What a comparison writes.
OF_COMPARISONS: frozenset[str] = frozenset(each.file for each in COMPARISON_TABLES)
#: Whoever finds one of these takes the folder for whole: they leave it first and enter it last.
SEALS: tuple[str, ...] = ("study.toml", PROVENANCE.file)


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
    first, more = Listing(strangers[:5]), len(strangers) - 5
    return first if more <= 0 else Message("{names} and {count} more", names=first, count=more)
