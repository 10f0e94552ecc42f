"""Streets that a planner has drawn: a network of lines, or lanes that the map lacks."""
