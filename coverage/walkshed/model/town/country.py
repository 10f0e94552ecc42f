"""The country of a study: what it is called, and the habits of its offices."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from walkshed.model.labels import Language

#: Where surveying and maps are under the law of the Chinese mainland.
_MAPS_REVIEWED = frozenset({"CN"})


@dataclass(frozen=True, slots=True)
class Country:
    """A country or region by its ISO code; habits are "" or None where nothing tells them.

    ``stated``: by study.toml, else found from the place of the extract. ``currency`` is ISO 4217,
    ``ground_floor`` what the floor at the street is called, ``clock`` the hours that a clock counts.
    """

    code: str
    stated: bool = False
    names: Mapping[str, str] = field(default_factory=dict)  # by language
    units: Literal["metric", "us"] = "metric"
    decimal: Literal["", ".", ","] = ""
    ground_floor: int | None = None
    language: Language = "zh"  # that in which its offices read a study, of those we have
    clock: Literal[12, 24] = 24
    currency: str = ""

    def called(self, language: str) -> str:
        """Return its name in a language, in English where there is none, and its code."""
        name = self.names.get(language) or self.names.get("en", "")
        return f"{name} ({self.code})" if name else self.code

    @property
    def reviews_maps(self) -> bool:
        """Whether a map needs a review there before it is published."""
        return self.code in _MAPS_REVIEWED
