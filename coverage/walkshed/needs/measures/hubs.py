"""Which hub each station stands under."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from walkshed.model.town.places import Station


def hubs(stations: Iterable[Station]) -> dict[str, str]:
    """Return, by station id, the top station above it by ``parent``.

    A station that no other is linked to and that is linked to none has "", unless it is a hub by
    tier. A parent that is not a station of the study ends the way up, and so does a circle.
    """
    parents: Mapping[str, str | None] = {station.id: station.parent for station in stations}
    above = set(parents.values())
    tops: dict[str, str] = {}
    for station in stations:
        top, seen = station.id, {station.id}
        while (parent := parents.get(top)) in parents and parent is not None and parent not in seen:
            seen.add(parent)
            top = parent

        linked = top != station.id or station.id in above or station.tier == "hub"
        tops[station.id] = top if linked else ""
    return tops
