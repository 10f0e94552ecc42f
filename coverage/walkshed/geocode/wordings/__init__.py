"""What an address says around the names that it holds."""
