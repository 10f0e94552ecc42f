"""In which coordinate system a table stands."""
