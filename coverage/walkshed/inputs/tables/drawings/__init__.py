"""Files of drawings: rows with a geometry each, by the form of the file."""
