"""Opening hours as English, Portuguese, Spanish, German and French write them, a table of words each."""
