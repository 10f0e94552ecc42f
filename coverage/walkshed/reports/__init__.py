"""Tables, layers and provenance of a run."""
