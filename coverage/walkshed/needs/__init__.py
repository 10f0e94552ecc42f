"""Standards, demand, coverage, verdicts and the service matrix: pure."""
