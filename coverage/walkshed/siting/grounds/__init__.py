"""On which ground a station may stand."""
