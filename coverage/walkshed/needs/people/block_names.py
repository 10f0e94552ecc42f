"""What blocks without a name of their own are called, and names that tell blocks apart."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from walkshed.model.arrays import ObjectArray
from walkshed.model.ground.network import StreetNetwork
from walkshed.needs.people.faces import StreetLines, all_lines, bounding_lines

ON_STREET_M = 1.0  # an edge of a face runs on the street's own line
NEAREST_STREET_M = 300.0  # a street farther off does not tell where a block is


@dataclass(frozen=True, slots=True)
class NameForms:
    """How a nameless block is called: ``{street}`` is the nearest named street, ``{id}`` its own id."""

    compound: str  # a residential area without a name
    beside: str  # houses beyond the streets that bound a block
    number: str  # no named street is near


def street_names(network: StreetNetwork, streets: StreetLines, outlines: ObjectArray) -> list[str]:
    """Return "A / B" after the two named streets that run longest along each outline, "" where none is named."""
    middles = shapely.line_interpolate_point(streets.lines, 0.5, normalized=True)
    row, line = shapely.STRtree(middles).query(
        shapely.boundary(outlines), predicate="dwithin", distance=ON_STREET_M
    )

    meters: list[dict[str, float]] = [{} for _ in outlines]
    for outline, edge in zip(row, streets.edges[line]):
        name = network.names[network.name[edge]]
        if name:
            along = meters[outline]
            along[name] = along.get(name, 0.0) + float(network.edge_m[edge])

    names = []
    for along in meters:
        longest_first = sorted(along.items(), key=lambda item: (-item[1], item[0]))
        names.append(" / ".join(name for name, _ in longest_first[:2]))
    return names


def nearest_streets(network: StreetNetwork, outlines: ObjectArray) -> list[str]:
    """Return the name of the named street nearest to each outline (within 300 m), else ""."""
    names = [""] * len(outlines)
    every = all_lines(network)
    named = np.flatnonzero(network.name > 0)
    if len(named) == 0 or len(outlines) == 0:
        return names

    nearest = shapely.STRtree(every.lines[named]).query_nearest(
        outlines, max_distance=NEAREST_STREET_M, all_matches=False
    )
    for outline, street in nearest.T:
        names[outline] = network.names[network.name[named[street]]]
    return names


def names_of(
    network: StreetNetwork,
    outlines: ObjectArray,
    *,
    ids: Sequence[str],
    own: Sequence[str],
    compounds: int,
    forms: NameForms,
) -> list[str]:
    """Return a name for each block, no two alike.

    ``own`` are those that the map gives, "" for none. The first ``compounds`` blocks are compounds.
    A street block is called after the two streets that bound it longest; who has neither a name nor
    such streets, after the nearest street.
    """
    pieces = outlines[compounds:]
    names = list(own)
    bounded = [""] * compounds + street_names(network, bounding_lines(network), pieces)
    names = [name or streets for name, streets in zip(names, bounded)]

    nameless = [row for row, name in enumerate(names) if not name]
    for row, street in zip(nameless, nearest_streets(network, outlines[nameless])):
        form = forms.compound if row < compounds else forms.beside
        names[row] = (form if street else forms.number).format(street=street, id=ids[row])
    return told_apart(names)


def told_apart(names: Sequence[str]) -> list[str]:
    """Return the names, with 1, 2 … behind those that several share, in their order.

    No two are alike then.
    """
    shared = {name for name, count in Counter(names).items() if count > 1}
    taken = set(names) - shared
    numbers: Counter[str] = Counter()
    apart = []

    for name in names:
        told = name
        while name in shared and (told == name or told in taken):
            numbers[name] += 1
            told = f"{name} {numbers[name]}"
        taken.add(told)
        apart.append(told)
    return apart
