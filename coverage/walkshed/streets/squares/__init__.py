"""Squares: walkable ground that is crossed straight (definition 16)."""
