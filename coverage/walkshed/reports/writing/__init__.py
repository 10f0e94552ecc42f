"""How files come into a folder: one writer at a time, all of them or none, and never over somebody else's."""

from walkshed.reports.writing.folders import heal, put_files, put_in_place
from walkshed.reports.writing.names import LOCK, PART, is_ours

__all__ = ["LOCK", "PART", "heal", "is_ours", "put_files", "put_in_place"]
