"""An OSM extract, read once, into a frozen Extract; or its streets alone."""

from walkshed.osm.read import read_extract
from walkshed.osm.streets import read_streets

__all__ = ["read_extract", "read_streets"]
