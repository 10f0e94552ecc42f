"""Where streets enter the ground that is crossed, and what the ground joins."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray, ranges
from walkshed.streets.assemble import Links, RawEdges
from walkshed.streets.squares.grounds import Ground
from walkshed.streets.squares.meeting import MOST_ENTRIES


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """Where ways enter grounds, e in all, sorted by ground, then node."""

    ground: IntArray  # (e,)
    node: IntArray  # (e,)
    edge: IntArray  # (e,) an edge of the outline at that node, the first one
    at_end: BoolArray  # (e,) whether it ends there

    def some(self, kept: BoolArray) -> Entries:
        """Return some of them."""
        return Entries(self.ground[kept], self.node[kept], self.edge[kept], self.at_end[kept])


def entries_of(edges: RawEdges, grounds: Sequence[Ground]) -> Entries:
    """Return the nodes at which edges that are no part of its outline meet the outline of each ground."""
    way = np.array([way for ground in grounds for way in ground.ways], dtype=np.int64)
    owner = np.repeat(np.arange(len(grounds)), [len(ground.ways) for ground in grounds])
    order = np.argsort(way, kind="stable")
    way, owner = way[order], owner[order]

    # the outlines' edges, each with its grounds
    held = np.flatnonzero(np.isin(edges.way_id, way))
    low = np.searchsorted(way, edges.way_id[held], side="left")
    count = np.searchsorted(way, edges.way_id[held], side="right") - low
    edge = np.repeat(held, count)
    ground = owner[ranges(low, count)]

    # nodes at which more edges end than those of the outline
    ends = np.column_stack([edges.start, edges.end])[edge].astype(np.int64)
    key = (ground[:, None] * len(edges.node_id) + ends).ravel()
    keys, first, met = np.unique(key, return_index=True, return_counts=True)
    of, node = keys // max(len(edges.node_id), 1), keys % max(len(edges.node_id), 1)
    degree = np.bincount(
        np.concatenate([edges.start, edges.end]), minlength=max(len(edges.node_id), 1)
    )
    entered = degree[node] > met
    first = first[entered]
    return Entries(of[entered], node[entered], edge[first // 2], first % 2 == 1)


def links_of(edges: RawEdges, grounds: Sequence[Ground]) -> Links:
    """Return the nodes that hang together by ground that is crossed: each entry with the one before it."""
    entries = entries_of(edges, grounds)
    entries = entries.some(fitting(entries, grounds)[entries.ground])
    same = np.flatnonzero(entries.ground[1:] == entries.ground[:-1])
    return Links(
        entries.node[same].astype(np.int32),
        entries.node[same + 1].astype(np.int32),
        edges.private[entries.edge[same]],
    )


def fitting(entries: Entries, grounds: Sequence[Ground]) -> BoolArray:
    """Return (g,) which grounds are entered, and not by too many ways."""
    total = np.bincount(entries.ground, minlength=len(grounds))
    crowded = np.array([ground.crowded for ground in grounds], dtype=np.bool_)
    fits: BoolArray = (total > 0) & (total <= MOST_ENTRIES) & ~crowded
    return fits
