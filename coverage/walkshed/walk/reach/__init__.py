"""The streets from which a station is within a limit, and the ground drawn around them."""
