"""Outlines that no street reaches."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import BoolArray, FloatArray
from walkshed.model.messages import Message
from walkshed.streets.assemble import Links, RawEdges, components


def drop_alone(
    edges: RawEdges, joined: BoolArray, links: Links
) -> tuple[RawEdges, tuple[str, ...]]:
    """Return the edges without components that consist of ``joined`` edges only, and what to say of it."""
    no_meters = np.zeros(len(edges.way_id))  # which is longest does not matter
    across = (links.one, links.other)
    component, _ = components(len(edges.node_id), edges.start, edges.end, no_meters, links=across)

    # components with an edge that is not joined
    proper = np.zeros(int(component.max(initial=-1)) + 1, dtype=bool)
    proper[component[~joined]] = True
    keep = proper[component]
    if keep.all():
        return edges, ()

    dropped = len(np.unique(edges.way_id[~keep]))
    notes = (
        Message(
            "{dropped} {dropped:square, platform or pier|squares, platforms or piers} that no "
            "street reaches left out",
            dropped=dropped,
        ),
    )
    return select(edges, keep), notes


def select(edges: RawEdges, keep: BoolArray) -> RawEdges:
    """Return the edges marked by ``keep``, with the nodes they need."""
    used = np.zeros(len(edges.node_id), dtype=bool)
    used[edges.start[keep]] = used[edges.end[keep]] = True
    number = np.cumsum(used, dtype=np.int32) - 1  # of each node among those that are needed

    length = np.diff(edges.vertex_from)
    return replace(
        edges,
        node_id=edges.node_id[used],
        node_lonlat=edges.node_lonlat[used],
        start=number[edges.start[keep]],
        end=number[edges.end[keep]],
        vertex_from=np.concatenate([[0], np.cumsum(length[keep])]),
        vertex_lonlat=edges.vertex_lonlat[np.repeat(keep, length)],
        way_id=edges.way_id[keep],
        highway=edges.highway.some(keep),
        name=edges.name.some(keep),
        steps=edges.steps[keep],
        private=edges.private[keep],
        forward=edges.forward[keep],
        backward=edges.backward[keep],
        enterable=edges.enterable[keep],
    )


def rough_meters(edges: RawEdges) -> FloatArray:
    """Return (m,) edge lengths on a sphere: enough to tell a longer part from a shorter one."""
    if len(edges.way_id) == 0:
        return np.zeros(0)
    lon, lat = np.radians(edges.vertex_lonlat).T
    step = 6_371_000.0 * np.hypot(
        np.diff(lon, prepend=lon[:1]) * np.cos(lat), np.diff(lat, prepend=lat[:1])
    )
    step[edges.vertex_from[:-1]] = 0.0
    return np.asarray(np.add.reduceat(step, edges.vertex_from[:-1]), dtype=np.float64)
