"""The doors of the Python API: GeoDataFrames in, GeoDataFrames out, on the caller's index and CRS."""
