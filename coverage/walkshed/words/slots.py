"""The words of a sentence that differ from block to block, so that a sentence need be made once only."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass, fields

from walkshed.model.judged.judgments import Judgment
from walkshed.model.labels import Language, number_said
from walkshed.model.results import View
from walkshed.words.ledgers.operations import IDLE_NAME
from walkshed.words.quantities import meters


@dataclass(frozen=True, slots=True)
class Slots:
    """What stands in a sentence for stations, meters and people: their words, or names in braces."""

    nearest: str  # the nearest station
    nearest_m: str
    mend_at: str  # the station of the cure
    gain: str  # people of the whole study who would gain by it
    short_m: str
    crew: str  # whose crew is first at the door


#: A sentence made with these is a template: ``{nearest}`` stands where the station's name would.
TEMPLATE = Slots(**{field.name: f"{{{field.name}}}" for field in fields(Slots)})
#: A slot, or the word that its number takes: {gain}, {gain:person|people}.
_NAMES = re.compile(rf"\{{({'|'.join(asdict(TEMPLATE))})(?::([^{{}}|]*)\|([^{{}}|]*))?\}}")


def slots_of(view: View, judgment: Judgment, language: Language) -> Slots:
    """Return the words of one judgment."""
    return Slots(
        nearest=station_name(view, judgment.nearest),
        nearest_m=meters(judgment.nearest_m, language),
        mend_at=_name_in_cure(view, judgment.mend_at, language),
        gain=number_said(f"{round(judgment.mend_people):,}", language),
        short_m=meters(judgment.short_m, language),
        crew=station_name(view, judgment.crew_at),
    )


def filled(template: str, words: Slots) -> str:
    """Return a template with the words of its slots; each is put in once, whatever it holds."""

    def word(slot: re.Match[str]) -> str:
        said = str(getattr(words, slot[1]))
        if slot[2] is None:
            return said
        return slot[2] if said == "1" else slot[3]

    return _NAMES.sub(word, template)


def _name_in_cure(view: View, index: int, language: Language) -> str:
    """Return the name of a station where it is to be mended, which says where it does not run."""
    name = station_name(view, index)
    if index >= 0 and view.stations[index].running is False:
        return IDLE_NAME.said(language, name=name)
    return name


def station_name(view: View, index: int) -> str:
    """Return the name of a station, a dash for none."""
    return view.stations[index].name if index >= 0 else "–"
