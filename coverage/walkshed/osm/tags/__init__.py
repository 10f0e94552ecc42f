"""What tags mean: which elements are ways, areas, buildings, stations."""
