"""The steps of a run that choose their source (streets, residents, walkers), and who is told how far it has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from walkshed.model.results import Results, StreetsSource, StudyInputs

if TYPE_CHECKING:
    from walkshed.errors import Fault
    from walkshed.model.arrays import BoolArray
    from walkshed.model.coverage import Coverage
    from walkshed.model.extract import Extract
    from walkshed.model.network import StreetNetwork
    from walkshed.model.places import Block, Offer, Station
    from walkshed.model.proposals import Unreachable
    from walkshed.model.walkers import Walker
    from walkshed.model.walking import Anchors
    from walkshed.needs.dwellings import Dwellings

Progress = Callable[[str], None]


class Stages:
    """Names and times the stages of one run."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self.seconds: dict[str, float] = {}

    @contextmanager
    def __call__(self, stage: str) -> Iterator[None]:
        """Tell that ``stage`` begins, and note its seconds when it ends."""
        if self._progress is not None:
            self._progress(stage)
        begun = time.perf_counter()
        yield
        self.seconds[stage] = time.perf_counter() - begun


def unreached_told(
    results: Results, say: Callable[[str], None] | None
) -> Callable[[tuple[Unreachable, ...]], None] | None:
    """Return who says, in the study's language, whom no candidate can serve."""
    if say is None:
        return None

    def told(rows: tuple[Unreachable, ...]) -> None:
        from walkshed.siting.wording import unreachable_lines

        for line in unreachable_lines(results, rows, results.inputs.settings.language):
            say(line)

    return told


def gap_told(progress: Progress | None) -> Callable[[float], None] | None:
    """Return who passes the gap of the best plan so far on as progress."""
    if progress is None:
        return None

    def tell(gap: float) -> None:
        progress(f"siting: gap {100 * gap:.1f} %" if gap < 10.0 else "siting: no bound yet")

    return tell


def streets_of(inputs: StudyInputs, *, cache: bool) -> tuple[Extract | None, StreetNetwork]:
    """Return the extract (None for drawn lines) and the walkable streets, credited as study.toml says."""
    extract, network = _read_streets(inputs.settings.streets, cache=cache)
    credit = inputs.settings.streets.attribution
    return extract, network if credit is None else replace(network, attribution=credit)


def streets_checked(source: StreetsSource, *, cache: bool) -> tuple[Fault | None, tuple[str, ...]]:
    """Return what keeps the streets from being read (None when they can be), and notes on them."""
    from walkshed.errors import Fault, WalkshedError

    try:
        extract, network = _read_streets(source, cache=cache)
    except WalkshedError as error:
        told = str(error)
        fact, _, cure = told.rpartition(f"{source.path.name}: ")[2].rpartition("; ")
        if not fact:
            fact, cure = told, "give another file"
        return Fault(source.path.name, fact, cure), ()
    of_extract = () if extract is None else extract.notes
    return None, tuple(dict.fromkeys((*of_extract, *network.notes)))


def _read_streets(source: StreetsSource, *, cache: bool) -> tuple[Extract | None, StreetNetwork]:
    if source.form == "osm" and source.extra is None:
        from walkshed.streets.cache import read_built

        return read_built(
            source.path,
            private=source.private_rule,
            profile=source.profile,
            beyond=source.beyond,
            cache=cache,
        )
    if source.form == "osm" and source.extra is not None:
        from walkshed.frames.streets import read_lanes
        from walkshed.osm import read_extract
        from walkshed.streets.build import build_network

        extract, lanes = (
            read_extract(source.path),
            read_lanes(source.extra, join_m=source.extra_join_m),
        )
        return extract, build_network(
            extract,
            private=source.private_rule,
            profile=source.profile,
            beyond=source.beyond,
            extra=lanes,
        )
    from walkshed.frames.streets import read_lines

    return None, read_lines(
        source.path,
        split_crossings=source.split_crossings,
        private=source.private_rule,
        beyond=source.beyond,
    )


