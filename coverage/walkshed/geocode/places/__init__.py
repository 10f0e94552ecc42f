"""The gazetteer: names and addresses of an extract, and how they are found."""
