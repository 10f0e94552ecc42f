"""The streets of a study, from the source that study.toml names: an extract, an extract with drawn lanes, or lines."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from walkshed.model.messages import Message, fact_and_cure

if TYPE_CHECKING:
    from walkshed.errors import Fault
    from walkshed.model.ground.extract import Extract
    from walkshed.model.ground.network import StreetNetwork
    from walkshed.model.results import StreetsSource, StudyInputs


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
        told = error.args[0]
        fact, cure = fact_and_cure(told, source.path.name)
        if not fact:
            fact, cure = told, Message("give another file")
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
