"""Western addresses: the streets of an extract by their words, and what an address says of them."""
