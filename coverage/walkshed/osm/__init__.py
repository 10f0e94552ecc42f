"""An OSM extract, read once, into a frozen Extract."""
