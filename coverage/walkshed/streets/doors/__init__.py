"""The doors to and from networkx and osmnx."""
