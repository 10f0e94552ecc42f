"""Floors of rooms, in Chinese and as others count them."""
