"""Compiled searches over plain arrays, which know nothing of stations or streets."""
