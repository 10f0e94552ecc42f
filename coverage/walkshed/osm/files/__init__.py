"""The bytes of OSM files: PBF and XML as raw elements, measured before they are believed."""
