"""What can go wrong, as one small family of errors.

Every error says the fact, the value and the cure. Each leaf is also a built-in error, so that
callers may catch ``ValueError`` or ``LookupError`` without knowing this module.
"""

from __future__ import annotations

from dataclasses import dataclass


class WalkshedError(Exception):
    """Root of all errors that walkshed raises on purpose."""

    exit_code = 1


class InvalidValueError(WalkshedError, ValueError):
    """A value that cannot be used: the message says where it stands, what it is and how to mend it."""


class NotFoundError(WalkshedError, LookupError):
    """A name or a file that does not exist."""


class UnreadableFileError(WalkshedError, OSError):
    """A file that exists but cannot be read as what it should be."""


class OutputError(WalkshedError, OSError):
    """A place that cannot be written to."""


class OutsideServiceError(WalkshedError, ConnectionError):
    """A service on the network failed; what was done so far is kept."""

    exit_code = 3


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault of an input: where it is, what is wrong, and the cure.

    ``row`` is the line in the file as an editor or a spreadsheet shows it (the header is row 1);
    where a file has no such lines (GeoJSON, GeoPackage) it counts features from 1, and ``counted``
    says so.
    """

    file: str
    fact: str
    cure: str
    row: int | None = None
    column: str | None = None
    value: str | None = None
    counted: str = "row"

    def __str__(self) -> str:
        """``stations.csv, row 7, column 'tier': 'hubb' is no tier; write one of hub, center, micro, compound``."""
        place = self.file
        if self.row is not None:
            place += f", {self.counted} {self.row}"
        if self.column is not None:
            place += f", column '{self.column}'"
        fact = self.fact if self.value is None else f"{shorten(self.value)!r} {self.fact}"
        return f"{place}: {fact}; {self.cure}"


class InputFaultsError(InvalidValueError):
    """Every fault of an input, collected in one pass; ``notes`` where all of it could be read nevertheless."""

    def __init__(self, faults: tuple[Fault, ...], notes: tuple[str, ...] = ()) -> None:
        self.faults = faults
        self.notes = notes
        super().__init__("\n".join(str(fault) for fault in faults))


#: Between a workbook and its sheet in the name of a table: 台账.xlsx › 小区.
SHEET_MARK = " › "


def sheet_of(file: str) -> tuple[str, str | None]:
    """Return the file and the sheet that a fault names; None for a file without sheets."""
    name, mark, sheet = file.partition(SHEET_MARK)
    return name, sheet if mark else None


def shorten(value: str, limit: int = 80) -> str:
    """Return the value, cut in the middle when it is longer than ``limit`` characters."""
    return (
        value
        if len(value) <= limit
        else f"{value[: limit - 20]}…{value[-15:]} ({len(value)} characters)"
    )
