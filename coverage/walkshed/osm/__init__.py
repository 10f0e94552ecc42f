"""An OSM extract, read once, into a frozen Extract."""

from walkshed.osm.read import read_extract

__all__ = ["read_extract"]
