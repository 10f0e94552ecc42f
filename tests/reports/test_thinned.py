"""Outlines of catchments in the tables: fewer vertices, near the line as it was drawn."""

from __future__ import annotations

import shapely

from walkshed.model.results import Results
from walkshed.reports.layers.catchments import catchments_frame
from walkshed.study import OUTLINE_TOLERANCE_M
from walkshed.walk.reach.catchments import catchments


def test_outlines_are_thinned_within_the_stated_tolerance(gucheng: Results) -> None:
    limits_m = gucheng.inputs.settings.limits_m
    drawn = catchments(gucheng.network, gucheng.station_anchors, limits_m=limits_m).geometry[:6]
    thinned = gucheng.network.plane.geometry_to_xy(
        catchments_frame(gucheng).geometry.to_numpy()[:6]
    )
    assert shapely.is_valid(thinned).all()
    assert shapely.get_num_coordinates(thinned).sum() < shapely.get_num_coordinates(drawn).sum() / 2
    lines, few = shapely.boundary(drawn), shapely.boundary(thinned)
    # Along the finer line every vertex is near the coarser one; degrees are written with 1e-9 of
    # them, far below 1 cm.
    assert (shapely.hausdorff_distance(lines, few) <= 2.0 * OUTLINE_TOLERANCE_M).all()
    far_m = [
        shapely.distance(shapely.points(shapely.get_coordinates(line)), other)
        for line, other in zip(lines, few)
    ]
    assert max(meters.max() for meters in far_m) <= OUTLINE_TOLERANCE_M + 0.01


def test_thinned_outlines_of_smaller_limits_lie_in_those_of_larger_ones(gucheng: Results) -> None:
    frame = catchments_frame(gucheng)
    plane = gucheng.network.plane.geometry_to_xy(frame.geometry.to_numpy())
    pairs = [row for row in range(1, len(frame)) if frame.station[row] == frame.station[row - 1]]
    assert len(pairs) == 2 * len(gucheng.stations)
    outside_m2 = [shapely.difference(plane[row - 1], plane[row]).area for row in pairs]
    assert max(outside_m2) < 1e-3  # degrees hold 1e-9 m or so
    assert shapely.is_valid(plane).all()
