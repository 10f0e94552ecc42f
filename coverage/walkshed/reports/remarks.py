"""What a drafted study must say beside its answer, as it stands when it runs: what the map lacks, how weak that is."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from walkshed.model.results import Settings
from walkshed.model.town.places import Block, Form, PeopleSource, Service, Station
from walkshed.words.studies.drafted import BlockFacts, StationFacts, sentences

if TYPE_CHECKING:
    from walkshed.model.ground.extract import Extract
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.needs.people.dwellings import Dwellings

_PATHS = frozenset(
    {"footway", "path", "pedestrian", "steps", "living_street", "cycleway", "corridor"}
)
_DRAFTED_ID = re.compile(r"[nwr]\d+")  # init gives stations the ids of OpenStreetMap


def remarks(
    settings: Settings,
    blocks: tuple[Block, ...],
    stations: tuple[Station, ...],
    services: tuple[Service, ...],
    *,
    network: StreetNetwork,
    homes: Dwellings,
    extract: Extract | None,
) -> tuple[str, ...]:
    """Return what a reader must know of a study that init drafted, the weightiest first; () of any other.

    Each sentence is made of the tables as they are now: it changes as they are filled in.
    """
    of_blocks = None
    if settings.blocks_source == "osm":
        of_blocks = block_facts(blocks, network, homes, extract)
    of_stations = None
    if settings.stations_source == "osm":
        guessed = sum(bool(_DRAFTED_ID.fullmatch(station.id)) for station in stations)
        of_stations = station_facts(len(stations), guessed, services)
    if of_blocks is None and of_stations is None:
        return ()
    return sentences(of_blocks, of_stations, path_share(network), settings.language)


def station_facts(count: int, guessed: int, services: Sequence[Service]) -> StationFacts:
    """Return what is known of the table of stations."""
    return StationFacts(
        count,
        guessed,
        complete=tuple(service for service in services if service.complete),
        incomplete=tuple(service for service in services if not service.complete),
    )


def block_facts(
    blocks: tuple[Block, ...], network: StreetNetwork, homes: Dwellings, extract: Extract | None
) -> BlockFacts:
    """Return what is known of blocks and of the homes in them."""
    import numpy as np
    import shapely

    from walkshed.needs.people.ground import is_residential

    # homes by block
    geometry = np.array([block.geometry for block in blocks], dtype=object)
    outlines = network.plane.geometry_to_xy(geometry)
    tree = shapely.STRtree(outlines)
    home, held = tree.query(shapely.points(homes.xy), predicate="intersects")
    blank = np.array([block.form is Form.STREET_BLOCK for block in blocks], dtype=np.bool_)
    blank &= np.array([block.people is None for block in blocks], dtype=np.bool_)
    blank[held] = False

    # land that the map calls residential says that somebody lives there
    if extract is not None and blank.any():
        rows = [row for row, tags in enumerate(extract.areas.tags) if is_residential(tags)]
        land = network.plane.geometry_to_xy(extract.areas.geometry[rows])
        blank[np.unique(tree.query(land, predicate="intersects")[1])] = False

    sources = [block.people_source for block in blocks]
    compounds = sum(block.form is Form.COMPOUND for block in blocks)
    return BlockFacts(
        compounds=compounds,
        street_blocks=len(blocks) - compounds,
        blank=int(blank.sum()),
        homes=len(homes.floor_m2),
        possible_homes=int(np.sum(~homes.stated)),
        homes_outside=len(homes.floor_m2) - len(np.unique(home)),
        without_people=sum(block.people is None for block in blocks),
        estimated=sources.count(PeopleSource.ESTIMATED),
        without_community=sum(not block.community for block in blocks),
    )


def path_share(network: StreetNetwork) -> float:
    """Return the share of the street meters that are footways, paths, steps and squares."""
    import numpy as np

    paths = np.array([word in _PATHS for word in network.highway_classes], dtype=np.bool_)
    of_paths = network.edge_m[paths[network.highway]].sum()
    return float(of_paths / max(network.edge_m.sum(), 1.0))
