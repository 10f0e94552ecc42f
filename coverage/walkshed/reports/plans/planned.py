"""A plan as what leaves the office tells it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from walkshed.model.results import Results


@dataclass(frozen=True, slots=True, eq=False)
class Planned:
    """What walkshed site proposes: its table, what it changes, and the run with it.

    ``before_after`` is as before_after.csv has it; ``more`` are other numbers of stations
    (curve.csv) or other budgets (frontier.csv).
    """

    table: pd.DataFrame
    before_after: pd.DataFrame
    more: pd.DataFrame
    after: Results
