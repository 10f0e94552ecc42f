"""Nominatim, any server: /search in its JSON v2 form; WGS84, no key.

Fields after nominatim.org/release-docs (Search, Output formats). The public server asks for one
request a second at most and a User-Agent that says who asks
(operations.osmfoundation.org/policies/nominatim). Tested against a stand-in on this computer only:
no live call was possible.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from walkshed.geocode.providers.protocol import answer_at, mapping
from walkshed.model.geocoding import Location, Precision, Query
from walkshed.outside.failures import BadAnswerError
from walkshed.outside.service import JsonService, Manners

URL: Final = "https://nominatim.openstreetmap.org/search"
_HOUSE_RANK, _STREET_RANK, _COMMUNITY_RANK = 30, 26, 17


class Nominatim:
    """A Nominatim server."""

    name = "nominatim"

    def __init__(
        self,
        *,
        url: str = URL,
        contact: str = "",
        manners: Manners | None = None,
        tell: Callable[[str], None] | None = None,
    ) -> None:
        self._agent = f"walkshed ({contact})" if contact else "walkshed"
        self._service = JsonService(
            self.name, url, manners=manners or Manners(every_s=1.1), tell=tell
        )

    def ask(self, query: Query) -> tuple[Location, ...]:
        """Return Nominatim's answers."""
        text = query.text
        if query.city and query.city not in text:
            text = f"{query.city}{text}"
        parameters = {"q": text, "format": "jsonv2", "limit": "5", "addressdetails": "1"}

        places = self._service.get(parameters, headers={"User-Agent": self._agent})
        if not isinstance(places, list):
            raise BadAnswerError(
                "nominatim: the answer is not a list of places; is this a Nominatim server?"
            )
        return tuple(self._answer(mapping(place, self.name)) for place in places)

    def _answer(self, place: dict[str, Any]) -> Location:
        kind = {"node": "n", "way": "w", "relation": "r"}.get(str(place.get("osm_type")), "")
        return answer_at(
            self.name,
            place.get("lon"),
            place.get("lat"),
            shifted=False,
            matched=str(place.get("display_name") or ""),
            precision=_precision(place),
            feature=f"{kind}{place.get('osm_id', '')}" if kind else "",
        )


def _precision(place: dict[str, Any]) -> Precision:
    """Return the precision by Nominatim's rank.

    30 are houses and premises, 26 and 27 streets, 17 to 25 parts of a town.
    """
    rank = place.get("place_rank")
    if not isinstance(rank, int):
        rank = 0
    if place.get("category") == "landuse" or place.get("type") == "residential_area":
        return Precision.COMPOUND

    if rank >= _HOUSE_RANK:
        address = place.get("address")
        numbered = isinstance(address, dict) and "house_number" in address
        is_house = numbered and place.get("category") in ("building", "place")
        return Precision.NUMBER if is_house else Precision.DOOR
    if rank >= _STREET_RANK:
        return Precision.STREET
    return Precision.COMMUNITY if rank >= _COMMUNITY_RANK else Precision.AREA
