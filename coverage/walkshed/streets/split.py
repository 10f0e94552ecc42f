"""Cutting lines into edges: the part that streets of every origin share."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from walkshed.model.arrays import BoolArray, IntArray


@dataclass(frozen=True, slots=True, eq=False)
class Stretches:
    """The m stretches between cuts, in the order of the lines.

    Rows are those of the lines' vertices. The vertices of stretch ``e`` are rows
    ``vertex[vertex_from[e]:vertex_from[e + 1]]``; it begins at row ``begin[e]``, ends at row
    ``end[e]`` and is a part of line ``line[e]``.
    """

    begin: IntArray  # (m,)
    end: IntArray  # (m,)
    line: IntArray  # (m,)
    vertex_from: IntArray  # (m + 1,)
    vertex: IntArray  # (k,)


def cut_lines(line_from: IntArray, place: IntArray, also: BoolArray | None = None) -> Stretches:
    """Return the stretches of lines between their ends, shared nodes and the rows marked by ``also``.

    Line ``i`` runs over rows ``line_from[i]:line_from[i + 1]`` (two at least); ``place`` is a
    number, from 0 on, that vertices at the same place have in common. A place met more than once,
    by one line or several, is a cut.
    """
    cut = np.bincount(place)[place] > 1
    cut[line_from[:-1]] = True
    cut[line_from[1:] - 1] = True
    if also is not None:
        cut |= also

    line = np.repeat(np.arange(len(line_from) - 1), np.diff(line_from))
    cuts = np.flatnonzero(cut)
    same_line = line[cuts[:-1]] == line[cuts[1:]]
    begin, end = cuts[:-1][same_line], cuts[1:][same_line]

    length = end - begin + 1
    vertex_from = np.concatenate([[0], np.cumsum(length)])
    vertex = np.arange(vertex_from[-1]) + np.repeat(begin - vertex_from[:-1], length)
    return Stretches(begin, end, line[begin], vertex_from, vertex)
