"""The list as it leaves: items with their numbers and priorities, as rows, a frame and a workbook."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import shapely

from walkshed.errors import OutputError
from walkshed.model.messages import Message
from walkshed.model.results import StudyInputs
from walkshed.model.survey_form import LETTER
from walkshed.model.town.survey import FactKind, Priority, SurveyItem
from walkshed.surveying.choosing import Choice, Item, chosen
from walkshed.surveying.town import Town, town_of
from walkshed.words.studies.survey import WORKBOOK

if TYPE_CHECKING:
    import pandas as pd

#: How many items a list has unless somebody asks for more.
MOST_ITEMS = 60
_PRIORITIES: tuple[Priority, ...] = ("high", "middle", "low")
_SIDES = ("e", "ne", "n", "nw", "w", "sw", "s", "se")


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Survey:
    """What to check on the ground for a study: the items in the order in which one walks."""

    inputs: StudyInputs
    items: tuple[SurveyItem, ...]
    judged: int  # how many facts were judged again
    left: int  # how many were not, for want of time

    def __repr__(self) -> str:
        """``Survey(Monaco: 60 items)``."""
        return f"Survey({self.inputs.settings.name}: {len(self.items)} items)"

    @property
    def frame(self) -> pd.DataFrame:
        """One row per item, with the people who hang on it, which no sheet tells."""
        import pandas as pd

        rows = [
            {
                "number": item.number,
                "priority": item.priority,
                "subdistrict": item.subdistrict,
                "community": item.community,
                "kind": item.fact.kind.value,
                "subject": item.fact.subject,
                "name": item.name,
                "reason": item.reason.value,
                "known": item.fact.known,
                "lon": lon,
                "lat": lat,
                "people": item.people,
            }
            for item in self.items
            for lon, lat in item.fact.places[:1]
        ]
        columns = ["number", "priority", "subdistrict", "community", "kind", "subject", "name"]
        return pd.DataFrame(rows, columns=[*columns, "reason", "known", "lon", "lat", "people"])

    def workbook(self) -> bytes:
        """Return the sheets to fill in, as an .xlsx file; of the same list, the same bytes."""
        from walkshed.reports.survey.sheets import survey_workbook

        settings = self.inputs.settings
        return survey_workbook(self.items, settings.name, settings.language)

    def write(self, folder: str | Path) -> Path:
        """Write the sheets into ``folder``, all or nothing; return their path.

        Raises OutputError where sheets stand there that somebody has filled in.
        """
        from walkshed.inputs.survey.filled import answered
        from walkshed.reports.writing import put_files

        target = Path(folder)
        path = target / WORKBOOK.in_(self.inputs.settings.language)

        def check() -> None:
            if path.exists() and answered(path):
                raise OutputError(
                    Message(
                        "{path} holds answers: apply them with  walkshed survey STUDY --apply "
                        "FILE, and move it away, or choose another folder with --out",
                        path=path,
                    )
                )

        put_files(target, {path.name: self.workbook()}, check=check)
        return path


def survey_of(
    inputs: StudyInputs,
    *,
    items: int = MOST_ITEMS,
    cache: bool = True,
    progress: Callable[[str], None] | None = None,
) -> Survey:
    """Return what to check on the ground: at most so many items, those on which most people hang."""
    town = town_of(inputs, cache=cache)
    choice = chosen(town, most=items, progress=progress)
    return Survey(inputs, _rows(town, choice), choice.judged, choice.left)


def _rows(town: Town, choice: Choice) -> tuple[SurveyItem, ...]:
    """Return the items with their numbers, which count on every sheet from 1."""
    count: Counter[FactKind] = Counter()
    rows = []
    for item in choice.items:
        kind = item.candidate.fact.kind
        count[kind] += 1
        rows.append(_row(town, item, f"{LETTER[kind]}{count[kind]}", len(choice.items)))
    return tuple(rows)


def _row(town: Town, item: Item, number: str, items: int) -> SurveyItem:
    """Return an item of the list."""
    candidate, plane = item.candidate, town.network.plane
    fact = candidate.fact
    ends = plane.to_xy(np.array(fact.places))
    length_m = float(np.hypot(*(ends[-1] - ends[0])))

    # in words: the side of a compound, or the address of a station
    addresses = {
        station.id: station.details.get("address", "") for station in town.residents.stations
    }
    is_gate = fact.kind is FactKind.GATE
    return SurveyItem(
        number=number,
        fact=fact,
        reason=candidate.reason,
        name=candidate.name,
        subdistrict=candidate.area[0],
        community=candidate.area[1],
        priority=_PRIORITIES[min(2, 3 * item.rank // max(items, 1))],
        people=item.people,
        address="" if is_gate else addresses.get(fact.subject, ""),
        side=_side(town, fact.subject, candidate.xy) if is_gate else "",
        length_m=length_m,
    )


def _side(town: Town, block: str, xy: tuple[float, float]) -> str:
    """Return on which side of its block a place lies, in eighths of the compass."""
    geometry = next(each.geometry for each in town.residents.blocks if each.id == block)
    shape = town.network.plane.geometry_to_xy(np.array([geometry], dtype=object))
    center = shapely.get_coordinates(shapely.centroid(shape))[0]
    east, north = np.subtract(xy, center)
    eighth = round(float(np.degrees(np.arctan2(north, east))) / 45.0) % len(_SIDES)
    return _SIDES[eighth]
