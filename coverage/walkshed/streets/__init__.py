"""From ways to the walkable network; walking profiles as data."""
