"""The streets as another walker finds them: some edges closed, everything else as it is."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import read_only
from walkshed.model.ground.network import StreetNetwork, arc_graph
from walkshed.model.ground.walking import Pace


def open_streets(net: StreetNetwork, pace: Pace | None) -> StreetNetwork:
    """Return the network without the arcs that a pace closes.

    Edges keep their numbers, so anchors stay good. For searches that count meters: a finite
    ``per_m`` changes nothing here. No part of a closed edge is walked, but an anchor at its
    very end is on the next street, as in ``Pace``. None, or nothing closed: the network itself.
    """
    if pace is None or np.isfinite(pace.per_m).all():
        return net

    passable, graph = np.isfinite(pace.per_m), net.graph
    ruling = net.squares.ruling_edge(net.edge_count)
    kept = (graph.edge < 0) | passable[ruling[graph.edge]]  # -1 changes a layer, on no edge

    open_graph = arc_graph(
        into=read_only(np.concatenate([[0], np.cumsum(kept)])[graph.into], np.int64),
        tail=read_only(graph.tail[kept], np.int32),
        meters=read_only(graph.meters[kept], np.float64),
        edge=read_only(graph.edge[kept], np.int32),
        street_node=graph.street_node,
        leave_by=graph.leave_by,
        arrive_by=graph.arrive_by,
    )

    return replace(
        net,
        forward=read_only(net.forward & passable, np.bool_),
        backward=read_only(net.backward & passable, np.bool_),
        graph=open_graph,
    )
