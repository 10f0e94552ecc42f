"""The shortest walks as lines."""
