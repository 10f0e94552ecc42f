"""Narrow scopes (本社区, 本街道) of stations whose tables do not say which: told when a study is checked."""

from __future__ import annotations

from collections.abc import Sequence

from walkshed.inputs.faults import FaultBook, first_of
from walkshed.model.labels import SCOPE
from walkshed.model.messages import Message
from walkshed.model.town.places import Area, Block, Offer, Scope, Station

_LEVELS = (Scope.COMMUNITY, Scope.SUBDISTRICT)
_NAMED = 10


def note_scopes(
    stations: Sequence[Station],
    offers: Sequence[Offer],
    blocks: Sequence[Block],
    areas: Sequence[Area],
    book: FaultBook,
) -> None:
    """Note stations whose scope is a community or a subdistrict of which nothing tells which."""
    scopes = {station.id: {station.scope} for station in stations}
    for offer in offers:
        scopes.setdefault(offer.station, set()).add(offer.scope)

    for level in _LEVELS:
        narrow = [station for station in stations if level in scopes[station.id]]
        unnamed = [station for station in narrow if not getattr(station, level)]
        shut = [station.name for station in unnamed if not _told(station, level, blocks, areas)]
        if not shut:
            continue
        word = SCOPE[level].zh.removeprefix("本")
        book.note(
            Message(
                "{stations}: scope is {level}, and nothing tells which; nobody is admitted there: "
                "fill in column {level} ({word}) of stations and blocks, or give outlines under "
                "[areas]",
                stations=first_of(shut, _NAMED),
                level=level,
                word=word,
            )
        )


def _told(station: Station, level: Scope, blocks: Sequence[Block], areas: Sequence[Area]) -> bool:
    """Return whether an outline of the level, or a compound that names it, holds the station."""
    place = station.geometry.representative_point()
    outlines = [area.geometry for area in areas if getattr(area, level) or area.level == level]
    outlines += [block.geometry for block in blocks if getattr(block, level)]
    return any(outline.intersects(place) for outline in outlines)
