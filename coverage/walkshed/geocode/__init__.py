"""From an address to a place."""
