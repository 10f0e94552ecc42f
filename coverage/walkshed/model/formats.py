"""The versions of the files that walkshed writes and reads again.

A number goes up when an older walkshed would misread what a newer one writes; a key or a column
that is only added changes nothing. Files of older formats are read as they were meant.
"""

from __future__ import annotations

from typing import Final

STUDY_FORMAT: Final = 1
SCENARIO_FORMAT: Final = 1
RUN_FORMAT: Final = 1
SURVEY_FORMAT: Final = 1
PAGE_FORMAT: Final = 1
