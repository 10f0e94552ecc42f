"""Opening hours as offices write them, in Chinese or as OpenStreetMap does, read into OSM opening hours or refused."""
