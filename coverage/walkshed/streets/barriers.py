"""Barriers on a way: walls that close it, private gates, and the pockets behind them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray, is_among
from walkshed.model.ground.extract import Extract, StreetExtract
from walkshed.model.ground.network import PrivateRule
from walkshed.model.messages import Listing, Message
from walkshed.streets.assemble import Links, RawEdges, components
from walkshed.streets.islands import rough_meters
from walkshed.streets.profile import Profile, read_profile

#: A note names so many elements of the map; the others are counted.
MOST_NAMED = 5


@dataclass(frozen=True, slots=True, eq=False)
class Parted:
    """Edges whose barriers are closed, and what to say of it."""

    edges: RawEdges
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class _Passages:
    """Barrier nodes at which exactly two edge ends meet: ``end[:, 0]`` and ``end[:, 1]`` name them.

    Edge end ``2 e`` is the start of edge ``e``, ``2 e + 1`` its end.
    """

    node: IntArray  # (g,)
    end: IntArray  # (g, 2)

    def __len__(self) -> int:
        return len(self.node)


def barriers_on_ways(extract: StreetExtract, rules: Profile) -> dict[int, str]:
    """Return what the profile makes of the barrier nodes that are not open, by OSM node id."""
    answers = {
        node: rules.barrier(tags)
        for node, tags in extract.way_node_tags.items()
        if "barrier" in tags
    }
    return {node: answer for node, answer in answers.items() if answer != "open"}


def closed_nodes(extract: Extract, profile: str) -> frozenset[int]:
    """Return the OSM nodes of barriers and gates that the profile closes to walkers, on a way or beside it."""
    rules = read_profile(profile)
    gates = {
        int(node): rules.barrier(tags)
        for node, tags in zip(extract.gates.osm_id, extract.gates.tags, strict=True)
    }
    answers = gates | barriers_on_ways(extract, rules)
    return frozenset(node for node, answer in answers.items() if answer in {"closed", "presumed"})


def close_barriers(
    edges: RawEdges, barrier: Mapping[int, str], private: PrivateRule, *, links: Links
) -> Parted:
    """Return ``edges`` with every barrier in effect.

    ``barrier`` says "closed", "presumed" or "private" by OSM node id. A *closed* node parts the two
    stretches that meet in it: each ends at a node of its own. A *presumed* one is closed by the
    profile's choice, and counted in a note of its own. A *private* gate lets through those who live
    behind it. What hangs on the streets only by private gates or private ways is a pocket, and its
    ways become private themselves: its people may walk out and in, but there is no walk through.
    (This takes no path away, for every way through such a pocket is private twice.) A private gate
    between two stretches that public streets join anyway is closed, since nothing tells which of
    its sides is the inside. With ``private="open"`` private gates are as open as any. What public
    ground joins to the streets (``links``) is no pocket.

    A barrier at a junction of three or more stretches closes none of them: it says not which one it
    stands on, and closing all would cut the street that passes by.
    """
    notes: list[str] = []
    barred = np.fromiter(barrier, dtype=np.int64, count=len(barrier))
    held = edges.node_id[is_among(edges.node_id, barred)].tolist()
    nodes = [(node, barrier[node]) for node in held]

    # Walls, and what the profile takes for one.
    closing = [node for node, answer in nodes if answer in {"closed", "presumed"}]
    shut, skipped = _passages(edges, closing)
    parted = _part(edges, shut.end)
    if len(shut):
        notes.append(
            Message("{count} {count:barrier closes|barriers close} a way", count=len(shut))
        )
    presumed = [int(node) for node in edges.node_id[shut.node] if barrier[int(node)] == "presumed"]
    if presumed:
        notes.append(
            Message(
                "{count} of them by choice, since their tags leave open whether people pass "
                "({names}); foot=yes or foot=no on them decides",
                count=len(presumed),
                names=named_nodes(presumed),
            )
        )

    # Private gates, and the pockets behind them.
    if private == "ends":
        gates, skipped_gates = _passages(
            parted, [node for node, answer in nodes if answer == "private"]
        )
        skipped += skipped_gates
        pocket = _pockets(parted, gates, links)
        now_private = parted.private | pocket
        parted = replace(parted, private=now_private)
        public_twice = ~now_private[gates.end // 2].any(axis=1)
        parted = _part(parted, gates.end[public_twice])
        if pocket.any():
            count = np.count_nonzero(pocket)
            notes.append(
                Message(
                    "{count} {count:stretch lies|stretches lie} behind private gates or private "
                    "ways only and count as "
                    "private",
                    count=count,
                )
            )
        if public_twice.any():
            notes.append(
                Message(
                    "{count} private {count:gate between public ways is|gates between public ways "
                    "are} closed",
                    count=np.count_nonzero(public_twice),
                )
            )

    if skipped:
        notes.append(
            Message(
                "{skipped} {skipped:barrier stands on a junction and closes|barriers stand on a "
                "junction and close} nothing",
                skipped=skipped,
            )
        )
    return Parted(parted, tuple(notes))


def named_nodes(nodes: list[int]) -> str:
    """Return the first few OSM nodes by id, for a note."""
    first = [Message("node {id}", id=node) for node in sorted(nodes)[:MOST_NAMED]]
    return Listing(first if len(nodes) <= MOST_NAMED else [*first, "…"])


def _passages(edges: RawEdges, barriers: list[int]) -> tuple[_Passages, int]:
    """Return the barrier nodes with two edge ends, and how many have more."""
    is_barrier = is_among(edges.node_id, np.array(barriers, dtype=np.int64))
    node_of_end = np.column_stack([edges.start, edges.end]).ravel()
    degree = np.bincount(node_of_end, minlength=len(edges.node_id))
    skipped = int(np.count_nonzero(degree[is_barrier] > 2))

    # their ends, node by node
    ends = np.flatnonzero((is_barrier & (degree == 2))[node_of_end])
    pairs = ends[np.argsort(node_of_end[ends], kind="stable")].reshape(-1, 2)
    return _Passages(node_of_end[pairs[:, 0]].astype(np.int64), pairs), skipped


def _part(edges: RawEdges, ends: IntArray) -> RawEdges:
    """Return the edges with the second of each pair of ends moved to a new node at the same place."""
    if len(ends) == 0:
        return edges
    at = np.column_stack([edges.start, edges.end]).ravel().astype(np.int64)
    moved = ends[:, 1]

    old = at[moved]
    at[moved] = len(edges.node_id) + np.arange(len(moved))
    start, end = at.reshape(-1, 2).astype(np.int32).T

    return replace(
        edges,
        node_id=np.concatenate([edges.node_id, edges.node_id[old]]),
        node_lonlat=np.vstack([edges.node_lonlat, edges.node_lonlat[old]]),
        start=np.ascontiguousarray(start),
        end=np.ascontiguousarray(end),
    )


def _pockets(edges: RawEdges, gates: _Passages, links: Links) -> BoolArray:
    """Return (m,) True for public edges that hang on the streets by private gates, ways or ground only."""
    meters = rough_meters(edges)
    across = links.one, links.other
    together, _ = components(len(edges.node_id), edges.start, edges.end, meters, links=across)
    open_across = links.one[~links.private], links.other[~links.private]

    apart = _part(edges, gates.end)
    public = np.flatnonzero(~edges.private)
    part, part_m = components(
        len(apart.node_id),
        apart.start[public],
        apart.end[public],
        meters[public],
        links=open_across,
    )

    # The longest public part of each component is its streets; parts are numbered by length, so it
    # is the lowest one.
    streets = np.full(int(together.max(initial=-1)) + 1, len(part_m), dtype=np.int64)
    np.minimum.at(streets, together[public], part)

    pocket = np.zeros(len(edges.way_id), dtype=bool)
    pocket[public] = part != streets[together[public]]
    return pocket
