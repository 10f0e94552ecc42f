"""Outlines of an extract: multipolygons, coasts, and where the data end."""
