"""Work orders of compounds (工单): when somebody asked for a repair, and when a crew was there."""

from __future__ import annotations

from dataclasses import dataclass

#: Within so many minutes a crew is to be there: the half hour of 半小时响应.
HALF_HOUR_MIN = 30.0


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """A row of the ledger. ``crew`` is the id of a station, or whatever the ledger calls those who came.

    ``reported`` is an ISO moment. ``minutes`` is how long it took until a crew was there, None
    where nobody says when that was.
    """

    block: str
    crew: str
    kind: str
    reported: str
    minutes: float | None
