"""Where named things meet: pure functions over shapes in degrees, answers in meters."""
