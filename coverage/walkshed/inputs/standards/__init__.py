"""Standards: rows of needs, the presets that ship, and the items that services answer to."""
