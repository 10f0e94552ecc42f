"""The coordinate systems of tables: what planners call them, and how their numbers become WGS84 degrees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from walkshed.inputs.files import StudyFolder
from walkshed.inputs.skills import Shift

SAME_AS_WGS84 = {4326, 4490}  # CGCS2000 and WGS84 differ by centimeters
#: Systems of map services, shifted on purpose, and how messages call them.
SHIFTED = {"gcj02": "GCJ-02", "bd09": "BD-09"}
_OTHER_WORDS = {
    "gcj-02": "gcj02",
    "bd-09": "bd09",
    "bd09ll": "bd09",
    "wgs-84": "wgs84",
    "cgcs-2000": "cgcs2000",
}


@dataclass(frozen=True, slots=True)
class TableCrs:
    """The coordinates of a table: an EPSG code, whether they are meters, and what the planner calls them.

    ``shift`` brings degrees of a shifted system to WGS84; ``swapped`` tables hold the latitude
    first. ``by_row``: rows (by their number) that stand in a system of their own.
    """

    epsg: int
    projected: bool
    label: str
    shift: Shift | None = None
    swapped: bool = False
    by_row: Mapping[int, TableCrs] = field(default_factory=lambda: MappingProxyType({}))

    def of(self, number: int) -> TableCrs:
        """Return the system of one row."""
        return self.by_row.get(number, self)


WGS84 = TableCrs(4326, projected=False, label="wgs84")


def word_of(stated: str) -> str:
    """Return a system as study.toml states it in the one word that means it."""
    word = stated.strip().lower()
    return _OTHER_WORDS.get(word, word)


def shifted_crs(word: str, key: str, line: int | None, folder: StudyFolder) -> TableCrs | None:
    """Return a shifted system; None, and a fault, where the reading was given no conversion."""
    shift = folder.skills.to_wgs84.get(word)
    if shift is not None:
        return TableCrs(4326, projected=False, label=SHIFTED[word], shift=shift)

    fact = "needs a conversion that this reading was not given"
    cure = "read the study with walkshed.read_study, or convert the coordinates to WGS84"
    folder.book.fault("study.toml", fact, cure, row=line, column=key, value=word)
    return None


def parse_crs(word: str) -> TableCrs | None:
    """Return the system that a word (lower case) names: wgs84, cgcs2000, EPSG:nnnn; None for others."""
    if word in {"wgs84", "epsg:4326", "ogc:crs84"}:
        return WGS84
    if word == "cgcs2000":
        return TableCrs(4490, projected=False, label=word)
    code = word.rsplit(":", 1)[-1]
    if "epsg" not in word or not (code.isascii() and code.isdigit()):
        return None

    # of two coordinates, degrees or meters
    from pyproj import CRS
    from pyproj.exceptions import CRSError

    try:
        crs = CRS.from_epsg(int(code))
    except (CRSError, OverflowError, ValueError):
        return None
    if not (crs.is_geographic or crs.is_projected) or len(crs.axis_info) != 2:
        return None
    return TableCrs(int(code), projected=crs.is_projected, label=f"EPSG:{code}")
