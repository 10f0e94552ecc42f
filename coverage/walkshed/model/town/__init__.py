"""The town: stations, blocks, people, how they walk, and what a scenario changes."""
