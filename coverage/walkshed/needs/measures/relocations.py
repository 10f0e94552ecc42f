"""Re-sited centers by the means by which they found their place: how many, how large, on which floors."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from walkshed.model.labels import MEANS
from walkshed.model.town.relocations import Relocation

_GROUND = 1


@dataclass(frozen=True, slots=True)
class MeansTotals:
    """The centers of one means, "" for all: sums of those that state a figure both before and after."""

    means: str
    centers: int
    completed: int
    with_area: int
    area_before_m2: float
    area_after_m2: float
    with_floors: int
    upstairs_before: int
    upstairs_after: int
    with_visits: int
    visits_before: float
    visits_after: float


def totals_by_means(rows: Sequence[Relocation]) -> tuple[MeansTotals, ...]:
    """Return the totals of each means that occurs, in the order of the catalog, then of all."""
    found = [[row for row in rows if row.means == means] for means in MEANS]
    return (*(_totals(some[0].means, some) for some in found if some), _totals("", rows))


def _totals(means: str, rows: Sequence[Relocation]) -> MeansTotals:
    areas = _pairs([(row.old_area_m2, row.new_area_m2) for row in rows])
    floors = _pairs([(row.old_floor, row.new_floor) for row in rows])
    visits = _pairs([(row.visits_before, row.visits_after) for row in rows])
    return MeansTotals(
        means=means,
        centers=len(rows),
        completed=sum(bool(row.completed) for row in rows),
        with_area=len(areas),
        area_before_m2=sum(before for before, _ in areas),
        area_after_m2=sum(after for _, after in areas),
        with_floors=len(floors),
        upstairs_before=sum(before != _GROUND for before, _ in floors),
        upstairs_after=sum(after != _GROUND for _, after in floors),
        with_visits=len(visits),
        visits_before=sum(before for before, _ in visits),
        visits_after=sum(after for _, after in visits),
    )


def _pairs(
    figures: Sequence[tuple[float | None, float | None]],
) -> list[tuple[float, float]]:
    """Return the figures that are known both before and after."""
    return [
        (before, after) for before, after in figures if before is not None and after is not None
    ]
