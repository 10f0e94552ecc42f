"""The Lagrangian search: bounds, swaps, and what no better plan holds."""
