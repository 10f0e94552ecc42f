"""``walkshed geocode``: places for what has no coordinates."""
