"""Of elements that a file holds more than once, the one that counts: the highest version, if it stands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from walkshed.model.arrays import IntArray
from walkshed.model.ground.extract import Tags


@dataclass(slots=True)
class Versions:
    """Elements of one type in the order of the file: id, version (0: not said), and whether deleted."""

    id: list[int] = field(default_factory=list)
    version: list[int] = field(default_factory=list)
    deleted: list[bool] = field(default_factory=list)
    element: list[Any] = field(default_factory=list)  # None where deleted

    def add(self, number: int, version: int, element: object, *, deleted: bool) -> None:
        """Add an element; what it holds is the caller's."""
        self.id.append(number)
        self.version.append(version)
        self.deleted.append(deleted)
        self.element.append(None if deleted else element)


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """What stands of one type: ``rows`` by id, how many were older, and how many deleted."""

    rows: IntArray
    repeated: int
    deleted: int


def standing(versions: Versions, gone: Iterable[int] = ()) -> Standing:
    """Return the elements that stand: of each id the highest version, of equal ones the last in the file.

    Those whose last version is a deletion, and those of ``gone``, do not stand.
    """
    ids = np.array(versions.id, dtype=np.int64)
    order = np.lexsort([np.arange(len(ids)), np.array(versions.version, dtype=np.int64), ids])
    last = np.append(ids[order][1:] != ids[order][:-1], True)[: len(order)]
    order = order[last]
    deleted = np.array(versions.deleted, dtype=bool)[order]
    deleted |= np.isin(ids[order], np.fromiter(gone, dtype=np.int64))
    return Standing(order[~deleted], int(np.count_nonzero(~last)), int(np.count_nonzero(deleted)))


def by_id(versions: Versions, found: Standing) -> list[Any]:
    """Return the elements that stand, by ascending id."""
    return [versions.element[row] for row in found.rows.tolist()]


def tags_by_id(versions: Versions, found: Standing) -> dict[int, Tags]:
    """Return the tags of elements that stand, of those that have any.

    The elements are their tags.
    """
    return {
        versions.id[row]: versions.element[row]
        for row in found.rows.tolist()
        if versions.element[row]
    }
