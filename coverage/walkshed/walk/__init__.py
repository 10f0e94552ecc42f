"""Anchors, distances, catchments and routes: pure computation on arrays."""
