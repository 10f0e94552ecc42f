"""Where the next stations should stand."""
