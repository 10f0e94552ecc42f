"""What the office's own ledgers add to the page, where the study keeps any."""