def blocks_of(
    inputs: StudyInputs, extract: Extract | None, network: StreetNetwork, homes: Dwellings
) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Return the study's blocks (given, made from the map, or of a file of population) with their people, and notes."""
    from walkshed.errors import InvalidValueError
    from walkshed.needs.blocks import residential_blocks, share_people, street_blocks
    from walkshed.needs.population import blocks_of_population, share_population

    if inputs.blocks is not None:
        blocks = inputs.blocks
    elif inputs.settings.blocks_from == "people" and inputs.population is not None:
        return blocks_of_population(inputs.population), ()
    elif inputs.settings.blocks_from == "streets":
        blocks = street_blocks(network, homes)
    elif extract is not None:
        blocks = residential_blocks(extract, network)
    else:
        raise InvalidValueError(
            "[blocks] from = 'osm' needs [streets] file, an OSM extract; give a file of blocks"
        )
    notes: tuple[str, ...] = ()
    if inputs.population is not None:
        shared = share_population(blocks, inputs.population, network, homes)
        blocks = shared.blocks
        if round(shared.outside):
            notes = (
                f"{round(shared.outside):,} people of {inputs.population.source} live in no block",
            )
    total = inputs.settings.people_total
    return (blocks if total is None else share_people(blocks, network, homes, total)), notes


def visitors_judged(
    inputs: StudyInputs,
    network: StreetNetwork,
    anchors: Anchors,
    stations: tuple[Station, ...],
    offers: tuple[Offer, ...],
    *,
    usable: BoolArray,
    open_now: Mapping[str, bool] | None,
) -> dict[str, Coverage]:
    """Return the judgment of the places of visitors for each walker that the study names; empty without any.

    The rows of the standard for the kind ``visitor`` hold for them, else those for every kind.
    Visitors live nowhere here: offers for a subdistrict, a community or a compound do not admit
    them. Room is judged for visitors among visitors alone, as if no resident came, and for
    residents as if no visitor came: each may take all of an offer's places, and nobody is counted
    twice.
    """
    import numpy as np

    from walkshed.needs.demand import demand
    from walkshed.needs.dwellings import dwellings
    from walkshed.needs.judging import coverage
    from walkshed.needs.situation import situations
    from walkshed.needs.walkers import crew_of, walker_of
    from walkshed.needs.walks import Walks

    if not inputs.visitors:
        return {}
    adult = walker_of(inputs.walkers, "adult")
    there = demand(
        inputs.visitors,
        network,
        extract=None,
        homes=dwellings(None, network.plane),
        gates=(),
        gates_complete=False,
        usable=usable,
        max_snap_m=inputs.settings.max_snap_m,
    )
    walks = Walks(
        network,
        there,
        anchors,
        inputs.needs,
        least_limit_m=max(inputs.settings.limits_m),
        adult=adult,
    )
    nowhere = np.full(len(stations), -1, dtype=np.int64)
    judged = {}
    for name in inputs.settings.walkers or (adult.id,):
        found = situations(
            walks,
            inputs.visitors,
            stations,
            inputs.services,
            inputs.needs,
            offers,
            walker=walker_of(inputs.walkers, name),
            crew=crew_of(inputs.walkers),
            open_now=open_now,
            homes=nowhere,
        )
        judged[name] = coverage(
            walks, inputs.visitors, stations, found, min_share=inputs.settings.min_share
        )
    return judged


def walkers_of(inputs: StudyInputs) -> tuple[Walker, ...]:
    """Return the walkers for whom the study is judged: those it names, then those of its groups; each once."""
    from walkshed.needs.walkers import walker_of

    settings = inputs.settings
    names = (*(settings.walkers or ("adult",)), *settings.group_walkers.values())
    return tuple(walker_of(inputs.walkers, name) for name in dict.fromkeys(names))


def notes_of(
    inputs: StudyInputs,
    extract: Extract | None,
    network: StreetNetwork,
    demand_notes: tuple[str, ...],
    *,
    homes_found: int,
) -> tuple[str, ...]:
    """Return everything that a reader of the results should know, once each, in the order in which it arose."""
    buildings = (
        ()
        if homes_found
        else ("no residential building is mapped: residents are spread evenly over each block",)
    )
    of_extract = extract.notes if extract is not None else ()
    return tuple(
        dict.fromkeys((*inputs.notes, *of_extract, *network.notes, *demand_notes, *buildings))
    )
