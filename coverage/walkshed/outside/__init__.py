"""What comes from outside is material, never trusted: answers of servers, files that hold more than data.

Geocoders, Nominatim and Overpass are asked through here: timed, measured, tried again with
patience, and their answers cleaned before anybody sees them (``service``).
"""
