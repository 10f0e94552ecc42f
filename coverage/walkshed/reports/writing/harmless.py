"""What office programs make of files: cells that they take for formulas, and what they leave in a folder."""

from __future__ import annotations

#: What desktops and office programs leave in any folder; not ours, not anybody's work.
LITTER: tuple[str, ...] = (".DS_Store", "Thumbs.db", "desktop.ini", ".~lock.", "~$")
#: A spreadsheet takes a cell for a formula when it begins so (OWASP, CSV Injection), in full-width
#: letters too.
FORMULA_STARTS: tuple[str, ...] = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(cell: object) -> object:
    """Return a text cell so that no spreadsheet runs it; numbers come back as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
