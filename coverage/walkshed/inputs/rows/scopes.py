"""Narrow scopes (本社区, 本街道, 本小区) that nothing tells or no block answers to: told when a study is checked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import shapely

from walkshed.inputs.faults import FaultBook, first_of, nearest_word
from walkshed.model.ground.plane import Plane
from walkshed.model.labels import SCOPE
from walkshed.model.messages import Listing, Message
from walkshed.model.town.places import (
    BESIDE_COMPOUND_M,
    LEVEL_NAMES,
    Area,
    Block,
    Offer,
    Scope,
    Station,
)

_LEVELS = (Scope.COMMUNITY, Scope.SUBDISTRICT)
_NAMED = 10
#: What a name of a community or a subdistrict may bear or lack.
_ENDING = re.compile(
    r"(?:社区|村)?(?:居民委员会|村民委员会|居委会|村委会)$|社区$|街道办事处$|街道办$|街道$|办事处$"
)


def note_scopes(
    stations: Sequence[Station],
    offers: Sequence[Offer],
    blocks: Sequence[Block],
    areas: Sequence[Area],
    book: FaultBook,
) -> None:
    """Note stations that admit nobody, for nothing tells whom their scope means or no block answers to it."""
    scopes = {station.id: {station.scope} for station in stations}
    for offer in offers:
        scopes.setdefault(offer.station, set()).add(offer.scope)

    for level in _LEVELS:
        narrow = [station for station in stations if level in scopes[station.id]]
        _note_unnamed(level, narrow, blocks, areas, book)
        _note_unknown(level, narrow, blocks, areas, book)
    compounds = [station for station in stations if Scope.COMPOUND in scopes[station.id]]
    _note_without_compound(compounds, blocks, book)


def note_spellings(
    stations: Sequence[Station], blocks: Sequence[Block], areas: Sequence[Area], book: FaultBook
) -> None:
    """Note names of communities and subdistricts that differ by their endings alone, and count as two places."""
    for level in _LEVELS:
        spelled: dict[str, dict[str, None]] = {}
        for name in _names(level, (*blocks, *areas, *stations)):
            stem = _ENDING.sub("", name)
            if stem:
                spelled.setdefault(stem, {})[name] = None

        pairs = [Listing(names, mark=" / ") for names in spelled.values() if len(names) > 1]
        if pairs:
            book.note(
                Message(
                    "{names}: each counts as a {level} of its own; write the name of one "
                    "{level} in one way in all tables",
                    names=first_of(pairs, _NAMED),
                    level=LEVEL_NAMES[level],
                )
            )


def _note_unnamed(
    level: Scope,
    narrow: Sequence[Station],
    blocks: Sequence[Block],
    areas: Sequence[Area],
    book: FaultBook,
) -> None:
    """Note stations whose scope is a place that they do not name, and that nothing tells."""
    unnamed = [station for station in narrow if not getattr(station, level)]
    shut = [station.name for station in unnamed if not _told(station, level, blocks, areas)]
    if not shut:
        return
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


def _note_unknown(
    level: Scope,
    narrow: Sequence[Station],
    blocks: Sequence[Block],
    areas: Sequence[Area],
    book: FaultBook,
) -> None:
    """Note stations whose scope is a place that no block names; blocks that the run makes are not known yet."""
    if not blocks:
        return
    known = tuple(_names(level, (*blocks, *areas)))
    for name in _names(level, narrow):
        if name in known:
            continue
        stations = [station.name for station in narrow if getattr(station, level) == name]
        near = nearest_word(name, known)
        fact = Message(
            "{stations}: scope is the {level} '{name}', and no block names that; nobody is "
            "admitted there",
            stations=first_of(stations, _NAMED),
            level=LEVEL_NAMES[level],
            name=name,
        )
        cure = Message("write the name of one {level} in one way", level=LEVEL_NAMES[level])
        if near is not None:
            cure = Message("did you mean '{near}'?", near=near)
        book.note(Message("{fact}: {cure}", fact=fact, cure=cure))


def _note_without_compound(
    stations: Sequence[Station], blocks: Sequence[Block], book: FaultBook
) -> None:
    """Note stations for the residents of a compound that stand in none, nor beside one."""
    if not stations or not blocks:
        return
    lon, lat = shapely.get_coordinates(stations[0].geometry.representative_point())[0]
    plane = Plane(lon0=float(lon), lat0=float(lat))
    outlines = plane.geometry_to_xy(np.array([block.geometry for block in blocks], dtype=object))
    places = plane.geometry_to_xy(
        np.array([station.geometry for station in stations], dtype=object)
    )
    beside, _ = shapely.STRtree(outlines).query(
        shapely.point_on_surface(places), predicate="dwithin", distance=BESIDE_COMPOUND_M
    )

    near = set(beside.tolist())
    shut = [station.name for number, station in enumerate(stations) if number not in near]
    if shut:
        book.note(
            Message(
                "{stations}: scope is compound, and no compound lies within {meters:g} m; "
                "nobody is admitted there: correct the places of the stations, or their scope",
                stations=first_of(shut, _NAMED),
                meters=BESIDE_COMPOUND_M,
            )
        )


def _names(level: Scope, places: Iterable[Station | Block | Area]) -> dict[str, None]:
    """Return what places call the community or subdistrict to which they belong, each name once."""
    return dict.fromkeys(name for place in places if (name := getattr(place, level)))


def _told(station: Station, level: Scope, blocks: Sequence[Block], areas: Sequence[Area]) -> bool:
    """Return whether an outline of the level, or a compound that names it, holds the station."""
    place = station.geometry.representative_point()
    outlines = [area.geometry for area in areas if getattr(area, level) or area.level == level]
    outlines += [block.geometry for block in blocks if getattr(block, level)]
    return any(outline.intersects(place) for outline in outlines)
