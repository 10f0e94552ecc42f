"""What the page's data are made of, told once, for Python and for the page's scripts."""
