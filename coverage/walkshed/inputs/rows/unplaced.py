"""Stations that a study leaves out for want of a place, and what is offered where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from walkshed.model.town.places import Offer, Station


def standing_and_unplaced(
    stations: Sequence[Station],
) -> tuple[tuple[Station, ...], tuple[Station, ...]]:
    """Return the stations that have a place, and those at an empty point, which have none.

    A station whose parent has no place stands by itself.
    """
    unplaced = tuple(station for station in stations if station.geometry.is_empty)
    gone = {station.id for station in unplaced}
    standing = tuple(
        replace(station, parent=None) if station.parent in gone else station
        for station in stations
        if station.id not in gone
    )
    return standing, unplaced


def offers_of(stations: Sequence[Station], offers: Sequence[Offer]) -> tuple[Offer, ...]:
    """Return the offers of these stations alone."""
    here = {station.id for station in stations}
    return tuple(offer for offer in offers if offer.station in here)
