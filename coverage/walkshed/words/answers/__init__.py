"""Words about an answer as a whole: its lines, its paragraph for a report, what changed from another."""
