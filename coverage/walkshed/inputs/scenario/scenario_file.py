"""One scenario file beside its study: its rows, and the stations, services and places that they name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from shapely import Point

from walkshed.inputs.faults import FaultBook, did_you_mean
from walkshed.inputs.hours.reading import read_hours
from walkshed.inputs.hours.unclear import UnclearHoursError
from walkshed.inputs.rows.stations import service_words
from walkshed.inputs.study.toml_text import Section, TomlText, read_section
from walkshed.model.messages import Message
from walkshed.model.results import StudyInputs

#: A place farther than this from every station of the study, in degrees, is taken for a slip.
FAR_DEGREES = 1.0
RowT = TypeVar("RowT", bound=Section)
#: Where something stands in the file: the table, the row's number, the key.
Key = tuple[str | int, ...]


class ScenarioFile:
    """A scenario being read: what the file says against what the study knows; faults go into ``book``."""

    def __init__(self, toml: TomlText, inputs: StudyInputs, book: FaultBook) -> None:
        self.toml, self.inputs, self.book = toml, inputs, book
        self.stations = {station.id: station for station in inputs.stations}
        self.services = service_words(inputs.services)

    def rows(self, table: str, model: type[RowT]) -> list[tuple[int, RowT]]:
        """Return the rows of a table with their numbers; faulty ones are left out and told."""
        raw = self.toml.data.get(table, [])
        if not isinstance(raw, list):
            fact, cure = (
                Message("has [{table}] once only", table=table),
                Message("write it as [[{table}]]", table=table),
            )
            self.book.fault(self.toml.label, fact, cure, row=self.toml.line(table))
            return []

        found = [
            (number, read_section(model, entry, (table, number), self.toml, self.book))
            for number, entry in enumerate(raw)
        ]
        return [(number, row) for number, row in found if row is not None]

    def fault(self, at: Key, fact: str, cure: str, value: object = None) -> None:
        """Write down a fault at a key."""
        label, row = self.toml.label, self.toml.line(*at)
        column = f"{at[0]}.{at[2]}" if len(at) > 2 else None
        self.book.fault(label, fact, cure, row=row, column=column, value=value)

    def station(self, word: str, at: Key) -> str | None:
        """Return the id of the station meant by an id or a name that only one has."""
        if word in self.stations:
            return word
        named = [station.id for station in self.stations.values() if station.name == word]
        if len(named) == 1:
            return named[0]

        if named:
            self.fault(at, "is the name of several stations", "write the id", word)
        else:
            known = [*self.stations, *(station.name for station in self.stations.values())]
            self.fault(at, "is not a station of the study", did_you_mean(word, known), word)
        return None

    def service_ids(self, wanted: Sequence[str], at: Key) -> tuple[str, ...]:
        """Return the services meant, each once."""
        found = []
        for word in wanted:
            key = self.services.get(word) or self.services.get(word.lower())
            if key is not None:
                found.append(key)
            else:
                cure = did_you_mean(word, self.services)
                self.fault(at, "is not a service of study.toml", cure, word)
        return tuple(dict.fromkeys(found))

    def place(self, lon: float, lat: float, at: Key) -> Point:
        """Return the place; one that is far from all stations of the study is a fault."""
        if not self._is_near(lon, lat):
            cure = "write WGS84 degrees: lon east, lat north"
            if self._is_near(lat, lon):
                cure = "exchange lon and lat"
            fact = "lies far from every station of the study"
            self.fault((*at, "lon"), fact, cure, f"{lon:.10g}, {lat:.10g}")
        return Point(lon, lat)

    def _is_near(self, lon: float, lat: float) -> bool:
        """Return whether a place is near a station of the study; any place where it has none."""
        points = [station.geometry.representative_point() for station in self.stations.values()]
        return not points or any(
            abs(point.x - lon) <= FAR_DEGREES and abs(point.y - lat) <= FAR_DEGREES
            for point in points
        )

    def hours(self, text: str | None, at: Key) -> str:
        """Return OSM opening hours; "" for none and, with a fault, for what is not certain."""
        if not text:
            return ""
        try:
            return read_hours(text).osm
        except UnclearHoursError as unclear:
            self.fault((*at, "hours"), unclear.fact, unclear.cure, text)
            return ""
