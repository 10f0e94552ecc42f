"""The same streets walked the other way: distances from stations to residents, for services that come to the door."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from walkshed.model.arrays import read_only
from walkshed.model.ground.network import StreetNetwork, arc_graph


def opposite(net: StreetNetwork) -> StreetNetwork:
    """Return the network with every direction turned round.

    Where all ways are walked both ways, it is the same network.
    """
    if bool(net.forward.all() and net.backward.all()):
        return net

    # arcs by the node to which they led, which they now come from
    graph = net.graph
    head = np.repeat(np.arange(len(graph.into) - 1), np.diff(graph.into))
    order = np.lexsort((graph.edge, head, graph.tail))

    turned = arc_graph(
        into=read_only(np.searchsorted(graph.tail[order], np.arange(len(graph.into))), np.int64),
        tail=read_only(head[order], np.int32),
        meters=read_only(graph.meters[order], np.float64),
        edge=read_only(graph.edge[order], np.int32),
        street_node=graph.street_node,
        leave_by=graph.arrive_by,
        arrive_by=graph.leave_by,
    )
    return replace(net, forward=net.backward, backward=net.forward, graph=turned)
