"""Where rows lie: coordinates, their systems, and places that geocoding found."""
