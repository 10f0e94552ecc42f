"""Words about a study itself: what its tables leave open, what a draft is weak at, its files to fill in."""
