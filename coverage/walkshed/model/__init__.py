"""Frozen values that pass between the rooms; no input, no output, no frames."""
