"""What the reading of a study asks of rooms beside this one; ``walkshed.study`` passes it in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shapely.geometry.base import BaseGeometry

from walkshed.model.arrays import FloatArray
from walkshed.model.geocoding import CrsFinding, LedgerMatch, LedgerRow

#: (n, 2) degrees of a shifted system, longitude first -> WGS84.
Shift = Callable[[FloatArray], FloatArray]
#: (extract, (n, 2) columns as they stand, names, addresses, sources) -> in which system each group
#: of rows stands.
Detect = Callable[
    [Path, FloatArray, Sequence[str], Sequence[str], Sequence[str]], tuple[CrsFinding, ...]
]
#: (extract, rows of a list of compounds) -> for each its match and, where there is one, its ground
#: in WGS84 degrees.
Join = Callable[[Path, Sequence[LedgerRow]], tuple[tuple[LedgerMatch, BaseGeometry | None], ...]]


@dataclass(frozen=True, slots=True)
class Skills:
    """Functions of other rooms; what is missing is a fault where a study asks for it."""

    to_wgs84: Mapping[str, Shift] = field(default_factory=dict)  # "gcj02", "bd09"
    detect: Detect | None = None
    join: Join | None = None
    #: Files by absolute path that are made but not in place yet: read instead of those on the disk.
    fresh: Mapping[Path, bytes] = field(default_factory=dict)
    #: Datums to take for tables of which nothing tells theirs, by key ("stations.crs"): what if …
    assumed: Mapping[str, str] = field(default_factory=dict)
