"""Rows as values: stations, blocks, offers, people."""
