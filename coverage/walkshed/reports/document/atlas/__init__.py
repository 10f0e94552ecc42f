"""The atlas: a page for each community with its map, its compounds, who is left out and what would help."""
