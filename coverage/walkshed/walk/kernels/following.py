"""Following many walks at once: by which terminal each begins, and the arcs that it goes over.

Import this module inside functions: it loads numba.
"""

from __future__ import annotations

from walkshed.model.arrays import FloatArray, Int32Array, IntArray
from walkshed.walk.kernels.compiler import compiled


@compiled
def begin_walks(
    first: IntArray,
    end: IntArray,
    node: Int32Array,
    cost_m: FloatArray,
    to_station_m: FloatArray,
    best: IntArray,
    total_m: FloatArray,
) -> None:
    """Choose for each walk the first cheapest of its terminals ``first[w]:end[w]``.

    Writes ``best[w]`` (-1 where none leads to the station) and ``total_m[w]``. ``node`` and
    ``cost_m`` are those of all terminals, ``to_station_m`` the meters from each node.
    """
    for w in range(len(first)):
        best[w] = -1
        total_m[w] = float("inf")
        for row in range(first[w], end[w]):
            meters = to_station_m[node[row]] + cost_m[row]
            if meters < total_m[w]:
                total_m[w] = meters
                best[w] = row


@compiled
def count_edges(
    begin: Int32Array,
    via: IntArray,
    head: Int32Array,
    edge: Int32Array,
    count: IntArray,
    seed: IntArray,
) -> None:
    """Write how many edges each walk goes over from its node ``begin[w]``, and the seed at which it ends.

    Arcs without an edge (into or out of a private pocket) count for nothing; a walk that begins at
    no node (-1) goes over none.
    """
    for w in range(len(begin)):
        count[w] = 0
        seed[w] = -1
        if begin[w] < 0:
            continue

        # from node to node, until a seed stands in place of an arc
        node = begin[w]
        arc = via[node]
        while arc >= 0:
            if edge[arc] >= 0:
                count[w] += 1
            node = head[arc]
            arc = via[node]
        seed[w] = -1 - arc


@compiled
def write_edges(
    begin: Int32Array,
    via: IntArray,
    head: Int32Array,
    edge: Int32Array,
    at: IntArray,
    edges: IntArray,
    tails: Int32Array,
    heads: Int32Array,
) -> None:
    """Write the edges of each walk into ``edges[at[w]:]``, with the nodes between which each is walked."""
    for w in range(len(begin)):
        if begin[w] < 0:
            continue
        place = at[w]

        node = begin[w]
        arc = via[node]
        while arc >= 0:
            if edge[arc] >= 0:
                edges[place] = edge[arc]
                tails[place] = node
                heads[place] = head[arc]
                place += 1
            node = head[arc]
            arc = via[node]
