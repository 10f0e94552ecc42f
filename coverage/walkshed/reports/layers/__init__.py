"""The drawings of a run."""
