"""``walkshed init``: a study drafted from an extract or a place."""
