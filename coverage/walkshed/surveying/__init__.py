"""What to check on the ground: facts, how many people hang on each, and which of them are worth the walk."""
