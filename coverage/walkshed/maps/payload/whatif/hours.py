"""Opening hours in words, for the page: those of the study, and those that a what-if may give a station."""

from __future__ import annotations

from walkshed.model.results import Results
from walkshed.words.hours import hours_text

#: Hours that a what-if may give a station beside those that the study knows.
USUAL_HOURS = (
    *("24/7", "Mo-Su 08:00-21:00", "Mo-Su 06:00-20:00", "Mo-Fr 08:00-18:00"),
    *("Mo-Fr 08:30-12:00,14:00-17:30", "Tu-Su 09:00-17:00"),
)


def hours_words(results: Results, language: str) -> dict[str, str]:
    """Return the words of each opening hours in a language."""
    stated = {station.hours for station in results.stations}
    stated |= {offer.hours for offer in results.offers}
    return {hours: hours_text(hours, language) for hours in sorted(stated | {*USUAL_HOURS} - {""})}
