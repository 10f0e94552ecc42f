"""Stations that are left out for want of a place: whom they may serve, wherever they stand (definition 10)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from walkshed.model.arrays import BoolArray, frozen
from walkshed.model.town.places import Block, Station


def may_serve(station: Station, blocks: Sequence[Block]) -> BoolArray:
    """Return (b,) the blocks among which a station without a place may stand.

    Those of its own community; where it names none, or one of no block, those of its subdistrict;
    else all. A block that does not name its community, or its subdistrict, may lie in any. Blocks
    that share the station (共用站点) are served by it wherever they lie.
    """
    shares = np.array([station.id in block.shared_stations for block in blocks], dtype=bool)
    in_subdistrict = _agreeing(station.subdistrict, [block.subdistrict for block in blocks])
    in_community = _agreeing(station.community, [block.community for block in blocks])
    named = np.array([block.community == station.community for block in blocks], dtype=bool)
    if station.community and (named & in_subdistrict).any():
        return np.asarray((in_subdistrict & in_community) | shares, dtype=bool)

    here = [block.subdistrict == station.subdistrict for block in blocks]
    if station.subdistrict and any(here):
        return np.asarray(in_subdistrict | shares, dtype=bool)
    return np.ones(len(blocks), dtype=bool)


def may_be_served(
    stations: Sequence[Station], blocks: Sequence[Block], services: Sequence[str]
) -> BoolArray:
    """Return (b, s) whether a station without a place that offers the service may stand in the block's community.

    ``services`` are ids.
    """
    may = np.zeros((len(blocks), len(services)), dtype=bool)
    for station in stations:
        offered = np.array([service in station.services for service in services], dtype=bool)
        if offered.any():
            may |= may_serve(station, blocks)[:, None] & offered
    return frozen(may)


def _agreeing(name: str, names: Sequence[str]) -> BoolArray:
    """Return which names can mean the place of this name: equal, or one of the two not given."""
    return np.array([not name or not other or other == name for other in names], dtype=bool)
