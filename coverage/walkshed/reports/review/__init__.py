"""What a person should look at after geocoding: a sheet and its map."""
