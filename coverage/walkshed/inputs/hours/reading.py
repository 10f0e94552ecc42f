"""Opening hours as planners write them: OSM opening hours, or why they are refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from walkshed.inputs.hours.clauses import clauses_of
from walkshed.inputs.hours.events import events_of
from walkshed.inputs.hours.osm_text import plain_hours
from walkshed.inputs.hours.parts import parts_of
from walkshed.inputs.hours.plain import plain_text
from walkshed.inputs.hours.rules import osm_rules
from walkshed.inputs.hours.unclear import EXAMPLE, UnclearHoursError
from walkshed.inputs.western_hours.reading import western_hours

_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_QUOTED: Final = re.compile(r'"[^"]*"')
_LETTERS: Final = re.compile("[A-Za-z]")
_SPAN: Final = re.compile(r"(?<!\d)(\d{1,2}):(\d{2}) ?- ?(\d{1,2}):(\d{2})(?!\d)")
_TIMES: Final = re.compile(
    r"\d{1,2}:\d{2}|24/7|sunrise|sunset|dawn|dusk|off|closed|\"", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Hours:
    """OSM opening hours; ``days_only`` where days are named and no times."""

    osm: str
    days_only: bool = False


def read_hours(text: str) -> Hours:
    """Return hours as OSM writes them.

    Raises
    ------
    UnclearHoursError
        where they can be meant in more ways than one, or in none.
    """
    whole = plain_hours(text)
    plain = plain_text(text)
    osm_words = not _CHINESE.search(_QUOTED.sub("", plain)) and _LETTERS.search(plain)
    if whole is not None and (
        osm_words or whole.startswith('"') or ";" in text or not _SPAN.search(plain)
    ):
        _check_afternoon(whole)
        return Hours(whole, days_only=not _TIMES.search(whole))

    if whole is None and _LETTERS.search(plain) and not _CHINESE.search(plain):
        western = _western(text)
        if western is not None:
            return Hours(western)

    events = events_of(parts_of(plain))
    osm = osm_rules(events, clauses_of(events))
    if plain_hours(osm) is None:
        raise UnclearHoursError("are not valid opening hours", EXAMPLE)
    return Hours(osm, days_only=not _TIMES.search(osm))


def _western(text: str) -> str | None:
    """Return hours in a European language as OSM writes them; None for what are none. Raises where languages differ."""
    found = western_hours(text)
    if len(found) > 1:
        raise UnclearHoursError(
            "can be '{one}' or '{other}'",
            "write the one that is meant",
            one=found[0],
            other=found[1],
        )
    return plain_hours(found[0]) if found else None


def _check_afternoon(osm: str) -> None:
    """Raise at times that a clock of 12 hours may have shown: 8:30-5:30, and 1:00-5:00 behind 9:00-12:00."""
    spoken = _QUOTED.sub("", osm)
    previous, ended = 0, -1
    for found in _SPAN.finditer(spoken):
        hour, minute, until, last = (int(number) for number in found.groups())
        begin, end = 60 * hour + minute, 60 * until + last
        if hour < 12 and 0 < end <= begin:
            raise UnclearHoursError(
                "end before they begin: '{said}'",
                "write {afternoon} for the afternoon, {next_day} for the next day",
                said=found[0],
                afternoon=f"{(until + 12) % 24}:{last:02d}",
                next_day=f"{until + 24}:{last:02d}",
            )

        # beside others of its rule
        beside = spoken[ended : found.start()].strip() == "," if ended >= 0 else False
        if beside and hour < 7 and begin < previous:
            raise UnclearHoursError(
                "do not say whether '{said}' is in the morning or in the afternoon",
                "write {afternoon} for the afternoon, else the earlier time first",
                said=found[0],
                afternoon=f"{hour + 12}:{minute:02d}",
            )
        previous, ended = end, found.end()
