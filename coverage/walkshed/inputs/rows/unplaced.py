"""Stations that a study leaves out for want of a place, and what is offered where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.model.messages import Message
from walkshed.model.town.places import Offer, Station

_NAMED = 10


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


def note_idle(
    stations: Sequence[Station],
    unplaced: Sequence[Station],
    offers: Sequence[Offer],
    book: FaultBook,
) -> None:
    """Note stations of which neither their own table nor that of offers names a service."""
    offering = {offer.station for offer in offers}

    def idle(some: Sequence[Station]) -> list[str]:
        return [one.name for one in some if not one.services and one.id not in offering]

    standing, lost = idle(stations), idle(unplaced)
    if standing:
        book.note(
            Message(
                "{count} {count:station lists no service and counts|stations list no service and "
                "count} for none: {stations}; fill in column "
                "services",
                count=len(standing),
                stations=first_of(standing, _NAMED),
            )
        )
    if lost:
        book.note(
            Message(
                "{count} {count:station without a place lists|stations without a place list} no "
                "service, so that no "
                "verdict is in doubt "
                "for them: {stations}; fill in column services",
                count=len(lost),
                stations=first_of(lost, _NAMED),
            )
        )
