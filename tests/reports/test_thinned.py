"""Outlines of catchments in the tables: fewer vertices, near the line as it was drawn."""

from __future__ import annotations

import shapely

from walkshed.model.results import Results
from walkshed.reports.layers import THINNED_M, catchments_frame


def test_outlines_are_thinned_within_the_stated_tolerance(gucheng: Results) -> None:
    drawn = gucheng.catchments.geometry[:6]
    thinned = gucheng.network.plane.geometry_to_xy(catchments_frame(gucheng).geometry.to_numpy()[:6])
    assert shapely.is_valid(thinned).all()
    assert shapely.get_num_coordinates(thinned).sum() < shapely.get_num_coordinates(drawn).sum() / 2
    lines, few = shapely.boundary(drawn), shapely.boundary(thinned)
    # Along the finer line every vertex is near the coarser one; degrees are written with 1e-9 of them, far below 1 cm.
    assert (shapely.hausdorff_distance(lines, few) <= 2.0 * THINNED_M).all()
    far_m = [shapely.distance(shapely.points(shapely.get_coordinates(line)), other) for line, other in zip(lines, few)]
    assert max(meters.max() for meters in far_m) <= THINNED_M + 0.01
